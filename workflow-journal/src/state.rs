//! How the tables keep the state of a run.
//!
//! Programs of the first version share the tables, and do not know the state `undo_failed`: for
//! them such a run has failed. A separate column says that something is left to be undone, by the
//! epoch in which the run ended that way. A process that claims the run increases its epoch, and so
//! resets this without having to know about it.

use crate::StoredState;

/// The state, as an expression over the columns of a run.
pub(crate) const STATE: &str =
    "CASE WHEN state = 'failed' AND undo_failed = epoch THEN 'undo_failed' ELSE state END";

/// What the column `state` holds for a run in this state.
pub(crate) fn kept_as(state: StoredState) -> &'static str {
    match state {
        StoredState::UndoFailed => StoredState::Failed.name(),
        other => other.name(),
    }
}
