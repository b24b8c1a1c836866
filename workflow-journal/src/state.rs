//! How the tables keep the state of a run.
//!
//! Programs of the first version share the tables, and know no state `undo_failed`: for them such a
//! run has failed. That something is left to be undone stands in a column of its own, as the epoch
//! in which the run ended so. Whoever claims the run makes its epoch a higher one, and so resets it
//! without having to know of it.

use crate::StoredState;

/// The state, as an expression over the columns of a run.
pub(crate) const STATE: &str =
    "CASE WHEN state = 'failed' AND undo_failed = epoch THEN 'undo_failed' ELSE state END";

/// What the column `state` has for a run in this state.
pub(crate) fn kept_as(state: StoredState) -> &'static str {
    match state {
        StoredState::UndoFailed => StoredState::Failed.name(),
        other => other.name(),
    }
}

/// Whether a run is in this state, as a condition over its columns. The word stands in the text,
/// and is not a parameter, since only so an index on the runs of one state can be used.
pub(crate) fn is_in(state: StoredState) -> &'static str {
    match state {
        StoredState::Unfinished => "state = 'unfinished'",
        StoredState::Completed => "state = 'completed'",
        StoredState::Failed => "state = 'failed' AND undo_failed IS DISTINCT FROM epoch",
        StoredState::UndoFailed => "state = 'failed' AND undo_failed = epoch",
        StoredState::Cancelled => "state = 'cancelled'",
    }
}
