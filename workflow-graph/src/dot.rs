//! A graph in Graphviz's language.

use super::scopes::{Spot, lines};
use super::{EdgeKind, Graph, NodeKind, Parent, Source};
use std::fmt;

/// The same in every picture. `compound` lets edges end at clusters.
const HEADER: &str = r##"    compound=true
    graph [labelloc=t, labeljust=l, style=rounded, color="#8a94a6", fontname="Helvetica"]
    node [shape=box, style=filled, fillcolor="#f1f4f9", color="#3b475e", fontname="Helvetica"]
    edge [color="#3b475e"]
"##;

impl Graph {
    /// The graph in the DOT language of [Graphviz](https://graphviz.org). Written to a file, it can
    /// be drawn by `dot -Tsvg`.
    ///
    /// Every kind of node has its own shape, and its place in the source as the tooltip. Arms of
    /// branches, bodies of `for` and blocks are clusters; an arm's title says how it is chosen.
    /// Data flows along solid arrows, `#[after]` is a dashed one, and bold ones lead from a branch
    /// to its arms.
    ///
    /// ```
    /// # use workflow_runtime::{step, workflow};
    /// # #[step]
    /// # async fn double(number: u32) -> u32 { number * 2 }
    /// # workflow! {
    /// #     async fn quadruple(number: u32) -> u32 {
    /// #         let twice = double(number).await;
    /// #         let result = double(twice).await;
    /// #         result
    /// #     }
    /// # }
    /// let dot = quadruple::GRAPH.to_dot();
    /// assert!(dot.starts_with("digraph"));
    /// assert!(dot.contains("n0 -> n1"));
    /// ```
    #[must_use]
    pub fn to_dot(&self) -> String {
        let (mut needed, mut needs) =
            (vec![false; self.nodes.len()], vec![false; self.nodes.len()]);
        for (from, to) in self.needs() {
            (needed[from], needs[to]) = (true, true);
        }
        Dot { graph: self, needed, needs }.to_string()
    }
}

/// Displays the graph as the complete text.
struct Dot<'a> {
    graph: &'a Graph,
    /// Whether each node is needed by another one in its scope.
    needed: Vec<bool>,
    /// Whether each node needs another one in its scope.
    needs: Vec<bool>,
}

impl fmt::Display for Dot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let graph = self.graph;
        writeln!(f, "digraph workflow {{\n    label={}", quoted(graph.name))?;
        f.write_str(HEADER)?;
        if let Some(large) = graph.too_large() {
            return writeln!(f, "    n0 [label={}]\n}}", quoted(&large.to_string()));
        }
        for (input, name) in graph.inputs.iter().enumerate() {
            let (spot, label) = (Spot::Input(input), quoted(name));
            writeln!(f, "    {spot} [label={label}, shape=oval, fillcolor=white]")?;
        }
        self.write_scope(f, None, "    ")?;

        for edge in graph.drawn_edges() {
            let style = match edge.kind {
                EdgeKind::Data => "solid",
                EdgeKind::Order => "dashed",
            };
            for tail in graph.tails(edge.from) {
                self.write_edge(f, "    ", (tail, Spot::Node(edge.to)), style)?;
            }
        }
        f.write_str("}\n")
    }
}

