//! The words that stores use for what a record is about, and for how far a run has got.

use crate::{End, Kind, StoredState};

impl Kind {
    /// All kinds.
    pub const ALL: &[Self] = &[
        Self::Step,
        Self::Items,
        Self::Timer,
        Self::Failure,
        Self::Compensation,
        Self::Attempt,
        Self::Signals,
        Self::Refusal,
        Self::Rerun,
    ];

    /// Its name in a store: `step`, `items`, `timer`, `failure`, `compensation`, `attempt`,
    /// `signals`, `refusal` or `rerun`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Step => "step",
            Self::Items => "items",
            Self::Timer => "timer",
            Self::Failure => "failure",
            Self::Compensation => "compensation",
            Self::Attempt => "attempt",
            Self::Signals => "signals",
            Self::Refusal => "refusal",
            Self::Rerun => "rerun",
        }
    }

    /// The kind with this name; `None` if there is none.
    ///
    /// ```
    /// use workflow_journal::Kind;
    ///
    /// assert_eq!(Kind::from_name("timer"), Some(Kind::Timer));
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}

impl StoredState {
    /// All states.
    pub const ALL: &[Self] =
        &[Self::Unfinished, Self::Completed, Self::Failed, Self::UndoFailed, Self::Cancelled];

    /// Its name in a store: `unfinished`, `completed`, `failed`, `undo_failed` or `cancelled`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Unfinished => "unfinished",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::UndoFailed => "undo_failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state with this name; `None` if there is none.
    ///
    /// ```
    /// use workflow_journal::StoredState;
    ///
    /// assert_eq!(StoredState::from_name("failed"), Some(StoredState::Failed));
    /// ```
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.name() == name)
    }

    /// Whether the run has ended, and accepts nothing more: it has completed or was cancelled. A
    /// run that failed, or that could not be undone, can be resumed.
    #[must_use]
    pub fn is_final(self) -> bool {
        matches!(self, Self::Completed | Self::Cancelled)
    }
}

impl End {
    /// The state of a run with this end.
    #[must_use]
    pub fn state(&self) -> StoredState {
        match self {
            Self::Completed(_) => StoredState::Completed,
            Self::Failed(_) => StoredState::Failed,
            Self::UndoFailed(_) => StoredState::UndoFailed,
            Self::Cancelled => StoredState::Cancelled,
        }
    }

    /// The outcome of a run with this end, as in [`StoredRun::outcome`](crate::StoredRun::outcome).
    #[must_use]
    pub fn outcome(&self) -> Option<&str> {
        match self {
            Self::Completed(text) | Self::Failed(text) | Self::UndoFailed(text) => Some(text),
            Self::Cancelled => None,
        }
    }
}
