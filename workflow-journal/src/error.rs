//! What can go wrong in a store.

use std::error::Error;

/// Why a store could not do what it was asked for. Nothing has been done in that case, except as
/// [`Failed`](Self::Failed) says.
///
/// ```
/// use workflow_journal::StoreError;
///
/// let locked = StoreError::Failed {
///     place: "orders.db".into(),
///     source: "database is locked".into(),
/// };
/// let full = StoreError::Refused {
///     place: "orders.db".into(),
///     source: "database or disk is full".into(),
/// };
/// assert!(locked.is_transient() && !full.is_transient());
/// assert_eq!(full.to_string(), "orders.db failed: database or disk is full");
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The lease that the request was made under is over: the run was taken over by another
    /// process, was released, or has ended.
    #[error(
        "the lease on run `{run}` is over: another process has taken the run over, or it was given up"
    )]
    LeaseLost {
        /// The run's id.
        run: String,
    },
    /// There is no run with this id.
    #[error("there is no run `{run}`")]
    NoSuchRun {
        /// The id.
        run: String,
    },
    /// The run has completed or was cancelled, and accepts nothing more.
    #[error("run `{run}` has ended")]
    Ended {
        /// The run's id.
        run: String,
    },
    /// It is not a journal, or it is one that this version cannot read.
    #[error("{place} cannot be used as a journal: {problem}")]
    Unusable {
        /// The file or the server.
        place: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A record cannot be read.
    #[error("the journal's record of run `{run}`, `{path}`, cannot be read: {problem}")]
    Corrupt {
        /// The run's id.
        run: String,
        /// The step's path; empty for the run's own.
        path: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The file or the server has failed for now: it is locked, busy, restarting, gone, or has not
    /// answered in time. The same request may succeed later.
    ///
    /// Either everything that was asked for has been done, or nothing. If a connection was lost or
    /// an answer did not come in time, it is not known which.
    #[error("{place} failed: {source}")]
    Failed {
        /// The file or the server.
        place: String,
        /// Its own error.
        source: Box<dyn Error + Send + Sync>,
    },
    /// The store cannot do this, and asking again does not help: a text has a character that it
    /// cannot keep, a text is too large, or the disk is full. Nothing has been done.
    #[error("{place} failed: {source}")]
    Refused {
        /// The file or the server.
        place: String,
        /// What is wrong with the request.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl StoreError {
    /// Whether the same request may succeed when it is repeated: only after
    /// [`Failed`](Self::Failed).
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Failed { .. })
    }

    pub(crate) fn lease_lost(run: &str) -> Self {
        Self::LeaseLost { run: run.to_owned() }
    }

    pub(crate) fn no_such_run(run: &str) -> Self {
        Self::NoSuchRun { run: run.to_owned() }
    }

    pub(crate) fn ended(run: &str) -> Self {
        Self::Ended { run: run.to_owned() }
    }
}
