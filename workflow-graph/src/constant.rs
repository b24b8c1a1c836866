//! Short constructors for the parts of a graph, for generated code.

use super::{Edge, EdgeKind, Node, NodeKind, Parent, Source};

/// `to` needs the input `from`.
#[must_use]
pub const fn needs_input(from: usize, to: usize) -> Edge {
    Edge::new(Source::Input(from), to, EdgeKind::Data)
}

/// `to` needs the value of `from`.
#[must_use]
pub const fn needs(from: usize, to: usize) -> Edge {
    Edge::new(Source::Node(from), to, EdgeKind::Data)
}

/// `to` runs after `from`.
#[must_use]
pub const fn after(from: usize, to: usize) -> Edge {
    Edge::new(Source::Node(from), to, EdgeKind::Order)
}

/// A position inside the arm `arm` of `node`.
#[must_use]
pub const fn inside(node: usize, arm: usize) -> Option<Parent> {
    Some(Parent::new(node, arm))
}

/// A step in the body of a workflow that calls `function`.
#[must_use]
pub const fn calls(
    path: &'static str,
    function: &'static str,
    file: &'static str,
    line: u32,
) -> Node {
    Node::new(path, NodeKind::Step, Some(function), file, line, None)
}