impl Dot<'_> {
    fn write_scope(
        &self,
        f: &mut fmt::Formatter<'_>,
        parent: Option<Parent>,
        indent: &str,
    ) -> fmt::Result {
        for position in self.graph.members(parent) {
            let node = &self.graph.nodes[position];
            let scopes = self.graph.scopes(position);
            if scopes.is_empty() || self.graph.is_branch(position) {
                let label = quoted(&node.label());
                let shape = shape(node.kind);
                let place = quoted(&format!("{}\n{}:{}", node.path, node.file, node.line));
                let spot = Spot::Node(position);
                writeln!(f, "{indent}{spot} [label={label}, {shape}, tooltip={place}]")?;
            }
            for scope in scopes {
                self.write_inner(f, scope, indent)?;
            }
        }
        Ok(())
    }

    /// Writes an arm of a branch, or the body of something else.
    fn write_inner(&self, f: &mut fmt::Formatter<'_>, scope: Parent, indent: &str) -> fmt::Result {
        let branch = Spot::Node(scope.node);
        let node = &self.graph.nodes[scope.node];
        let (spot, label) = match node.kind {
            NodeKind::Branch { arms } => (Spot::Arm(scope), quoted(arms[scope.arm])),
            _ => (branch, quoted(&node.label())),
        };
        if self.graph.is_empty(scope) {
            let shape = shape(NodeKind::Value);
            writeln!(f, "{indent}{spot} [label={label}, {shape}, tooltip={label}]")?;
        } else {
            writeln!(f, "{indent}subgraph cluster_{spot} {{")?;
            writeln!(f, "{indent}    label={label}")?;
            self.write_scope(f, Some(scope), &format!("{indent}    "))?;
            writeln!(f, "{indent}}}")?;
        }
        if spot != branch {
            self.write_edge(f, indent, (branch, spot), "bold")?;
        }
        Ok(())
    }

    /// Graphviz draws edges between nodes only, and cuts them at a cluster's border if told to. So
    /// an edge of a cluster becomes an edge of each node that the cluster begins or ends with, all
    /// but one of them invisible: they keep the cluster above or below.
    fn write_edge(
        &self,
        f: &mut fmt::Formatter<'_>,
        indent: &str,
        (tail, head): (Spot, Spot),
        style: &str,
    ) -> fmt::Result {
        let cut = |end, spot| self.cluster(spot).map(|_| format!(", {end}=cluster_{spot}"));
        let cut_tail = cut("ltail", tail).unwrap_or_default();
        let cut_head = cut("lhead", head).unwrap_or_default();
        let mut attributes = format!("style={style}{cut_tail}{cut_head}");
        for from in self.anchors(tail, Side::Last) {
            for to in self.anchors(head, Side::First) {
                writeln!(f, "{indent}{from} -> {to} [{attributes}]")?;
                "style=invis".clone_into(&mut attributes);
            }
        }
        Ok(())
    }

    /// The scope that is drawn as a cluster at this spot.
    fn cluster(&self, spot: Spot) -> Option<Parent> {
        let scope = match spot {
            Spot::Input(_) => None,
            Spot::Node(node) if self.graph.is_branch(node) => None,
            Spot::Node(node) => Some(Parent { node, arm: 0 }),
            Spot::Arm(scope) => Some(scope),
        };
        scope.filter(|scope| !self.graph.is_empty(*scope))
    }

    /// The nodes that represent a spot: itself, or the first or last of its cluster.
    fn anchors(&self, spot: Spot, side: Side) -> Vec<Spot> {
        let Some(scope) = self.cluster(spot) else {
            return vec![spot];
        };
        let inner = match side {
            Side::First => &self.needs,
            Side::Last => &self.needed,
        };
        let mut anchors = Vec::new();
        for member in self.graph.members(Some(scope)).filter(|&member| !inner[member]) {
            let spots = match side {
                Side::First => vec![Spot::Node(member)],
                Side::Last => self.graph.tails(Source::Node(member)),
            };
            for spot in spots {
                anchors.extend(self.anchors(spot, side));
            }
        }
        anchors
    }
}

#[derive(Clone, Copy)]
enum Side {
    First,
    Last,
}

/// How Graphviz is told a node's shape.
const fn shape(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Step => "shape=box",
        NodeKind::Workflow => "shape=box, peripheries=2",
        NodeKind::Branch { .. } => "shape=diamond",
        NodeKind::FanOut { .. } => "shape=hexagon",
        NodeKind::Value => "shape=box, style=\"rounded,filled\"",
        NodeKind::Block => "shape=folder",
    }
}

/// A label that shows exactly this text.
fn quoted(text: &str) -> String {
    let escaped = |line: String| {
        let line = line.replace('\\', "\\\\").replace('"', "\\\"");
        // Graphviz decodes HTML entities.
        line.replace('&', "&amp;")
    };
    let lines: Vec<_> = lines(text).map(escaped).collect();
    format!("\"{}\"", lines.join("\\n"))
}
