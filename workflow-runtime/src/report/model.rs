//! What a report consists of.

use std::sync::Arc;
use std::time::Duration;

use crate::graph::Node;

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RunState {
    /// It has not ended yet.
    Running,
    /// It returned a value.
    Completed,
    /// It returned an error, or a step in it panicked.
    Failed,
    /// It was dropped before it returned.
    Cancelled,
}

/// How far a step has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StepState {
    /// It has started and has not ended yet.
    Running,
    /// It returned a value.
    Completed,
    /// It returned an error, or it panicked; in that case its `error` is `panicked`.
    Failed,
    /// It will not run: its branch was not chosen, or the workflow failed first.
    Skipped,
    /// It was dropped while it was running.
    Cancelled,
}

/// The totals of a whole run.
///
/// Steps are counted as [`Recorder`](crate::Recorder) lists them: a call of another workflow
/// is a step, and so is each step of that workflow. Attempts and times include only steps that
/// do not call a workflow, so that nothing counts twice.
///
/// With `serde`, durations are milliseconds.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Totals {
    /// Steps that returned a value.
    pub completed: usize,
    /// Steps that returned an error.
    pub failed: usize,
    /// Steps that will not run.
    pub skipped: usize,
    /// Steps that were dropped while they were running.
    pub cancelled: usize,
    /// Steps that have started and have not ended.
    pub running: usize,
    /// Steps that were tried more than once.
    pub retried: usize,
    /// Steps that were undone.
    pub compensated: usize,
    /// Steps that should have been undone and could not be.
    pub not_compensated: usize,
    /// Attempts of all steps, not including those of compensations.
    pub attempts: usize,
    /// From the start of the run to its end, or until now.
    pub wall: Duration,
    /// How long attempts of steps and compensations lasted in total. The waits between attempts
    /// are not included.
    pub busy: Duration,
    /// How many attempts were under way at once, on average: `busy` divided by `wall`. 0 for a
    /// run that took no time.
    pub concurrency: f64,
}

/// One step of a run. Times count from the start of the run.
///
/// With `serde`, durations are milliseconds.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct StepReport {
    /// Its path, such as `pages[3].fetch`.
    pub path: Arc<str>,
    /// The called function as written, if the step belongs to a workflow.
    pub function: Option<&'static str>,
    /// Its declaration, if the step belongs to a workflow.
    pub node: Option<&'static Node>,
    /// Whether it calls a workflow whose steps are in the report as well.
    pub calls_workflow: bool,
    /// How far it has come.
    pub state: StepState,
    /// When it started; `None` if it was skipped.
    pub start: Option<Duration>,
    /// When it ended; `None` if it was skipped or is still running.
    pub end: Option<Duration>,
    /// Every attempt, in order.
    pub attempts: Vec<Attempt>,
    /// Why it failed.
    pub error: Option<String>,
    /// How it was undone, if it had to be.
    pub compensation: Option<Compensation>,
}

/// One attempt of a step or of its compensation. Times count from the start of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// When it started. For the second attempt and later ones, when the announced wait was over.
    pub start: Duration,
    /// When it ended; `None` while it runs.
    pub end: Option<Duration>,
    /// Why it failed.
    pub error: Option<String>,
    /// How long the step waited between this attempt and the next; 0 if none followed.
    pub wait: Duration,
}

/// How a step was undone. Times count from the start of the run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Compensation {
    /// When it started. Nothing is known about a compensation that is still running before its
    /// first attempt fails, so it counts from then.
    pub start: Duration,
    /// When it ended; `None` while it runs.
    pub end: Option<Duration>,
    /// Every attempt, in order.
    pub attempts: Vec<Attempt>,
    /// Why it failed, if it did: what the step has done is then still in effect.
    pub error: Option<String>,
}

impl StepReport {
    /// From its start to its end; `None` for a step that was skipped or is still running.
    #[must_use]
    pub fn duration(&self) -> Option<Duration> {
        Some(self.end?.saturating_sub(self.start?))
    }

    /// How long it waited between its attempts in total.
    #[must_use]
    pub fn waited(&self) -> Duration {
        self.attempts.iter().map(|attempt| attempt.wait).sum()
    }
}
