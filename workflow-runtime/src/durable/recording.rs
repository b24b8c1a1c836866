//! What a run asks, and tells, of what keeps its record.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use workflow_journal::{Record, StoreFuture, Timestamp};

use crate::durable::JournalError;
use crate::durable::fingerprint::Fingerprint;
use crate::durable::identity::Identity;
use crate::durable::notes::Note;
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

    /// Writes down what a step came to, or that it begins. Nothing goes on before the future is
    /// done.
    fn write(&self, record: Record) -> StoreFuture<'static, ()>;

    /// The moment by the clock of the store.
    fn now(&self) -> Timestamp;

    /// What stands with the record of the step.
    fn fingerprint(&self, step: &Site<'_>) -> Fingerprint;

    /// When the timer here ends, if it has begun.
    fn timer(&self, step: &Site<'_>) -> Option<Timestamp>;

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

    /// The run cannot go on.
    fn stop(&self, error: JournalError);

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

impl Site<'_> {
    /// What stands before the paths of its scope.
    pub(crate) fn prefix(&self) -> &str {
        let own = self.graph.nodes()[self.node].path();
        // An item's own part of the path is in the prefix of its scope.
        let name = own.rsplit('.').next().unwrap_or(own);
        self.path.strip_suffix(name).unwrap_or_default()
    }

    /// The path of another node, as seen from here: of what stands in the same items, that of
    /// these items.
    pub(crate) fn path_of(&self, node: usize) -> String {
        let nodes = self.graph.nodes();
        let (own, other) = (nodes[self.node].path(), nodes[node].path());
        let depth = own.split('.').count();
        let parts: Vec<&str> = self.path.split('.').collect();
        let (outside, here) = parts.split_at(parts.len().saturating_sub(depth));
        let mut path: Vec<&str> = outside.to_vec();
        let mut same = true;
        let names: Vec<&str> = other.split('.').collect();
        for (at, name) in names.iter().enumerate() {
            let here = here.get(at).filter(|here| without_position(here) == *name);
            same = same && here.is_some() && at + 1 < names.len();
            path.push(here.filter(|_| same).copied().unwrap_or(name));
        }
        path.join(".")
    }
}

impl Site<'_> {
    /// The paths that the step had under its former names, and those of what it stands in.
    pub(crate) fn former_paths(&self) -> Vec<String> {
        let nodes = self.graph.nodes();
        let around = std::iter::successors(Some(self.node), |&node| {
            nodes[node].parent().map(|parent| parent.node)
        });
        let mut around: Vec<usize> = around.collect();
        if around.iter().all(|&node| nodes[node].former_names().is_empty()) {
            return Vec::new();
        }
        around.reverse();
        let parts: Vec<&str> = self.path.split('.').collect();
        let (outside, own) = parts.split_at(parts.len().saturating_sub(around.len()));
        let mut paths = vec![outside.join(".")];
        for (part, &node) in own.iter().zip(&around) {
            let position = &part[without_position(part).len()..];
            let names = nodes[node].former_names().iter().map(|name| format!("{name}{position}"));
            let names: Vec<String> = std::iter::once((*part).to_owned()).chain(names).collect();
            let longer = |path: &String| {
                let dot = if path.is_empty() { "" } else { "." };
                names.iter().map(|name| format!("{path}{dot}{name}")).collect::<Vec<_>>()
            };
            paths = paths.iter().flat_map(longer).collect();
        }
        paths.retain(|path| **path != **self.path);
        paths
    }
}

fn without_position(part: &str) -> &str {
    part.split_once('[').map_or(part, |(name, _)| name)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Node, NodeKind};

    #[test]
    fn the_path_of_another_node_has_the_same_items() {
        static NODES: [Node; 5] = [
            Node::new("key", NodeKind::Value, None, "", 0, None),
            Node::new("pages", NodeKind::FanOut { concurrency: None }, None, "", 0, None),
            Node::new("pages.total", NodeKind::Value, None, "", 0, None),
            Node::new("pages.links", NodeKind::FanOut { concurrency: None }, None, "", 0, None),
            Node::new("pages.links.fetch", NodeKind::Step, None, "", 0, None),
        ];
        static GRAPH: Graph = Graph::new("crawl", &[], &NODES, &[]);
        let path: Arc<str> = "site.pages[3].links[7].fetch".into();
        let site = Site { path: &path, graph: &GRAPH, node: 4, output: "", function: "" };
        assert_eq!(site.path_of(0), "site.key");
        assert_eq!(site.path_of(2), "site.pages[3].total");
        assert_eq!(site.path_of(3), "site.pages[3].links");
        assert_eq!(site.path_of(1), "site.pages");
    }
}
