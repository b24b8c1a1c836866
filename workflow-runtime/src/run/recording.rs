//! What a run asks, and tells, whatever keeps its record.
//!
//! The run does not know what that is: a journal keeps its records in a store, and another engine
//! may run a single step here and the next one elsewhere.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use workflow_journal::{Record, StoreError, StoreFuture, Timestamp};

use crate::graph::Graph;

/// Keeps the record of one run.
///
/// While it is polled, the run asks what is recorded of a step when the step could start, and
/// starts nothing that may not run here. So an engine that runs one step alone, on a different
/// machine than the one before, is a recording that lets nothing else run.
pub(crate) trait Recording: Send + Sync {
    /// What happens to a step that could start.
    fn look_up(&self, step: &Site<'_>) -> LookUp;

    /// Waits until the run is certainly held here, so that a step may start.
    fn poll_held(&self, cx: &Context<'_>) -> Poll<()>;

    /// What is known about the attempts at a step that were cut off or failed in earlier executions
    /// of the run.
    fn attempts_before(&self, step: &Site<'_>) -> Before;

    /// An attempt at a step begins. Nothing in it runs before this is written.
    fn begins(&self, attempt: Record) -> StoreFuture<'static, ()>;

    /// A step has an output. No one sees the output before this is written.
    fn completed(&self, step: &Site<'_>, completion: Record) -> StoreFuture<'static, ()>;

    /// A step has an output that cannot be recorded: the step must not run again.
    fn lost(&self, step: &Site<'_>, problem: Record) -> StoreFuture<'static, ()>;

    /// The current time by the store's clock.
    fn now(&self) -> Timestamp;

    /// Waits until a timer that began at this step, in this execution of the run or in an earlier
    /// one, has lasted this long.
    fn timer(&self, step: &Site<'_>, duration: Duration) -> StoreFuture<'static, ()>;

    /// Waits for a signal whose value `takes` does not refuse. Returns that value as JSON, or
    /// nothing if there is still none when `limit` is over.
    fn signal(
        &self,
        name: &str,
        takes: Takes,
        limit: StoreFuture<'static, ()>,
    ) -> StoreFuture<'static, Option<String>>;

    /// A step that waits for a signal has refused one.
    fn refused(&self, refusal: Record);

    /// A fan-out has these items. Returns where the records of each are, and what to wait for
    /// first.
    fn items(&self, fan_out: &Site<'_>, items: &[Option<Identity>]) -> Items;

    /// The outcome of a plain value, a choice or a scope.
    fn note(&self, path: String, note: Note);

    /// A branch has chosen this arm, and nothing in it has started yet.
    fn chose(&self, branch: &Site<'_>, arm: usize);

    /// A step has failed, for good or before a retry.
    fn failed(&self, failure: Record);

    /// A step has panicked, and the panic propagates.
    fn panicked(&self, failure: Record);

    /// The run is about to be undone, because it has failed. Nothing is undone before this is done.
    fn undoing(&self) -> Option<StoreFuture<'static, ()>>;

    /// The compensation of a step has returned. No earlier step is undone until this is written.
    fn undone(&self, compensation: Record) -> StoreFuture<'static, ()>;

    /// Whether the step with this path has been undone, and has not run since.
    fn is_undone(&self, path: &str) -> bool;

    /// How often the step with this path, or a workflow that it is a part of, has been undone in
    /// earlier executions of the run.
    fn times_undone(&self, path: &str) -> u32;

    /// The run cannot continue; `step` is the path of the step that is the cause, if one is.
    fn stop(&self, step: Option<&str>, why: Stop);

    /// The run's id.
    fn id(&self) -> &str;
}

/// Whether a step that waits accepts this value, given as JSON.
pub(crate) type Takes = Box<dyn Fn(&str) -> bool + Send>;

/// A step of a run.
pub(crate) struct Site<'a> {
    pub(crate) path: &'a Arc<str>,
    pub(crate) graph: &'static Graph,
    pub(crate) node: usize,
    /// The type of its output.
    pub(crate) output: &'static str,
    /// The type of its future, which names its function.
    pub(crate) function: &'static str,
}

/// What happens to a step that could start.
pub(crate) enum LookUp {
    /// It runs.
    Run,
    /// It is recorded, with this output.
    Recorded(Arc<str>),
    /// It does not run here.
    Wait,
}

/// What is known about the attempts at a step in earlier executions of the run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Before {
    /// How many have failed.
    pub(crate) failed: u32,
    /// How many were cut off because their process died.
    pub(crate) cut_off: u32,
    /// How long ago the first one began.
    pub(crate) since: Option<Duration>,
    /// Whether the next one is recorded before it begins. In the first execution of a run it is
    /// not: the death of the process can cut off only one attempt.
    pub(crate) counts: bool,
}

/// The items of a fan-out.
pub(crate) struct Items {
    /// The place of each item in the record.
    pub(crate) places: Vec<usize>,
    /// Writes which items there are, before any of them starts.
    pub(crate) write: Option<StoreFuture<'static, ()>>,
    /// Nothing new starts in them, so their number at once need not be limited: the run is being
    /// undone.
    pub(crate) replays_only: bool,
}

/// Why a run cannot go on.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The store has failed.
    Store(StoreError),
    /// What is recorded cannot be read.
    Unreadable(String),
    /// The step's output cannot be recorded.
    Unrecordable(String),
    /// The process died in this many attempts at the step, and no more are allowed.
    Exhausted(u32),
}

/// What a value is, as a short text: two equal values have the same text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity(String);

impl Identity {
    pub(crate) fn new(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The outcome of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Note {
    /// A plain value, by its identity.
    Value(String),
    /// A branch, which chose this arm.
    Choice(String),
    /// What the chosen arm binds.
    Bound(String),
    /// The value of a branch, block or fan-out.
    Result(String),
    /// The value of a branch, block or fan-out cannot be told.
    Untold,
}

/// The output of a compensation that succeeded.
pub(crate) const UNDONE: &str = "null";

/// An error as it is recorded.
pub(crate) fn as_json(error: &str) -> String {
    serde_json::to_string(error).expect("it is a text")
}
