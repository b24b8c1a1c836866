//! A graph drawn for a terminal.

use super::in_order::in_order;
use super::scopes::lines;
use super::{EdgeKind, Graph, Node, NodeKind, Parent, Source};
use std::fmt;

/// Lists of needs are broken where they would pass this column.
const WIDTH: usize = 100;
/// Longer texts do not widen their column for all rows.
const COLUMN: usize = 32;

/// Longer texts are cut.
const LONGEST: usize = 500;

/// One node, without its contents.
struct Row {
    name: String,
    /// The called function, or what else it is.
    what: String,
    needs: String,
}

/// A picture for a terminal; see [Pictures](Graph#pictures).
impl fmt::Display for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.marked(0, &|_| String::new()).fmt(f)
    }
}

impl Graph {
    /// The picture with a mark of `width` columns before the name of each node. `of` returns the
    /// mark of the node at a position.
    #[doc(hidden)]
    pub fn marked<'a>(
        &'a self,
        width: usize,
        of: &'a dyn Fn(usize) -> String,
    ) -> impl fmt::Display + 'a {
        Marked { graph: self, marks: Marks { width, of } }
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
        let inputs: Vec<_> = self.graph.inputs.iter().map(|input| one_line(input)).collect();
        write!(f, "{}({})", one_line(self.graph.name), inputs.join(", "))?;
        match self.graph.too_large() {
            Some(large) => write!(f, "\n└─ {large}"),
            None => Drawing::of(self.graph, &inputs, &self.marks).write_scope(f, None, ""),
        }
    }
}

/// What is known about a graph before it is drawn.
struct Drawing<'a> {
    graph: &'a Graph,
    marks: &'a Marks<'a>,
    /// By node.
    rows: Vec<Row>,
    /// The nodes: in each scope, each after what it needs, and otherwise in source order.
    order: Vec<usize>,
}

impl<'a> Drawing<'a> {
    fn of(graph: &'a Graph, inputs: &[String], marks: &'a Marks<'a>) -> Self {
        let names: Vec<_> = graph.nodes.iter().map(|node| one_line(node.name())).collect();
        let mut sources = vec![(Vec::new(), Vec::new()); graph.nodes.len()];
        for edge in graph.drawn_edges() {
            let (data, order) = &mut sources[edge.to];
            let sources = if edge.kind == EdgeKind::Data { data } else { order };
            sources.push(match edge.from {
                Source::Input(input) => inputs[input].as_str(),
                Source::Node(node) => names[node].as_str(),
            });
        }
        let needs: Vec<_> = sources.iter().map(|(data, order)| needs(data, order)).collect();
        let rows = names.into_iter().zip(needs).zip(graph.nodes);
        let rows = rows.map(|((name, needs), node)| Row { name, what: what(node), needs });
        Self {
            graph,
            marks,
            rows: rows.collect(),
            order: in_order(graph.nodes.len(), &graph.needs()),
        }
    }

    /// Writes the contents of `parent`. Each line begins with a line break and `guide`.
    fn write_scope(
        &self,
        f: &mut fmt::Formatter<'_>,
        parent: Option<Parent>,
        guide: &str,
    ) -> fmt::Result {
        let nodes = self.graph.nodes;
        let members = self.order.iter().copied().filter(|&node| nodes[node].parent == parent);
        let members: Vec<usize> = members.collect();
        let row = |node: &usize| &self.rows[*node];
        let name_width = column_width(members.iter().map(|node| &row(node).name));
        let what_width = column_width(members.iter().map(|node| &row(node).what));

        for (index, &node) in members.iter().enumerate() {
            let (fork, below) = guides(index + 1 == members.len());
            let below = format!("{guide}{below}");
            let scopes = self.graph.scopes(node);

            let Row { name, what, needs } = &self.rows[node];
            let joint = format!("{guide}{fork}");
            let start = format!("{name:name_width$}  {what:what_width$}  ");
            let start_width = width(&joint) + self.marks.width + width(&start);
            let start = format!("{joint}{}{start}", (self.marks.of)(node));
            let needs = wrapped(needs, WIDTH.saturating_sub(start_width));
            let first = needs.first().map_or("", String::as_str);
            write!(f, "\n{}", format!("{start}{first}").trim_end())?;
            for line in needs.iter().skip(1) {
                let trunk = if scopes.is_empty() { "" } else { "│" };
                let start = format!("{below}{trunk}");
                let gap = start_width - width(&start);
                write!(f, "\n{start}{:gap$}{line}", "")?;
            }
            self.write_inner(f, node, &scopes, &below)?;
        }
        Ok(())
    }

    /// Writes the contents of a node: for a branch, arm by arm.
    fn write_inner(
        &self,
        f: &mut fmt::Formatter<'_>,
        node: usize,
        scopes: &[Parent],
        guide: &str,
    ) -> fmt::Result {
        let NodeKind::Branch { arms } = self.graph.nodes[node].kind else {
            return scopes.iter().try_for_each(|scope| self.write_scope(f, Some(*scope), guide));
        };
        for (arm, text) in arms.iter().enumerate() {
            let (fork, below) = guides(arm + 1 == arms.len());
            write!(f, "\n{guide}{fork}{} =>", one_line(text))?;
            let scope = Parent { node, arm };
            self.write_scope(f, Some(scope), &format!("{guide}{below}"))?;
        }
        Ok(())
    }
}

fn needs(data: &[&str], order: &[&str]) -> String {
    let (data, order) = (data.join(", "), order.join(", "));
    match (data.is_empty(), order.is_empty()) {
        (true, true) => String::new(),
        (false, true) => format!("← {data}"),
        (true, false) => format!("after {order}"),
        (false, false) => format!("← {data}; after {order}"),
    }
}

fn what(node: &Node) -> String {
    let detail = || one_line(&node.detail().unwrap_or_default());
    match node.kind {
        NodeKind::Workflow => format!("workflow {}", detail()).trim_end().to_owned(),
        NodeKind::Branch { .. } => "branch".to_owned(),
        NodeKind::Value => "value".to_owned(),
        NodeKind::Block => "block".to_owned(),
        NodeKind::Step | NodeKind::FanOut { .. } => detail(),
    }
}

/// How a node is joined to the trunk on its left, and how the trunk continues below it.
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

/// The text in one line, without its middle if it is longer than any text that is meant to be read.
fn one_line(text: &str) -> String {
    let line = lines(text).collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        None => line,
        Some(_) => {
            let half = |at: Option<(usize, char)>| at.map_or(line.len(), |(at, _)| at);
            let start = &line[..half(line.char_indices().nth(LONGEST / 2))];
            let end = &line[half(line.char_indices().nth_back(LONGEST / 2 - 1))..];
            format!("{start}…{end}")
        }
    }
}
