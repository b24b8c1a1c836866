//! What the pictures share: how nodes nest, and where edges begin and end.

use super::{Edge, Graph, Node, NodeKind, Parent, Source};
use std::fmt;

/// A place in a picture that edges begin or end at. Shown as its id.
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
    /// The positions of what stands directly in `parent`, in the order of the source.
    pub(super) fn members(&self, parent: Option<Parent>) -> impl Iterator<Item = usize> {
        let stands_there = move |&(_, node): &(usize, &Node)| node.parent == parent;
        let nodes = self.nodes.iter().enumerate().filter(stands_there);
        nodes.map(|(position, _)| position)
    }

    /// Whether nothing stands in it.
    pub(super) fn is_empty(&self, scope: Parent) -> bool {
        self.members(Some(scope)).next().is_none()
    }

    /// The scopes that a node holds: a branch has one for each arm, a fan-out or
    /// block one if anything stands in it.
    pub(super) fn scopes(&self, node: usize) -> Vec<Parent> {
        let count = match self.nodes[node].kind {
            NodeKind::Branch { arms } => arms.len(),
            _ => usize::from(!self.is_empty(Parent { node, arm: 0 })),
        };
        (0..count).map(|arm| Parent { node, arm }).collect()
    }

    /// What stands directly in `parent` and is `node` or holds it.
    pub(super) fn lift(&self, mut node: usize, parent: Option<Parent>) -> Option<usize> {
        while self.nodes[node].parent != parent {
            node = self.nodes[node].parent?.node;
        }
        Some(node)
    }

    /// The edges that pictures draw: all but those between a scope and what
    /// stands in it, which nesting shows (and which Mermaid could not lay out).
    pub(super) fn drawn_edges(&self) -> impl Iterator<Item = &'static Edge> {
        self.edges.iter().filter(|edge| match edge.from {
            Source::Input(_) => true,
            Source::Node(from) => !self.holds(from, edge.to) && !self.holds(edge.to, from),
        })
    }

    /// Whether `node` is `scope` or stands in it, at any depth.
    fn holds(&self, scope: usize, node: usize) -> bool {
        self.lift(node, self.nodes[scope].parent) == Some(scope)
    }

    /// Where the edges from a source begin: a branch's leave each of its arms,
    /// since one of them gives its value.
    pub(super) fn tails(&self, from: Source) -> Vec<Spot> {
        match from {
            Source::Input(input) => vec![Spot::Input(input)],
            Source::Node(node) if self.is_branch(node) => {
                self.scopes(node).into_iter().map(Spot::Arm).collect()
            }
            Source::Node(node) => vec![Spot::Node(node)],
        }
    }

    /// Whether it is drawn as a node that leads to its scopes, not as a frame.
    pub(super) fn is_branch(&self, node: usize) -> bool {
        matches!(self.nodes[node].kind, NodeKind::Branch { arms } if !arms.is_empty())
    }

    /// Pairs `(what is needed, what needs it)` of members of `parent`, each for
    /// itself or for something that stands in it.
    pub(super) fn needs(&self, parent: Option<Parent>) -> Vec<(usize, usize)> {
        let pair = |edge: &Edge| match edge.from {
            Source::Input(_) => None,
            Source::Node(from) => Some((self.lift(from, parent)?, self.lift(edge.to, parent)?)),
        };
        let pairs = self.edges.iter().filter_map(pair);
        pairs.filter(|(from, to)| from != to).collect()
    }
}

impl Node {
    /// The second line of its label: what its name does not tell.
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

/// The text's lines without the space around them, and with visible escapes for
/// what neither a terminal nor an SVG file may hold.
pub(super) fn lines(text: &str) -> impl Iterator<Item = String> {
    let unfit = |c: char| c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}');
    let show = move |c: char| match c {
        '\t' => " ".to_owned(),
        c if unfit(c) => c.escape_default().to_string(),
        c => c.to_string(),
    };
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(move |line| line.chars().map(show).collect())
}
