//! The boxes of a picture: how large each is, and what is written in it.

use super::text::Line;
use super::wire::Wire;
use crate::layout::Item;
use crate::{Graph, NodeKind, Parent};

const NAME_FONT: f64 = 13.0;
const DETAIL_FONT: f64 = 11.0;
/// Longer texts are cut.
const COLUMNS: usize = 32;
/// The same for a diamond, which is twice as wide as its text.
const FEW_COLUMNS: usize = 22;

/// The same for a box with a single line.
const MANY_COLUMNS: usize = 48;

/// The space for each line at a box, and the maximum for all.
const LINE_SPACE: f64 = 7.0;
const MOST_LINES: f64 = 420.0;

/// What a box represents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Input(usize),
    Node(usize),
    /// An arm without contents.
    EmptyArm(Parent),
    /// The frame around an arm.
    Arm(Parent),
    /// The frame around the contents of a fan-out or a block.
    Frame(usize),
}

#[derive(Debug)]
pub(super) struct Box {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) what: What,
    pub(super) lines: Vec<Line>,
    /// The whole text.
    pub(super) whole: String,
}

/// A part of a picture. All positions are relative to its top left corner.
#[derive(Debug, Default)]
pub(super) struct Area {
    pub(super) width: f64,
    pub(super) height: f64,
    /// Where lines may begin and end, in the middle of the width.
    pub(super) spread: f64,
    /// A frame comes before what is in it.
    pub(super) boxes: Vec<Box>,
    pub(super) wires: Vec<Wire>,
}

impl Area {
    pub(super) fn item(&self) -> Item {
        let Self { width, height, spread, .. } = *self;
        Item { width, height, spread, first: false }
    }

    /// Widens a box, within limits, so that this many lines can be distinguished at it.
    pub(super) fn make_room(&mut self, lines: usize) {
        // A diamond has all lines at its tip, and a frame is wide.
        if let ([it], true) = (&mut *self.boxes, self.spread > 0.0) {
            let lines = u32::try_from(lines).unwrap_or(u32::MAX);
            let more = (f64::from(lines) * LINE_SPACE).min(MOST_LINES) - self.spread;
            let more = more.max(0.0).ceil();
            (self.width, self.spread) = (self.width + more, self.spread + more);
            it.width += more;
        }
    }

    /// Adds another area, with its corner at the given position.
    pub(super) fn take(&mut self, other: Self, (left, top): (f64, f64)) {
        for mut it in other.boxes {
            it.x += left;
            it.y += top;
            self.boxes.push(it);
        }
        for mut wire in other.wires {
            for point in &mut wire.points {
                point.0 += left;
                point.1 += top;
            }
            self.wires.push(wire);
        }
    }
}

/// A box that contains only text.
pub(super) fn leaf(graph: &Graph, what: What) -> Area {
    let node = |node: usize| &graph.nodes[node];
    let (name, detail, kind) = match what {
        What::Input(input) => (graph.inputs[input], None, None),
        What::Node(at) | What::Frame(at) => {
            (node(at).name(), node(at).detail(), Some(node(at).kind))
        }
        What::EmptyArm(arm) | What::Arm(arm) => match node(arm.node).kind {
            NodeKind::Branch { arms } => (arms.get(arm.arm).copied().unwrap_or(""), None, None),
            _ => ("", None, None),
        },
    };
    let most = match kind {
        Some(NodeKind::Branch { .. }) => FEW_COLUMNS,
        None => MANY_COLUMNS,
        _ => COLUMNS,
    };
    let mut lines = vec![Line::new(name, NAME_FONT, most)];
    lines.extend(detail.as_ref().map(|detail| Line::new(detail, DETAIL_FONT, most)));
    let text_width = lines.iter().map(Line::width).fold(0.0, f64::max);
    let text_height: f64 = lines.iter().map(Line::height).sum();
    let (width, height, spread) = match kind {
        // The text's corners are on the diamond's sides.
        Some(NodeKind::Branch { .. }) => (text_width * 1.9 + 24.0, text_height * 2.5 + 4.0, 0.0),
        Some(NodeKind::FanOut { .. } | NodeKind::Block) => {
            (text_width + 52.0, text_height + 18.0, text_width)
        }
        Some(NodeKind::Workflow) => (text_width + 36.0, text_height + 18.0, text_width),
        Some(NodeKind::Step | NodeKind::Value) => {
            (text_width + 24.0, text_height + 18.0, text_width)
        }
        None => (text_width + 32.0, text_height + 14.0, text_width),
    };
    let (width, height) = (width.max(56.0).ceil(), height.ceil());
    let whole = match detail {
        Some(detail) => format!("{name}\n{detail}"),
        None => name.to_owned(),
    };
    let it = Box { x: 0.0, y: 0.0, width, height, what, lines, whole };
    Area { width, height, spread, boxes: vec![it], wires: Vec::new() }
}
