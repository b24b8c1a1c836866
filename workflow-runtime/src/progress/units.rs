//! Which parts of a graph count as steps of the run.

use std::collections::HashSet;

use crate::graph::{Graph, Node, NodeKind};

/// How many steps of the graph are known before it runs. A fan-out counts as one, whatever its
/// body contains; arms that contain steps with the same path run one of them.
pub(super) fn known(graph: &Graph) -> usize {
    let counts = |node: &&Node| node.is_step() || is_fan_out(node);
    let outside = |node: &&Node| fan_out_around(graph, node).is_none();
    let nodes = graph.nodes().iter().filter(counts).filter(outside);
    nodes.map(Node::path).collect::<HashSet<_>>().len()
}

/// Which path is settled when a step with this path is skipped: its own, or that of the fan-out
/// that contains it, none of whose items will run.
pub(super) fn skipped<'a>(graph: &Graph, node: &Node, path: &'a str) -> &'a str {
    match fan_out_around(graph, node) {
        Some(fan_out) => {
            let inside = node.path().len() - fan_out.path().len();
            &path[..path.len() - inside]
        }
        None => path,
    }
}

/// The outermost fan-out that contains the node.
fn fan_out_around<'a>(graph: &'a Graph, node: &Node) -> Option<&'a Node> {
    let up = |node: &Node| node.parent().map(|parent| &graph.nodes()[parent.node]);
    std::iter::successors(up(node), |node| up(node)).filter(|node| is_fan_out(node)).last()
}

fn is_fan_out(node: &Node) -> bool {
    matches!(node.kind(), NodeKind::FanOut { .. })
}
