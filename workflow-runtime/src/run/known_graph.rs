//! What is found out about a graph once, and then serves all its runs.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::graph::{Graph, Source};

/// What is known about a graph.
pub(crate) struct KnownGraph {
    graph: &'static Graph,
    /// The paths of its nodes, once they have been asked for.
    paths: Box<[OnceLock<Arc<str>>]>,
    /// The steps outside branches, fan-outs and blocks that do not need another step.
    first_steps: Vec<usize>,
}

/// In the order of the graphs' addresses. They are constants of the program, so their number is
/// limited.
static KNOWN: Mutex<Vec<(usize, &'static KnownGraph)>> = Mutex::new(Vec::new());

impl KnownGraph {
    pub(crate) fn of(graph: &'static Graph) -> &'static Self {
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        let address = std::ptr::from_ref(graph).addr();
        match known.binary_search_by_key(&address, |(address, _)| *address) {
            Ok(at) => known[at].1,
            Err(at) => {
                let new: &Self = Box::leak(Box::new(Self::new(graph)));
                known.insert(at, (address, new));
                new
            }
        }
    }

    fn new(graph: &'static Graph) -> Self {
        let nodes = graph.nodes();
        let mut needs = vec![false; nodes.len()];
        for edge in graph.edges().iter().filter(|edge| matches!(edge.from, Source::Node(_))) {
            needs[edge.to] = true;
        }
        let is_first =
            |&at: &usize| nodes[at].is_step() && nodes[at].parent().is_none() && !needs[at];
        Self {
            graph,
            paths: nodes.iter().map(|_| OnceLock::new()).collect(),
            first_steps: (0..nodes.len()).filter(is_first).collect(),
        }
    }

    /// The path of a node in the graph.
    pub(crate) fn path(&self, node: usize) -> Arc<str> {
        let path = || Arc::from(self.graph.nodes()[node].path());
        Arc::clone(self.paths[node].get_or_init(path))
    }

    /// The steps outside branches, fan-outs and blocks that do not need another step.
    pub(crate) fn first_steps(&self) -> &[usize] {
        &self.first_steps
    }
}
