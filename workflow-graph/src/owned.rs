//! A graph that owns its texts and can be written as text: what the macros work with.

#[cfg(feature = "read")]
use serde::Deserialize;

use crate::{Edge, EdgeKind, Graph, Node, NodeKind, Parent, Source};

/// The owned form of [`Graph`], without what only the compiler knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "read", derive(Deserialize))]
pub struct OwnedGraph {
    pub name: String,
    pub inputs: Vec<String>,
    pub nodes: Vec<OwnedNode>,
    pub edges: Vec<Edge>,
}

/// The owned form of [`Node`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "read", derive(Deserialize))]
pub struct OwnedNode {
    pub path: String,
    #[cfg_attr(feature = "read", serde(flatten))]
    pub kind: OwnedKind,
    pub function: Option<String>,
    pub parent: Option<Parent>,
}

/// The owned form of [`NodeKind`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "read", derive(Deserialize), serde(tag = "kind", rename_all = "kebab-case"))]
pub enum OwnedKind {
    Step,
    Workflow,
    Branch { arms: Vec<String> },
    FanOut { concurrency: Option<String> },
    Value,
    Block,
}

impl OwnedGraph {
    /// As text: a line for the workflow, and one for each node and edge, with fields separated by
    /// tabs.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut first = vec![self.name.as_str()];
        first.extend(self.inputs.iter().map(String::as_str));
        let mut lines = vec![line(&first)];
        for node in &self.nodes {
            let (word, more) = match &node.kind {
                OwnedKind::Step => ("step", &[][..]),
                OwnedKind::Workflow => ("workflow", &[][..]),
                OwnedKind::Branch { arms } => ("branch", &arms[..]),
                OwnedKind::FanOut { concurrency } => ("fan-out", concurrency.as_slice()),
                OwnedKind::Value => ("value", &[][..]),
                OwnedKind::Block => ("block", &[][..]),
            };
            let parent = node.parent.map(|parent| format!("{} {}", parent.node, parent.arm));
            let parent = parent.unwrap_or_default();
            let function = node.function.as_deref().unwrap_or_default();
            let mut fields = vec![word, &node.path, function, &parent];
            fields.extend(more.iter().map(String::as_str));
            lines.push(line(&fields));
        }
        for edge in &self.edges {
            let word = match edge.kind {
                EdgeKind::Data => "data",
                EdgeKind::Order => "order",
            };
            let (from, place) = match edge.from {
                Source::Input(input) => ("input", input),
                Source::Node(node) => ("node", node),
            };
            lines.push(line(&[word, from, &place.to_string(), &edge.to.to_string()]));
        }
        lines.join("\n")
    }

    /// The graph from its text.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let mut lines = text.split('\n').map(|line| line.split('\t').map(restored));
        let mut first = lines.next()?;
        let mut graph = Self { name: first.next()?, inputs: first.collect(), ..Self::default() };
        for mut fields in lines {
            let word = fields.next()?;
            let kind = match &*word {
                "data" | "order" => {
                    graph.edges.push(edge(&word, fields)?);
                    continue;
                }
                "step" => OwnedKind::Step,
                "workflow" => OwnedKind::Workflow,
                "branch" => OwnedKind::Branch { arms: Vec::new() },
                "fan-out" => OwnedKind::FanOut { concurrency: None },
                "value" => OwnedKind::Value,
                "block" => OwnedKind::Block,
                _ => return None,
            };
            let (path, function) = (fields.next()?, fields.next()?);
            let function = Some(function).filter(|function| !function.is_empty());
            let parent = match fields.next()?.split_once(' ') {
                Some((node, arm)) => {
                    Some(Parent { node: node.parse().ok()?, arm: arm.parse().ok()? })
                }
                None => None,
            };
            let kind = match kind {
                OwnedKind::Branch { .. } => OwnedKind::Branch { arms: fields.collect() },
                OwnedKind::FanOut { .. } => OwnedKind::FanOut { concurrency: fields.next() },
                kind => kind,
            };
            graph.nodes.push(OwnedNode { path, kind, function, parent });
        }
        Some(graph)
    }

    /// Whether all positions are in range and each scope comes before its contents: a graph that
    /// was read from elsewhere must satisfy this before it is drawn.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        let nodes = self.nodes.len();
        self.nodes
            .iter()
            .enumerate()
            .all(|(position, node)| node.parent.is_none_or(|parent| parent.node < position))
            && self.edges.iter().all(|edge| {
                edge.to < nodes
                    && match edge.from {
                        Source::Input(input) => input < self.inputs.len(),
                        Source::Node(node) => node < nodes,
                    }
            })
    }

    /// The graph. Its texts are never freed, so this is for programs that end soon.
    #[must_use]
    pub fn leak(self) -> Graph {
        let nodes = self.nodes.into_iter().map(|node| {
            let kind = match node.kind {
                OwnedKind::Step => NodeKind::Step,
                OwnedKind::Workflow => NodeKind::Workflow,
                OwnedKind::Branch { arms } => NodeKind::Branch { arms: leak_all(arms) },
                OwnedKind::FanOut { concurrency } => {
                    NodeKind::FanOut { concurrency: concurrency.map(leak) }
                }
                OwnedKind::Value => NodeKind::Value,
                OwnedKind::Block => NodeKind::Block,
            };
            Node::new(leak(node.path), kind, node.function.map(leak), "", 0, node.parent)
        });
        let nodes = nodes.collect::<Vec<_>>().leak();
        Graph::new(leak(self.name), leak_all(self.inputs), nodes, self.edges.leak())
    }
}

