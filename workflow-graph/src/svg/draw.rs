//! Writes a picture.

use super::boxes::{Area, Box, What};
use super::text::{Escaped, Length, Line, one_line};
use super::wire::{Style, Wire};
use crate::limits::TooLarge;
use crate::{Graph, NodeKind, Source};
use std::fmt::{self, Formatter};

/// The space around the whole picture.
const MARGIN: f64 = 12.0;
/// Longer names are cut in the description.
const LONGEST: usize = 500;
const STYLE: &str = include_str!("style.css");

pub(super) struct Picture<'a> {
    pub(super) graph: &'a Graph,
    pub(super) area: Area,
    /// Additional classes of a node.
    pub(super) classes: &'a dyn Fn(usize) -> Option<String>,
}

/// Displays the picture as the complete text.
impl fmt::Display for Picture<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let width = Length((self.area.width + 2.0 * MARGIN).ceil());
        let height = Length((self.area.height + 2.0 * MARGIN).ceil());
        write_start(f, self.graph, &width, &height)?;
        self.write_description(f)?;
        writeln!(f, "<style>\n{STYLE}</style>")?;
        writeln!(f, r#"<rect class="back" width="{width}" height="{height}"/>"#)?;
        writeln!(f, r#"<g transform="translate({MARGIN} {MARGIN})">"#)?;
        // Lines are above frames, and below all text.
        let frame = |it: &&Box| matches!(it.what, What::Arm(_) | What::Frame(_));
        for it in self.area.boxes.iter().filter(frame) {
            self.write_box(f, it, Part::Shape)?;
        }
        for wire in &self.area.wires {
            write_wire(f, wire)?;
        }
        for it in self.area.boxes.iter().filter(frame) {
            self.write_box(f, it, Part::Text)?;
        }
        for it in self.area.boxes.iter().filter(|it| !frame(it)) {
            self.write_box(f, it, Part::Both)?;
        }
        f.write_str("</g>\n</svg>\n")
    }
}

/// Displays, in place of a picture, why there is none.
pub(super) struct Sentence<'a> {
    pub(super) graph: &'a Graph,
    pub(super) large: TooLarge,
}

impl fmt::Display for Sentence<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let line = Line::new(&self.large.to_string(), 13.0, usize::MAX);
        let width = Length((line.width() + 2.0 * MARGIN).ceil());
        let height = Length((line.height() + 2.0 * MARGIN).ceil());
        write_start(f, self.graph, &width, &height)?;
        let (text, baseline) = (Escaped(&line.text), Length(MARGIN + line.height() * 0.76));
        writeln!(f, "<desc>{text}</desc>\n<style>\n{STYLE}</style>")?;
        writeln!(f, r#"<rect class="back" width="{width}" height="{height}"/>"#)?;
        write!(
            f,
            r#"<text class="name" x="{}" y="{baseline}""#,
            Length(line.width() / 2.0 + MARGIN)
        )?;
        writeln!(f, r#" font-size="{}">{text}</text>"#, Length(line.size))?;
        f.write_str("</svg>\n")
    }
}

