//! What can go wrong in a store.

use std::error::Error;

/// Why a store could not do what it was asked for. Nothing of it has been done then, except as
/// [`Failed`](Self::Failed) says.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The lease by which this was asked for is over: the run was taken over by another process,
    /// was released, or has ended.
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
    /// The run has completed or was cancelled, and takes no more.
    #[error("run `{run}` has ended")]
    Ended {
        /// The run's id.
        run: String,
    },
    /// What is there is no journal, or one that this version cannot read.
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
    /// The file or the server has failed: it is full, locked or gone, or cannot keep a text.
    ///
    /// All that was asked for has been done, or nothing. If a connection was lost, it is not
    /// known which.
    #[error("{place} failed: {source}")]
    Failed {
        /// The file or the server.
        place: String,
        /// Its own error.
        source: Box<dyn Error + Send + Sync>,
    },
}

impl StoreError {
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
