//! Why a command could not do what it was asked for.

use std::io;

use workflow_journal::StoreError;

#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("there is no journal `{0}`: no such file")]
    NoJournal(String),
    #[error("`{0}` is an empty file, and no journal yet")]
    EmptyJournal(String),
    #[error("there is no run `{run}` in journal `{journal}`")]
    NoRun { run: String, journal: String },
    #[error("run `{run}` in journal `{journal}` {problem}")]
    Refused { run: String, journal: String, problem: String },
    #[error("the value of signal `{name}` for run `{run}` is no JSON: {error}")]
    NoJson { name: String, run: String, error: serde_json::Error },
    #[error("standard input cannot be read: {0}")]
    Input(io::Error),
    #[error("`{path}` cannot be written: {error}")]
    File { path: String, error: io::Error },
    /// The store's own error names the journal.
    #[error(transparent)]
    Store(StoreError),
    #[error("the output cannot be written: {0}")]
    Output(#[from] io::Error),
}