/// The picture's element, up to its description.
fn write_start(
    f: &mut Formatter<'_>,
    graph: &Graph,
    width: &Length,
    height: &Length,
) -> fmt::Result {
    let name = one_line(graph.name);
    let name = Escaped(&name);
    write!(f, r#"<svg xmlns="http://www.w3.org/2000/svg" class="workflow-graph" role="img""#)?;
    write!(f, r#" aria-label="Graph of {name}" width="{width}" height="{height}""#)?;
    writeln!(f, r#" viewBox="0 0 {width} {height}">"#)?;
    writeln!(f, "<title>{name}</title>")
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Shape,
    Text,
    Both,
}

impl Picture<'_> {
    /// The graph in words.
    fn write_description(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("<desc>")?;
        // Longer names would be repeated as often as they are needed.
        let name = |name: &str| Line::new(name, 0.0, LONGEST).text;
        let inputs: Vec<_> = self.graph.inputs.iter().map(|input| name(input)).collect();
        let nodes: Vec<_> = self.graph.nodes.iter().map(|node| name(node.name())).collect();
        let mut needs = vec![Vec::new(); nodes.len()];
        for edge in self.graph.drawn_edges() {
            needs[edge.to].push(match edge.from {
                Source::Input(input) => inputs[input].as_str(),
                Source::Node(from) => nodes[from].as_str(),
            });
        }
        for (node, needs) in self.graph.nodes.iter().zip(needs) {
            let path = one_line(node.path);
            match &*needs {
                [] => write!(f, "{}. ", Escaped(&path))?,
                needs => write!(f, "{} needs {}. ", Escaped(&path), Escaped(&needs.join(", ")))?,
            }
        }
        f.write_str("</desc>\n")
    }

    fn write_box(&self, f: &mut Formatter<'_>, it: &Box, part: Part) -> fmt::Result {
        let framed = if part == Part::Both { "" } else { " frame" };
        match it.what {
            What::Input(input) => write!(f, r#"<g class="input" data-input="{input}">"#)?,
            What::Node(node) | What::Frame(node) => {
                let kind = class(self.graph.nodes[node].kind);
                write!(f, r#"<g class="node {kind}{framed}"#)?;
                if let Some(more) = (self.classes)(node) {
                    write!(f, " {}", Escaped(&one_line(&more)))?;
                }
                write!(f, r#"" data-node="{node}">"#)?;
            }
            What::Arm(arm) | What::EmptyArm(arm) => {
                let framed = if framed.is_empty() { " empty" } else { framed };
                let (node, arm) = (arm.node, arm.arm);
                write!(f, r#"<g class="arm{framed}" data-branch="{node}" data-arm="{arm}">"#)?;
            }
        }
        write!(f, "<title>{}</title>", Escaped(&one_line(&it.whole)))?;
        if part != Part::Text {
            self.write_shape(f, it)?;
        }
        if part != Part::Shape {
            write_text(f, it, part == Part::Text)?;
        }
        f.write_str("</g>\n")
    }

    fn write_shape(&self, f: &mut Formatter<'_>, it: &Box) -> fmt::Result {
        let (left, top) = (it.x, it.y);
        let (right, bottom) = (it.x + it.width, it.y + it.height);
        let (middle, center) = (it.x + it.width / 2.0, it.y + it.height / 2.0);
        let kind = match it.what {
            What::Node(node) => Some(self.graph.nodes[node].kind),
            _ => None,
        };
        match kind {
            Some(NodeKind::Branch { .. }) => {
                let corners = [(middle, top), (right, center), (middle, bottom), (left, center)];
                return write_polygon(f, &corners);
            }
            Some(NodeKind::FanOut { .. }) => {
                let (inner_left, inner_right) = (left + 14.0, right - 14.0);
                return write_polygon(
                    f,
                    &[
                        (inner_left, top),
                        (inner_right, top),
                        (right, center),
                        (inner_right, bottom),
                        (inner_left, bottom),
                        (left, center),
                    ],
                );
            }
            Some(NodeKind::Block) => {
                let corners =
                    [(left + 12.0, top), (right - 12.0, top), (right, bottom), (left, bottom)];
                return write_polygon(f, &corners);
            }
            _ => {}
        }
        let round = match (kind, it.what) {
            (Some(NodeKind::Value), _) | (None, What::EmptyArm(_)) => 10.0,
            (None, What::Input(_)) => it.height / 2.0,
            (None, _) => 6.0,
            _ => 3.0,
        };
        let (x, y, width, height) =
            (Length(left), Length(top), Length(it.width), Length(it.height));
        write!(f, r#"<rect class="shape" x="{x}" y="{y}" width="{width}" height="{height}""#)?;
        write!(f, r#" rx="{}"/>"#, Length(round))?;
        if kind == Some(NodeKind::Workflow) {
            let (inner_left, inner_right) = (Length(left + 7.0), Length(right - 7.0));
            write!(f, r#"<path d="M{inner_left} {y}v{height}M{inner_right} {y}v{height}"/>"#)?;
        }
        Ok(())
    }
}

fn write_polygon(f: &mut Formatter<'_>, corners: &[(f64, f64)]) -> fmt::Result {
    f.write_str(r#"<polygon class="shape" points=""#)?;
    for (at, corner) in corners.iter().enumerate() {
        let space = if at == 0 { "" } else { " " };
        write!(f, "{space}{},{}", Length(corner.0), Length(corner.1))?;
    }
    f.write_str(r#""/>"#)
}

fn write_text(f: &mut Formatter<'_>, it: &Box, title: bool) -> fmt::Result {
    let height: f64 = it.lines.iter().map(super::text::Line::height).sum();
    let (x, mut y) = if title {
        (it.x + 12.0, it.y + 8.0)
    } else {
        (it.x + it.width / 2.0, it.y + (it.height - height) / 2.0)
    };
    for (at, line) in it.lines.iter().enumerate() {
        if line.text.is_empty() {
            continue;
        }
        let baseline = Length(y + line.height() * 0.76);
        let class = if at == 0 { "name" } else { "detail" };
        write!(f, r#"<text class="{class}" x="{}" y="{baseline}""#, Length(x))?;
        write!(f, r#" font-size="{}">{}</text>"#, Length(line.size), Escaped(&line.text))?;
        y += line.height();
    }
    Ok(())
}

fn write_wire(f: &mut Formatter<'_>, wire: &Wire) -> fmt::Result {
    let style = match wire.style {
        Style::Data => "data",
        Style::Order => "order",
        Style::Arm => "to-arm",
    };
    let (from, to) = (wire.from, wire.to);
    write!(f, r#"<path class="edge {style}" data-from="{from}" data-to="{to}" d=""#)?;
    // The line ends inside the arrow head.
    let end = if wire.arrow { 4.0 } else { 0.0 };
    let mut before: Option<(f64, f64)> = None;
    for (at, &(x, y)) in wire.points.iter().enumerate() {
        let y = if at + 1 == wire.points.len() { y - end } else { y };
        let (to_x, to_y) = (Length(x), Length(y));
        match before {
            None => write!(f, "M{to_x} {to_y}")?,
            Some((from_x, from_y)) if at % 2 == 0 && (from_x - x).abs() > 0.05 => {
                let half = Length(f64::midpoint(from_y, y));
                write!(f, "C{} {half} {to_x} {half} {to_x} {to_y}", Length(from_x))?;
            }
            Some(before) if before == (x, y) => {}
            Some(_) => write!(f, "L{to_x} {to_y}")?,
        }
        before = Some((x, y));
    }
    f.write_str("\"/>\n")?;
    match wire.points.last() {
        Some(&(x, y)) if wire.arrow => {
            let (x, y) = (Length(x), Length(y));
            writeln!(f, r#"<path class="head {style}" d="M{x} {y}l-4 -8h8z"/>"#)
        }
        _ => Ok(()),
    }
}

/// The class by which the style sheet knows a kind.
const fn class(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Step => "step",
        NodeKind::Workflow => "workflow",
        NodeKind::Branch { .. } => "branch",
        NodeKind::FanOut { .. } => "fan-out",
        NodeKind::Value => "value",
        NodeKind::Block => "block",
    }
}
