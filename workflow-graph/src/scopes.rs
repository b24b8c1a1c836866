//! What the pictures share: how nodes nest, and where edges begin and end.

use super::visible::Visible;
use super::{Edge, Graph, Node, NodeKind, Parent, Source};
use std::fmt;

/// A place in a picture where edges begin or end. Displayed as its id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    /// An input: a position in [`Graph::inputs`].
    Input(usize),
    /// A node: a position in [`Graph::nodes`].
    Node(usize),
    /// One arm of a branch.
    Arm(Parent),
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(input) => write!(f, "i{input}"),
            Self::Node(node) => write!(f, "n{node}"),
            Self::Arm(Parent { node, arm }) => write!(f, "n{node}a{arm}"),
        }
    }
}

impl Graph {
    /// The positions of the direct contents of `parent`, in the order of the source.
    pub(super) fn members(&self, parent: Option<Parent>) -> impl Iterator<Item = usize> {
        let stands_there = move |&(_, node): &(usize, &Node)| node.parent == parent;
        let nodes = self.nodes.iter().enumerate().filter(stands_there);
        nodes.map(|(position, _)| position)
    }

    /// Whether it has no contents.
    pub(super) fn is_empty(&self, scope: Parent) -> bool {
        self.members(Some(scope)).next().is_none()
    }

    /// The scopes that a node holds: a branch has one for each arm, a fan-out or block one if it
    /// has any contents.
    pub(super) fn scopes(&self, node: usize) -> Vec<Parent> {
        let count = match self.nodes[node].kind {
            NodeKind::Branch { arms } => arms.len(),
            _ => usize::from(!self.is_empty(Parent { node, arm: 0 })),
        };
        (0..count).map(|arm| Parent { node, arm }).collect()
    }

    /// The node directly in `parent` that is `node` or contains it.
    pub(super) fn lift(&self, mut node: usize, parent: Option<Parent>) -> Option<usize> {
        while self.nodes[node].parent != parent {
            node = self.nodes[node].parent?.node;
        }
        Some(node)
    }

    /// The edges that pictures draw: all but those between a scope and its contents, which nesting
    /// shows (and which Mermaid could not lay out).
    pub(super) fn drawn_edges(&self) -> impl Iterator<Item = &'static Edge> {
        self.edges.iter().filter(|edge| match edge.from {
            Source::Input(_) => true,
            Source::Node(from) => !self.holds(from, edge.to) && !self.holds(edge.to, from),
        })
    }

    /// Whether `node` is `scope` or is inside it, at any depth.
    fn holds(&self, scope: usize, node: usize) -> bool {
        self.lift(node, self.nodes[scope].parent) == Some(scope)
    }

    /// Where the edges from a source begin: those of a branch leave each of its arms, since one of
    /// them provides its value.
    pub(super) fn tails(&self, from: Source) -> Vec<Spot> {
        match from {
            Source::Input(input) => vec![Spot::Input(input)],
            Source::Node(node) if self.is_branch(node) => {
                self.scopes(node).into_iter().map(Spot::Arm).collect()
            }
            Source::Node(node) => vec![Spot::Node(node)],
        }
    }

    /// Whether it is drawn as a node that leads to its scopes, and not as a frame.
    pub(super) fn is_branch(&self, node: usize) -> bool {
        matches!(self.nodes[node].kind, NodeKind::Branch { arms } if !arms.is_empty())
    }

    /// Pairs `(what is needed, what needs it)` of members of the same scope, each for itself or for
    /// something inside it.
    pub(super) fn needs(&self) -> Vec<(usize, usize)> {
        let depths = self.depths();
        let mut needs = Vec::new();
        for edge in self.edges {
            let Source::Node(from) = edge.from else { continue };
            let (from, to) = self.meet(from, edge.to, &depths);
            if from != to {
                needs.push((from, to));
            }
        }
        needs
    }

    /// The members of the innermost scope around both nodes that are these nodes or contain them.
    /// They are the same member if one node contains the other, or one member contains both.
    pub(super) fn meet(&self, a: usize, b: usize, depths: &[usize]) -> (usize, usize) {
        let up = |node: usize| self.nodes[node].parent.map_or(node, |parent| parent.node);
        let (mut a, mut b) = (a, b);
        while depths[a] > depths[b] {
            a = up(a);
        }
        while depths[b] > depths[a] {
            b = up(b);
        }
        while self.nodes[a].parent != self.nodes[b].parent {
            (a, b) = (up(a), up(b));
        }
        (a, b)
    }
}

impl Node {
    /// The second line of its label: what its name does not say.
    pub(super) fn detail(&self) -> Option<String> {
        match self.kind {
            NodeKind::FanOut { concurrency: None } => Some("for each".to_owned()),
            NodeKind::FanOut { concurrency: Some(limit) } => {
                Some(format!("for each, at most {limit} at once"))
            }
            _ => self.function.filter(|function| *function != self.name()).map(str::to_owned),
        }
    }

    /// The lines of its label.
    pub(super) fn label(&self) -> String {
        match self.detail() {
            Some(detail) => format!("{}\n{detail}", self.name()),
            None => self.name().to_owned(),
        }
    }
}

/// The text's lines without the space around them, and with visible escapes for what neither a
/// terminal nor an SVG file may hold, and for what a reader would not see.
pub(super) fn lines(text: &str) -> impl Iterator<Item = String> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| Visible(&line.replace('\t', " ")).to_string())
}
