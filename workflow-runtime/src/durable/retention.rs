//! For how long runs that have ended are kept.

use std::time::Duration;

use workflow_journal::StoredState;

use crate::durable::IntoDuration;

/// For how long a journal keeps runs that have ended, in each of the ways in which they can end:
/// for [`Journal::sweep`](crate::Journal::sweep). What is not said is kept for ever, and so is a run
/// that is unfinished, or that could not be undone.
///
/// The age of a run is the time since it ended.
///
/// ```
/// use workflow_runtime::Retention;
///
/// let retention = Retention::completed("30d").cancelled("30d").failed("365d");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    kept: Vec<(StoredState, Duration)>,
}

impl Retention {
    /// Keeps completed runs for this long, and all others for ever.
    ///
    /// # Panics
    ///
    /// If a text is not a duration.
    ///
    /// # Example
    ///
    /// See [`Retention`].
    #[must_use]
    pub fn completed(time: impl IntoDuration) -> Self {
        Self { kept: vec![(StoredState::Completed, time.into_duration())] }
    }

    /// Keeps failed runs for this long.
    ///
    /// A failed run could be retried until then.
    ///
    /// # Panics
    ///
    /// If a text is not a duration.
    ///
    /// # Example
    ///
    /// See [`Retention`].
    #[must_use]
    pub fn failed(self, time: impl IntoDuration) -> Self {
        self.with(StoredState::Failed, time.into_duration())
    }

    /// Keeps cancelled runs for this long.
    ///
    /// # Panics
    ///
    /// If a text is not a duration.
    ///
    /// # Example
    ///
    /// See [`Retention`].
    #[must_use]
    pub fn cancelled(self, time: impl IntoDuration) -> Self {
        self.with(StoredState::Cancelled, time.into_duration())
    }

    fn with(mut self, state: StoredState, time: Duration) -> Self {
        self.kept.retain(|(of, _)| *of != state);
        self.kept.push((state, time));
        self
    }

    /// The states of which runs are deleted, each with their age.
    pub(super) fn kept(&self) -> &[(StoredState, Duration)] {
        &self.kept
    }
}
