//! What an event is about.

use std::sync::Arc;

use crate::graph::Graph;

/// A workflow, a step or an item of one run.
#[derive(Clone)]
pub(crate) struct Subject {
    /// The name of the workflow that reports the event.
    pub(crate) workflow: &'static str,
    pub(crate) graph: Option<&'static Graph>,
    /// Its node in the graph.
    pub(crate) node: Option<usize>,
    pub(crate) path: Arc<str>,
}

impl Subject {
    /// A workflow.
    pub(crate) fn workflow(graph: &'static Graph, path: Arc<str>) -> Self {
        Self { workflow: graph.name(), graph: Some(graph), node: None, path }
    }

    /// A step, a fan-out or an item of one.
    pub(crate) fn node(graph: &'static Graph, node: usize, path: Arc<str>) -> Self {
        Self { node: Some(node), ..Self::workflow(graph, path) }
    }

    /// A step without a workflow around it; its path is its function's name.
    pub(crate) fn single(name: &'static str) -> Self {
        Self { workflow: name, graph: None, node: None, path: Arc::from(name) }
    }
}
