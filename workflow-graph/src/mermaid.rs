//! A graph as a Mermaid flowchart.

use super::scopes::{Spot, lines};
use super::{EdgeKind, Graph, NodeKind, Parent};
use std::fmt;

impl Graph {
    /// The graph as a [Mermaid](https://mermaid.js.org) flowchart, which many
    /// Markdown viewers draw from a code block marked `mermaid`.
    ///
    /// Every kind of node has its own shape. Arms of branches, bodies of `for` and blocks are
    /// subgraphs; an arm's title says how it is chosen. Data flows along solid arrows, `#[after]`
    /// is a dotted one, and thick ones lead from a branch to its arms.
    ///
    /// Viewers refuse text of more than 50,000 characters and more than 500 edges, unless they are
    /// configured for more (`maxTextSize` and `maxEdges`).
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
    /// assert_eq!(
    ///     quadruple::GRAPH.to_mermaid(),
    ///     r#"---
    /// title: "quadruple"
    /// ---
    /// flowchart TB
    ///     i0(["number"])
    ///     n0["twice<br/>double"]
    ///     n1["result<br/>double"]
    ///     i0 --> n0
    ///     n0 --> n1
    /// "#
    /// );
    /// ```
    #[must_use]
    pub fn to_mermaid(&self) -> String {
        Mermaid(self).to_string()
    }
}

/// Displays the graph as the complete text.
struct Mermaid<'a>(&'a Graph);

impl fmt::Display for Mermaid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let graph = self.0;
        writeln!(f, "---\ntitle: {}\n---\nflowchart TB", yaml(graph.name))?;
        if let Some(large) = graph.too_large() {
            return writeln!(f, "    n0[{}]", quoted(&large.to_string()));
        }
        for (input, name) in graph.inputs.iter().enumerate() {
            writeln!(f, "    {}([{}])", Spot::Input(input), quoted(name))?;
        }
        self.write_scope(f, None, "    ")?;

        for edge in graph.drawn_edges() {
            let arrow = match edge.kind {
                EdgeKind::Data => "-->",
                EdgeKind::Order => "-.->",
            };
            for tail in graph.tails(edge.from) {
                writeln!(f, "    {tail} {arrow} {}", Spot::Node(edge.to))?;
            }
        }
        Ok(())
    }
}

impl Mermaid<'_> {
    fn write_scope(
        &self,
        f: &mut fmt::Formatter<'_>,
        parent: Option<Parent>,
        indent: &str,
    ) -> fmt::Result {
        for position in self.0.members(parent) {
            let node = &self.0.nodes[position];
            let scopes = self.0.scopes(position);
            if scopes.is_empty() || self.0.is_branch(position) {
                let (open, close) = brackets(node.kind);
                let label = quoted(&node.label());
                writeln!(f, "{indent}{}{open}{label}{close}", Spot::Node(position))?;
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
        let node = &self.0.nodes[scope.node];
        let (spot, label) = match node.kind {
            NodeKind::Branch { arms } => (Spot::Arm(scope), quoted(arms[scope.arm])),
            _ => (branch, quoted(&node.label())),
        };
        if self.0.is_empty(scope) {
            let (open, close) = brackets(NodeKind::Value);
            writeln!(f, "{indent}{spot}{open}{label}{close}")?;
        } else {
            writeln!(f, "{indent}subgraph {spot}[{label}]")?;
            self.write_scope(f, Some(scope), &format!("{indent}    "))?;
            writeln!(f, "{indent}end")?;
        }
        if spot != branch {
            writeln!(f, "{indent}{branch} ==> {spot}")?;
        }
        Ok(())
    }
}

/// How Mermaid is told a node's shape.
const fn brackets(kind: NodeKind) -> (&'static str, &'static str) {
    match kind {
        NodeKind::Step => ("[", "]"),
        NodeKind::Workflow => ("[[", "]]"),
        NodeKind::Branch { .. } => ("{", "}"),
        NodeKind::FanOut { .. } => ("{{", "}}"),
        NodeKind::Value => ("(", ")"),
        NodeKind::Block => ("[/", "\\]"),
    }
}

/// A label that shows exactly this text.
fn quoted(text: &str) -> String {
    let lines: Vec<_> = lines(text).map(|line| escaped(&line)).collect();
    // Mermaid does not accept an empty label.
    let label = if lines.is_empty() { " ".to_owned() } else { lines.join("<br/>") };
    format!("\"{label}\"")
}

fn escaped(line: &str) -> String {
    let mut out = String::new();
    for c in line.chars() {
        match c {
            '"' => out.push_str("#quot;"),
            '&' => out.push_str("#amp;"),
            '<' => out.push_str("#lt;"),
            '>' => out.push_str("#gt;"),
            // The start of an entity, of a directive and of Markdown.
            '#' => out.push_str("#35;"),
            '%' => out.push_str("#37;"),
            '`' => out.push_str("#96;"),
            c => out.push(c),
        }
    }
    // In a line with one of these words Mermaid mistakes entities for colours.
    out = out.replace("style", "#115;tyle").replace("classDef", "#99;lassDef");
    // Mermaid looks for these after it has decoded the entities (a line break, a formula, an icon,
    // its own marks of an entity), so only a character without a width after the first character
    // keeps them as they are.
    for special in ["\\n", "$", ":fa-", "ﬂ°", "¶ß"] {
        let mut split = special.to_owned();
        split.insert_str(special.chars().next().map_or(0, char::len_utf8), "#8288;");
        out = out.replace(special, &split);
    }
    out
}

/// The text as a string of YAML.
fn yaml(text: &str) -> String {
    let mut out = String::from("\"");
    for c in lines(text).collect::<Vec<_>>().join(" ").chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            // Mermaid rewrites what looks like an HTML tag.
            '<' => out.push_str("\\x3c"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
