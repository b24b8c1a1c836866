//! What a run reports.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;

use crate::graph::{Graph, Node};

/// One thing that happened in a run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// The id of the run, as passed to `Journal::run`: the same in every process that continues
    /// the run. `None` for a run without a journal.
    pub run_id: Option<Arc<str>>,
    /// The name of the workflow that reports the event; for a sub-workflow, its own name. A
    /// step that runs without a workflow reports its own name here.
    pub workflow: &'static str,
    /// The step's path, such as `decision.freeze_account` or `pages[3].fetch`. The path of a
    /// step in a sub-workflow begins with the path of the step that called the sub-workflow.
    /// Empty for events of the outermost workflow itself.
    pub path: Arc<str>,
    /// The graph of the workflow that reports the event; `None` for a step that runs without a
    /// workflow.
    pub graph: Option<&'static Graph>,
    /// The graph's node that the event belongs to: a position in [`Graph::nodes`]. `None` for
    /// events of the workflow itself.
    pub node: Option<usize>,
    /// What happened.
    pub kind: EventKind,
    /// When it happened, on the monotonic clock that `tokio::time` uses: it stands still
    /// while a test has paused time.
    pub at: Instant,
    /// When it happened, on the wall clock, whose last reading is at most 10 ms old.
    pub wall: SystemTime,
}

impl Event {
    /// The declaration that the event belongs to; `None` for events of the workflow itself, and
    /// for a step that runs without a workflow. All items of a fan-out share the same nodes.
    #[must_use]
    pub fn declaration(&self) -> Option<&'static Node> {
        self.graph?.nodes().get(self.node?)
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventKind {
    /// A workflow was polled for the first time.
    WorkflowStarted,
    /// A workflow returned.
    WorkflowFinished {
        /// From its start to its end.
        duration: Duration,
        /// The error as text, if it returned one.
        error: Option<String>,
    },
    /// A workflow was dropped before it returned.
    WorkflowCancelled,
    /// A fan-out has its items and starts. The path is that of the fan-out, such as `pages`.
    FanOutStarted {
        /// How many there are, if the iterator knows the exact number.
        items: Option<usize>,
    },
    /// The body of one item of a fan-out has returned. The path is the item's, such as
    /// `pages[3]`.
    ItemFinished {
        /// From the start of the item to its end.
        duration: Duration,
    },
    /// A step was polled for the first time.
    Started,
    /// An attempt of a step failed, and the step will try again.
    Retrying {
        /// The attempt that failed, counted from 1.
        attempt: u32,
        /// The wait before the next attempt.
        delay: Duration,
        /// The error as text, as in [`Failed`](EventKind::Failed).
        error: String,
    },
    /// A step that waits for a signal was sent one that it cannot read. It keeps waiting.
    SignalRefused {
        /// The signal's name.
        signal: String,
        /// Why its value cannot be read.
        error: String,
    },
    /// A step returned a value.
    Completed {
        /// From its start to its end.
        duration: Duration,
        /// How many times it was tried, counted from 1.
        attempts: u32,
    },
    /// A step did not run again: its output is in the journal.
    Replayed,
    /// A step returned an error.
    Failed {
        /// From its start to its end.
        duration: Duration,
        /// How many times it was tried, counted from 1.
        attempts: u32,
        /// The error as text: its `Display`, or else its `Debug`, or else its type.
        error: String,
        /// Whether another attempt might succeed, according to [`Transient`](crate::Transient)
        /// or the step's `when = …`. A time-out counts as retryable. `false` if neither says
        /// anything.
        retryable: bool,
    },
    /// The code of a step panicked. The panic propagates to the code that awaits the run, and on
    /// its way cancels whatever runs beside the step. If a step panics in a sub-workflow, the
    /// step that calls the sub-workflow has an event of this kind, too.
    Panicked {
        /// From its start to the panic.
        duration: Duration,
        /// How many times it was tried, counted from 1.
        attempts: u32,
    },
    /// A completed step has been undone by its `#[compensate]`, because the workflow failed or was
    /// cancelled, or its time was up.
    Compensated {
        /// From the start of the compensation to its end.
        duration: Duration,
        /// How many times the compensation was tried, counted from 1.
        attempts: u32,
    },
    /// A completed step could not be undone: what it did is still in effect. The workflow's own
    /// error and the other compensations are not affected.
    CompensationFailed {
        /// From the start of the compensation to its end.
        duration: Duration,
        /// How many times the compensation was tried, counted from 1.
        attempts: u32,
        /// The compensation's error as text: its `Display`, or else its `Debug`, or else its
        /// type; `panicked` if it panicked.
        error: String,
    },
    /// A step will not run: its branch was not chosen, or the workflow failed first.
    Skipped,
    /// A step was dropped while it was running.
    Cancelled,
}
