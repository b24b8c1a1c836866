//! Where a recorded step is in the graph of a run's own workflow.

use std::sync::Arc;

use crate::durable::changes::is_called;
use crate::durable::fingerprint::Fingerprint;
use crate::graph::Graph;
use crate::graph::path::StepPath;
use crate::run::Site;

/// A recorded step, and the node that it belongs to.
pub(super) struct Place {
    pub(super) path: Arc<str>,
    /// The step, or the call of the workflow that contains it; `None` if the workflow no longer has
    /// it.
    pub(super) node: Option<usize>,
    /// The path of that node, with the positions of items.
    of_node: Arc<str>,
}

impl Place {
    /// The place of a step with this path, recorded with this fingerprint.
    pub(super) fn of(graph: &Graph, path: &str, fingerprint: &str) -> Self {
        let parts: Vec<_> = StepPath(path).parts().collect();
        let names: Vec<_> = StepPath(path).names().collect();
        let nodes = graph.nodes();
        let found = (1..=names.len()).rev().find_map(|depth| {
            let is_it =
                |&node: &usize| nodes[node].is_step() && is_called(graph, node, &names[..depth]);
            // Two arms of a branch can have steps with the same path.
            let all: Vec<_> = (0..nodes.len()).filter(is_it).collect();
            let before = Fingerprint::read(fingerprint).filter(|_| all.len() > 1);
            let is_same =
                |node: &usize| before.as_ref().is_some_and(|before| before.needs_as(graph, *node));
            let node = all.iter().copied().find(is_same).or(all.first().copied())?;
            Some((node, parts[..depth].join(".")))
        });
        let (node, of_node) =
            found.map_or((None, String::new()), |(node, path)| (Some(node), path));
        Self { path: path.into(), node, of_node: of_node.into() }
    }

    pub(super) fn site(&self, graph: &'static Graph) -> Option<Site<'_>> {
        Some(Site { path: &self.of_node, graph, node: self.node?, output: "", function: "" })
    }

    /// Whether this is its path, or one around it.
    pub(super) fn is_in(&self, step: &str) -> bool {
        let declared = StepPath(&self.path).declared();
        StepPath(&self.path)
            .with_around()
            .chain(StepPath(&declared).with_around())
            .any(|path| path == step)
    }
}
