//! What a run asks, and tells, of whoever keeps its record.

use std::sync::Arc;

use workflow_journal::{Record, StoreFuture, Timestamp};

use crate::durable::JournalError;
use crate::graph::Graph;

/// Keeps the record of one run.
///
/// While it is polled, the run asks what there is of a step when it could start, and starts
/// nothing that may not run here. So an engine that lets one step run alone, on another machine
/// than the one before, is a recording that lets nothing else.
pub(crate) trait Recording: Send + Sync {
    /// What becomes of a step that could start.
    fn look_up(&self, step: &Site<'_>) -> LookUp;

    /// Writes down what a step came to. Nobody sees that before the future is done.
    fn write(&self, record: Record) -> StoreFuture<'static, ()>;

    /// When the timer here ends, if it has begun.
    fn timer(&self, step: &Site<'_>) -> Option<Timestamp>;

    /// Waits for a signal; gives its value as JSON, or nothing if there is still none when
    /// `limit` is over.
    fn signal(
        &self,
        name: &str,
        limit: StoreFuture<'static, ()>,
    ) -> StoreFuture<'static, Option<String>>;

    /// A fan-out has so many items.
    fn fan_out(&self, fan_out: &Site<'_>, items: usize);

    /// A step has failed, for good or before it is tried again.
    fn failed(&self, failure: Record);

    /// The run is about to be undone, since it has failed. Nothing is before this is done.
    fn undoing(&self) -> Option<StoreFuture<'static, ()>>;

    /// What undoes a step has returned. Nothing before it is undone until this is written.
    fn undone(&self, compensation: Record) -> StoreFuture<'static, ()>;

    /// How often the step with this path has been undone in earlier goes at the run.
    fn times_undone(&self, path: &str) -> u32;

    /// The run cannot go on.
    fn stop(&self, error: JournalError);

    /// The run's id.
    fn id(&self) -> &str;
}

/// A step of a run.
pub(crate) struct Site<'a> {
    pub(crate) path: &'a Arc<str>,
    pub(crate) graph: &'static Graph,
    pub(crate) node: usize,
    /// The type of what it comes to.
    pub(crate) output: &'static str,
}

impl Site<'_> {
    /// What stands before the paths of its scope.
    pub(crate) fn prefix(&self) -> &str {
        let own = self.graph.nodes()[self.node].path();
        // An item's own part of the path is in the prefix of its scope.
        let name = own.rsplit('.').next().unwrap_or(own);
        self.path.strip_suffix(name).unwrap_or_default()
    }
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
