use std::{fmt, sync::Arc, time::Duration};

/// Something that somebody should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// The workflow's name.
    pub workflow: &'static str,
    /// The id of a durable run.
    pub run_id: Option<Arc<str>>,
    /// The step's path.
    pub step: Arc<str>,
    /// What is the matter.
    pub problem: Problem,
}

/// What is the matter with a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// It has taken its limit, and runs on.
    StillRuns {
        /// The limit.
        limit: Duration,
    },
    /// It has taken longer than its limit, and is over.
    WasSlow {
        /// How long it took.
        took: Duration,
        /// Whether it failed.
        failed: bool,
    },
    /// It is tried again and again.
    KeepsFailing {
        /// How many attempts have failed.
        attempts: u32,
        /// The last error.
        error: String,
    },
    /// What it did could not be undone: this needs a person.
    NotUndone {
        /// Why.
        error: String,
    },
    /// There were more of a kind than anybody wants to read.
    More {
        /// How many were left out.
        alerts: u64,
    },
}

impl fmt::Display for Alert {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { workflow, run_id, step, problem } = self;
        let kind = if let Problem::NotUndone { .. } = problem { "PAGE" } else { "warn" };
        write!(f, "{kind}  {workflow}")?;
        if let Some(run_id) = run_id {
            write!(f, " {run_id}")?;
        }
        write!(f, ": `{step}` ")?;
        match problem {
            Problem::StillRuns { limit } => write!(f, "runs for more than {limit:?}"),
            Problem::WasSlow { took, failed } => {
                let how = if *failed { "failed" } else { "completed" };
                write!(f, "{how} at last, after {} ms", took.as_millis())
            }
            Problem::KeepsFailing { attempts, error } => {
                write!(f, "has failed {attempts} times: {error}")
            }
            Problem::NotUndone { error } => {
                write!(f, "could not be undone: {error}; this needs a person")
            }
            Problem::More { alerts } => write!(f, "and others: {alerts} more alerts like these"),
        }
    }
}
