//! Short constructors for the parts of a graph, for generated code.

use super::{Edge, EdgeKind, Parent, Source};

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
