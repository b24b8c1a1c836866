//! What a process is told to do, and what it answers.

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{Cart, Strike, Token, When};

/// What a process has to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Task {
    /// Where the journal and the log are.
    pub folder: PathBuf,
    /// The ids of the runs to take up, all at the same time.
    pub runs: Vec<String>,
    /// What is ordered in each run.
    pub cart: Cart,
    /// Whether the shop sells.
    pub sells: bool,
    /// The path of a step that fails.
    pub fails: Option<String>,
    /// Whether it is a rush order.
    pub rush: bool,
    /// At which call of the store that writes the run is asked to be cancelled, counted from 1.
    pub cancel: Option<usize>,
    /// For how long at most each answer of the store is held up. How long it is differs.
    pub late: Duration,
    /// How long a lease lasts.
    pub lease: Duration,
    /// What happens to the process, and when.
    pub strike: Option<(Strike, When)>,
    /// How the process ends in good order while its runs go on, and after how many calls of the
    /// store that write.
    pub leave: Option<(Leave, usize)>,
}

/// How a process ends while its runs go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Leave {
    /// `main` returns.
    Return,
    /// It closes the journal first.
    Close,
}

impl Task {
    /// The file of the journal.
    #[must_use]
    pub fn journal(&self) -> PathBuf {
        Path::join(&self.folder, "orders.db")
    }

    /// The log that the steps write.
    #[must_use]
    pub fn log(&self) -> PathBuf {
        Path::join(&self.folder, "log")
    }
}

/// How a run has ended in a process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// The run's id.
    pub run: String,
    /// What it came to, or its error.
    pub result: Result<Token, String>,
    /// How many calls of the store there were that write, of all runs so far.
    pub calls: usize,
}
