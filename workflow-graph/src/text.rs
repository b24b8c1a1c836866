//! A graph drawn for a terminal.

use super::scopes::lines;
use super::{EdgeKind, Graph, Node, NodeKind, Parent, Source};
use std::fmt;

/// Lists of needs are broken where they would pass this column.
const WIDTH: usize = 100;
/// Longer texts do not widen their column for all rows.
const COLUMN: usize = 32;

/// One node, without what stands in it.
struct Row {
    name: String,
    /// The called function, or what else it is.
    what: String,
    needs: String,
}

/// A picture for a terminal; see [Pictures](Graph#pictures).
impl fmt::Display for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_head(f)?;
        self.write_scope(f, None, "", &Marks { width: 0, of: &|_| String::new() })
    }
}

/// What is written before the name of each node.
struct Marks<'a> {
    /// How many columns each takes, whatever colours it has.
    width: usize,
    of: &'a dyn Fn(usize) -> String,
}

/// A picture with a mark at each node.
struct Marked<'a> {
    graph: &'a Graph,
    marks: Marks<'a>,
}

impl fmt::Display for Marked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.graph.write_head(f)?;
        self.graph.write_scope(f, None, "", &self.marks)
    }
}

impl Graph {
    /// The picture with a mark of so many columns before the name of each node, which is given
    /// by its position.
    #[doc(hidden)]
    pub fn marked<'a>(
        &'a self,
        width: usize,
        of: &'a dyn Fn(usize) -> String,
    ) -> impl fmt::Display + 'a {
        Marked { graph: self, marks: Marks { width, of } }
    }

    fn write_head(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inputs: Vec<_> = self.inputs.iter().map(|input| one_line(input)).collect();
        write!(f, "{}({})", one_line(self.name), inputs.join(", "))
    }

    /// Writes what stands in `parent`. Each line begins with a line break and `guide`.
    fn write_scope(
        &self,
        f: &mut fmt::Formatter<'_>,
        parent: Option<Parent>,
        guide: &str,
        marks: &Marks<'_>,
    ) -> fmt::Result {
        let members = self.in_order(parent);
        let rows: Vec<_> = members.iter().map(|&node| self.row(node)).collect();
        let name_width = column_width(rows.iter().map(|row| &row.name));
        let what_width = column_width(rows.iter().map(|row| &row.what));

        for (index, (&node, row)) in members.iter().zip(&rows).enumerate() {
            let (fork, below) = guides(index + 1 == members.len());
            let below = format!("{guide}{below}");
            let scopes = self.scopes(node);

            let (name, what) = (&row.name, &row.what);
            let joint = format!("{guide}{fork}");
            let start = format!("{name:name_width$}  {what:what_width$}  ");
            let start_width = width(&joint) + marks.width + width(&start);
            let start = format!("{joint}{}{start}", (marks.of)(node));
            let needs = wrapped(&row.needs, WIDTH.saturating_sub(start_width));
            let first = needs.first().map_or("", String::as_str);
            write!(f, "\n{}", format!("{start}{first}").trim_end())?;
            for line in needs.iter().skip(1) {
                let trunk = if scopes.is_empty() { "" } else { "│" };
                let start = format!("{below}{trunk}");
                let gap = start_width - width(&start);
                write!(f, "\n{start}{:gap$}{line}", "")?;
            }
            self.write_inner(f, node, &scopes, &below, marks)?;
        }
        Ok(())
    }

    /// Writes what stands in a node: for a branch, arm by arm.
    fn write_inner(
        &self,
        f: &mut fmt::Formatter<'_>,
        node: usize,
        scopes: &[Parent],
        guide: &str,
        marks: &Marks<'_>,
    ) -> fmt::Result {
        let NodeKind::Branch { arms } = self.nodes[node].kind else {
            return scopes
                .iter()
                .try_for_each(|scope| self.write_scope(f, Some(*scope), guide, marks));
        };
        for (arm, text) in arms.iter().enumerate() {
            let (fork, below) = guides(arm + 1 == arms.len());
            write!(f, "\n{guide}{fork}{} =>", one_line(text))?;
            let scope = Parent { node, arm };
            self.write_scope(f, Some(scope), &format!("{guide}{below}"), marks)?;
        }
        Ok(())
    }

    /// What stands in `parent`, each after what it needs, otherwise as in the source.
    fn in_order(&self, parent: Option<Parent>) -> Vec<usize> {
        let needs = self.needs(parent);
        let mut waiting: Vec<_> = self.members(parent).collect();
        let mut order = Vec::with_capacity(waiting.len());
        let mut done = vec![false; self.nodes.len()];
        while !waiting.is_empty() {
            let ready = |node: &usize| needs.iter().all(|(from, to)| to != node || done[*from]);
            // There always is one: the macro refuses cycles.
            let next = waiting.remove(waiting.iter().position(ready).unwrap_or(0));
            done[next] = true;
            order.push(next);
        }
        order
    }

    fn row(&self, position: usize) -> Row {
        let node = &self.nodes[position];
        let sources = |kind| {
            let edges = self.drawn_edges();
            let edges = edges.filter(move |edge| edge.to == position && edge.kind == kind);
            let names = edges.map(|edge| self.source_name(edge.from));
            names.collect::<Vec<_>>().join(", ")
        };
        let (data, order) = (sources(EdgeKind::Data), sources(EdgeKind::Order));
        let needs = match (data.is_empty(), order.is_empty()) {
            (true, true) => String::new(),
            (false, true) => format!("← {data}"),
            (true, false) => format!("after {order}"),
            (false, false) => format!("← {data}; after {order}"),
        };
        Row { name: one_line(node.name()), what: what(node), needs }
    }

    fn source_name(&self, source: Source) -> String {
        one_line(match source {
            Source::Input(input) => self.inputs[input],
            Source::Node(node) => self.nodes[node].name(),
        })
    }
}

fn what(node: &Node) -> String {
    let detail = one_line(&node.detail().unwrap_or_default());
    match node.kind {
        NodeKind::Workflow => format!("workflow {detail}").trim_end().to_owned(),
        NodeKind::Branch { .. } => "branch".to_owned(),
        NodeKind::Value => "value".to_owned(),
        NodeKind::Block => "block".to_owned(),
        NodeKind::Step | NodeKind::FanOut { .. } => detail,
    }
}

/// How a node is joined to the trunk on its left, and how that goes on below it.
const fn guides(last: bool) -> (&'static str, &'static str) {
    if last { ("└─ ", "   ") } else { ("├─ ", "│  ") }
}

/// Breaks a text into lines of at most `room` columns, where its words allow it.
fn wrapped(text: &str, room: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line) + 1 + width(word) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn column_width<'a>(texts: impl Iterator<Item = &'a String>) -> usize {
    let widths = texts.map(|text| width(text));
    widths.filter(|width| *width <= COLUMN).max().unwrap_or(0)
}

fn width(text: &str) -> usize {
    text.chars().count()
}

fn one_line(text: &str) -> String {
    lines(text).collect::<Vec<_>>().join(" ")
}
