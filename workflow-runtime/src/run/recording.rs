//! What a run asks, and tells, of what keeps its record.
//!
//! The run knows nothing of who that is: a journal keeps its records in a store, and another engine
//! can be one that runs a single step here and the next one elsewhere.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use workflow_journal::{Record, StoreError, StoreFuture, Timestamp};

use crate::graph::Graph;

/// Keeps the record of one run.
///
/// While it is polled, the run asks what there is of a step when it could start, and starts
/// nothing that may not run here. So an engine that lets one step run alone, on another machine
/// than the one before, is a recording that lets nothing else.
pub(crate) trait Recording: Send + Sync {
    /// What becomes of a step that could start.
    fn look_up(&self, step: &Site<'_>) -> LookUp;

    /// Waits until the run is certainly held here, so that a step may start.
    fn poll_held(&self, cx: &Context<'_>) -> Poll<()>;

    /// What is known of the attempts at a step that were cut off or have failed in earlier goes.
    fn attempts_before(&self, step: &Site<'_>) -> Before;

    /// An attempt at a step begins. Nothing of it does before this is written.
    fn begins(&self, attempt: Record) -> StoreFuture<'static, ()>;

    /// A step has come to something. Nobody sees it before this is written.
    fn completed(&self, step: &Site<'_>, completion: Record) -> StoreFuture<'static, ()>;

    /// A step has come to something that cannot be recorded: it is not to run again.
    fn lost(&self, step: &Site<'_>, problem: Record) -> StoreFuture<'static, ()>;

    /// The moment by the clock of the store.
    fn now(&self) -> Timestamp;

    /// Waits until a timer that has begun here, in this go at the run or in an earlier one, has
    /// lasted so long.
    fn timer(&self, step: &Site<'_>, duration: Duration) -> StoreFuture<'static, ()>;

    /// Waits for a signal whose value `takes` does not refuse; gives that value as JSON, or nothing
    /// if there is still none when `limit` is over.
    fn signal(
        &self,
        name: &str,
        takes: Takes,
        limit: StoreFuture<'static, ()>,
    ) -> StoreFuture<'static, Option<String>>;

    /// A step that waits for a signal has refused one.
    fn refused(&self, refusal: Record);

    /// A fan-out has these items: where the records of each are, and what to wait for first.
    fn items(&self, fan_out: &Site<'_>, items: &[Option<Identity>]) -> Items;

    /// A plain value, a choice or what a scope comes to has come out like this.
    fn note(&self, path: String, note: Note);

    /// A branch has chosen this arm, and nothing in it has started.
    fn chose(&self, branch: &Site<'_>, arm: usize);

    /// A step has failed, for good or before it is tried again.
    fn failed(&self, failure: Record);

    /// A step has panicked, and the panic goes on.
    fn panicked(&self, failure: Record);

    /// The run is about to be undone, since it has failed. Nothing is before this is done.
    fn undoing(&self) -> Option<StoreFuture<'static, ()>>;

    /// What undoes a step has returned. Nothing before it is undone until this is written.
    fn undone(&self, compensation: Record) -> StoreFuture<'static, ()>;

    /// Whether the step with this path has been undone, and has not run since.
    fn is_undone(&self, path: &str) -> bool;

    /// How often the step with this path, or a workflow that it is a part of, has been undone in
    /// earlier goes at the run.
    fn times_undone(&self, path: &str) -> u32;

    /// The run cannot go on, because of the step with this path if it is one's fault.
    fn stop(&self, step: Option<&str>, why: Stop);

    /// The run's id.
    fn id(&self) -> &str;
}

/// Whether a step that waits takes this value, as JSON.
pub(crate) type Takes = Box<dyn Fn(&str) -> bool + Send>;

/// A step of a run.
pub(crate) struct Site<'a> {
    pub(crate) path: &'a Arc<str>,
    pub(crate) graph: &'static Graph,
    pub(crate) node: usize,
    /// The type of what it comes to.
    pub(crate) output: &'static str,
    /// The type of its future, which names its function.
    pub(crate) function: &'static str,
}

/// What becomes of a step that could start.
pub(crate) enum LookUp {
    /// It runs.
    Run,
    /// It is recorded, with this output.
    Recorded(Arc<str>),
    /// It does not run here.
    Wait,
}

/// Of the attempts at a step in earlier goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Before {
    /// How many have failed.
    pub(crate) failed: u32,
    /// How many were cut off by the death of their process.
    pub(crate) cut_off: u32,
    /// How long ago the first one began.
    pub(crate) since: Option<Duration>,
    /// Whether the next one is written down before it begins. In the first go at a run it is not:
    /// there can be only one that the death of the process cuts off.
    pub(crate) counts: bool,
}

/// The items of a fan-out.
pub(crate) struct Items {
    /// The place of each item in the record.
    pub(crate) places: Vec<usize>,
    /// Which items there are is written before any of them starts.
    pub(crate) write: Option<StoreFuture<'static, ()>>,
    /// Nothing new starts in them, so that there need not be few at once: the run is being undone.
    pub(crate) replays_only: bool,
}

/// Why a run cannot go on.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The store has failed.
    Store(StoreError),
    /// What is recorded cannot be read.
    Unreadable(String),
    /// What the step has come to cannot be recorded.
    Unrecordable(String),
    /// The process has died in so many attempts at the step, and there may be no more.
    Exhausted(u32),
}

/// What a value is, as a short text: two values that are the same have the same one.
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

/// How something came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Note {
    /// A plain value, by its identity.
    Value(String),
    /// A branch, which chose this arm.
    Choice(String),
    /// What the chosen arm binds.
    Bound(String),
    /// What a branch, block or fan-out came to.
    Result(String),
    /// What a branch, block or fan-out came to cannot be told.
    Untold,
}

/// What a compensation that has succeeded came to.
pub(crate) const UNDONE: &str = "null";

/// An error as it is recorded.
pub(crate) fn as_json(error: &str) -> String {
    serde_json::to_string(error).expect("it is a text")
}
