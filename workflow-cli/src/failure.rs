//! Why a command could not do what it was asked for.

use std::io;

use workflow_journal::StoreError;

use crate::shown::Text;

/// Shown on one line, with texts from elsewhere as [`Text`] shows them.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("there is no journal `{0}`: no such file")]
    NoJournal(Text),
    #[error("`{0}` is an empty file, and no journal yet")]
    EmptyJournal(Text),
    #[error("there is no run `{run}` in journal `{journal}`")]
    NoRun { run: Text, journal: Text },
    #[error("run `{run}` in journal `{journal}` {problem}")]
    Refused { run: Text, journal: Text, problem: String },
    #[error("the value of signal `{name}` for run `{run}` is no JSON: {error}")]
    NoJson { name: Text, run: Text, error: serde_json::Error },
    #[error("standard input cannot be read: {0}")]
    Input(io::Error),
    #[error("`{path}` cannot be written: {error}")]
    File { path: Text, error: io::Error },
    /// Everything else has been shown.
    #[error("{what} in journal `{journal}` cannot be read")]
    Unreadable { what: String, journal: Text },
    /// The store's own error, which names the journal.
    #[error("{0}")]
    Store(Text),
    #[error("the output cannot be written: {0}")]
    Output(#[from] io::Error),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error.to_string().into())
    }
}