fn edge(word: &str, mut fields: impl Iterator<Item = String>) -> Option<Edge> {
    let kind = if word == "data" { EdgeKind::Data } else { EdgeKind::Order };
    let from = fields.next()?;
    let place = fields.next()?.parse().ok()?;
    let from = if from == "input" { Source::Input(place) } else { Source::Node(place) };
    Some(Edge::new(from, fields.next()?.parse().ok()?, kind))
}

/// One line of fields.
fn line(fields: &[&str]) -> String {
    let mut line = String::new();
    for (at, field) in fields.iter().enumerate() {
        line.push_str(if at > 0 { "\t" } else { "" });
        for letter in field.chars() {
            match letter {
                '\\' => line.push_str("\\\\"),
                '\t' => line.push_str("\\t"),
                '\n' => line.push_str("\\n"),
                letter => line.push(letter),
            }
        }
    }
    line
}

/// A field in its original form.
fn restored(field: &str) -> String {
    let mut letters = field.chars();
    let mut text = String::new();
    while let Some(letter) = letters.next() {
        text.push(match letter {
            '\\' => match letters.next() {
                Some('t') => '\t',
                Some('n') => '\n',
                _ => '\\',
            },
            letter => letter,
        });
    }
    text
}

fn leak(text: String) -> &'static str {
    text.leak()
}

fn leak_all(texts: Vec<String>) -> &'static [&'static str] {
    texts.into_iter().map(leak).collect::<Vec<_>>().leak()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_again() {
        let node = |path: &str, kind, function: Option<&str>, parent| OwnedNode {
            path: path.to_owned(),
            kind,
            function: function.map(str::to_owned),
            parent,
        };
        let odd = "a\tb\nc\\td\\ e \"".to_owned();
        let within = Some(Parent { node: 1, arm: 2 });
        let edge = Edge::new;
        let graph = OwnedGraph {
            name: odd.clone(),
            inputs: vec![String::new(), odd.clone()],
            nodes: vec![
                node("a", OwnedKind::Step, Some("f::g"), None),
                node("b", OwnedKind::Branch { arms: vec![odd.clone(), String::new()] }, None, None),
                node("b.c", OwnedKind::FanOut { concurrency: Some(odd) }, None, within),
                node("b.d", OwnedKind::FanOut { concurrency: None }, None, within),
                node("e", OwnedKind::Workflow, Some("w"), None),
                node("f", OwnedKind::Value, None, None),
                node("g", OwnedKind::Block, None, None),
            ],
            edges: vec![
                edge(Source::Input(0), 1, EdgeKind::Data),
                edge(Source::Node(1), 5, EdgeKind::Order),
            ],
        };
        assert_eq!(OwnedGraph::from_text(&graph.to_text()), Some(graph));
    }

    #[test]
    fn other_text_is_refused() {
        assert_eq!(OwnedGraph::from_text("a\nb"), None);
        assert_eq!(OwnedGraph::from_text("a\ndata\tinput\tx\t0"), None);
    }
}
