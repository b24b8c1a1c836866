//! What is in a picture, and where. Each scope is laid out on its own, the innermost first, and
//! then placed as one box.

use super::boxes::{Area, Box, What, leaf};
use super::text::Line;
use crate::layout::{Item, Link, arrange};
use crate::scopes::Spot;
use crate::{EdgeKind, Graph, NodeKind, Parent};

/// The space around what is in a frame.
const FRAME_SPACE: f64 = 14.0;
const FRAME_FONT: f64 = 12.0;
const FRAME_COLUMNS: usize = 48;

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Data,
    Order,
    /// From a branch to one of its arms.
    Arm,
}

/// A line from one spot to another, or its part in one scope.
#[derive(Debug, Clone)]
pub(super) struct Wire {
    pub(super) from: Spot,
    pub(super) to: Spot,
    pub(super) style: Style,
    /// As [`crate::layout::Layout::routes`] has them.
    pub(super) points: Vec<(f64, f64)>,
    /// Whether it begins where a line from outside enters the scope.
    pub(super) enters: bool,
    /// Whether it ends at a box; otherwise it goes on inside of one.
    pub(super) arrow: bool,
}

/// Where a line from outside enters a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Port {
    from: Spot,
    style: Style,
}

/// A scope that has been laid out.
#[derive(Debug, Default)]
struct Inner {
    area: Area,
    ports: Vec<(Port, f64)>,
}

/// What is placed in a scope.
struct Piece {
    spot: Spot,
    inner: Inner,
}

/// A link between pieces, by position, or from a port into one.
#[derive(Clone, Copy, PartialEq)]
struct Joined {
    from: Result<usize, Port>,
    to: usize,
    style: Style,
    /// The port by which it goes on inside of `to`.
    into: Option<Port>,
}

pub(super) fn scene(graph: &Graph) -> Area {
    scope(graph, None).area
}

fn scope(graph: &Graph, parent: Option<Parent>) -> Inner {
    let pieces = pieces(graph, parent);
    let joined = joined(graph, parent, &pieces);
    let mut ports: Vec<Port> = Vec::new();
    for port in joined.iter().filter_map(|link| link.from.err()) {
        if !ports.contains(&port) {
            ports.push(port);
        }
    }

    let mut items: Vec<Item> = pieces.iter().map(|piece| piece.inner.area.item()).collect();
    items.extend(ports.iter().map(|_| Item { first: true, ..Item::default() }));
    let number = |port: Port| ports.iter().position(|other| *other == port).unwrap_or(0);
    let link = |link: &Joined| Link {
        from: link.from.unwrap_or_else(|port| pieces.len() + number(port)),
        to: link.to,
        enters: link.into.and_then(|port| pieces[link.to].inner.enters(port)),
    };
    let layout = arrange(&items, &joined.iter().map(link).collect::<Vec<_>>());

    let mut area = Area { width: layout.width, height: layout.height, ..Area::default() };
    for (link, points) in joined.iter().zip(layout.routes) {
        let from = link.from.map_or_else(|port| port.from, |from| pieces[from].spot);
        let (enters, arrow) = (link.from.is_err(), link.into.is_none());
        let to = pieces[link.to].spot;
        area.wires.push(Wire { from, to, style: link.style, points, enters, arrow });
    }
    let places = layout.corners.iter().skip(pieces.len());
    let ports = ports.iter().zip(places).map(|(port, corner)| (*port, corner.0)).collect();
    for (piece, corner) in pieces.into_iter().zip(layout.corners) {
        area.take(piece.inner.area, corner);
    }
    Inner { area, ports }
}

/// The boxes and frames that stand directly in a scope.
fn pieces(graph: &Graph, parent: Option<Parent>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut add = |spot, inner| pieces.push(Piece { spot, inner });
    let bare = |area| Inner { area, ports: Vec::new() };
    if parent.is_none() {
        for input in 0..graph.inputs.len() {
            add(Spot::Input(input), bare(leaf(graph, What::Input(input))));
        }
    }
    for node in graph.members(parent) {
        let scopes = graph.scopes(node);
        if scopes.is_empty() || graph.is_branch(node) {
            add(Spot::Node(node), bare(leaf(graph, What::Node(node))));
        }
        for inner in scopes {
            let branch = graph.is_branch(node);
            let spot = if branch { Spot::Arm(inner) } else { Spot::Node(node) };
            if graph.is_empty(inner) {
                add(spot, bare(leaf(graph, What::EmptyArm(inner))));
            } else {
                add(spot, framed(graph, inner));
            }
        }
    }
    pieces
}

/// A scope in its frame.
fn framed(graph: &Graph, parent: Parent) -> Inner {
    let Inner { area, ports } = scope(graph, Some(parent));
    let node = &graph.nodes[parent.node];
    let (what, title) = match node.kind {
        NodeKind::Branch { arms } => {
            let title = arms.get(parent.arm).copied().unwrap_or_default();
            (What::Arm(parent), title.to_owned())
        }
        _ => (What::Frame(parent.node), node.label().replace('\n', " — ")),
    };
    let line = Line::new(&title, FRAME_FONT, FRAME_COLUMNS);
    let width = (area.width.max(line.width()) + 2.0 * FRAME_SPACE).ceil();
    let left = (width - area.width) / 2.0;
    let top = line.height() + 1.5 * FRAME_SPACE;
    let height = top + area.height + FRAME_SPACE;
    let frame = Box { x: 0.0, y: 0.0, width, height, what, lines: vec![line], whole: title };
    let mut outer = Area { width, height, ..Area::default() };
    outer.boxes.push(frame);
    outer.take(area, (left, top));
    // What comes from outside comes through the frame.
    for wire in outer.wires.iter_mut().filter(|wire| wire.enters) {
        wire.enters = false;
        wire.points[0].1 = 0.0;
    }
    let ports = ports.into_iter().map(|(port, x)| (port, x + left)).collect();
    Inner { area: outer, ports }
}

/// The links within a scope: all edges with their heads in it, as far as they run there.
fn joined(graph: &Graph, parent: Option<Parent>, pieces: &[Piece]) -> Vec<Joined> {
    let find = |spot: Spot| pieces.iter().position(|piece| piece.spot == spot);
    let mut links = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        if let Spot::Arm(Parent { node, .. }) = piece.spot
            && let Some(from) = find(Spot::Node(node))
        {
            links.push(Joined { from: Ok(from), to: at, style: Style::Arm, into: None });
        }
    }
    for edge in graph.drawn_edges() {
        let style = match edge.kind {
            EdgeKind::Data => Style::Data,
            EdgeKind::Order => Style::Order,
        };
        let head = Spot::Node(edge.to);
        let Some(to) = graph.spot_in(parent, head) else { continue };
        for from in graph.tails(edge.from) {
            let port = Port { from, style };
            let into = (to != head).then_some(port);
            let tail = graph.spot_in(parent, from);
            if tail == Some(to) {
                continue;
            }
            let from = tail.map_or(Some(Err(port)), |tail| find(tail).map(Ok));
            if let (Some(from), Some(to)) = (from, find(to)) {
                let link = Joined { from, to, style, into };
                if !links.contains(&link) {
                    links.push(link);
                }
            }
        }
    }
    links
}

impl Inner {
    /// Where a line from outside enters, counted from the left.
    fn enters(&self, port: Port) -> Option<f64> {
        self.ports.iter().find(|(own, _)| *own == port).map(|&(_, x)| x)
    }
}

impl Graph {
    /// What stands directly in `parent` and is `spot`, or holds it.
    fn spot_in(&self, parent: Option<Parent>, spot: Spot) -> Option<Spot> {
        let mut inner = match spot {
            Spot::Input(_) => return parent.is_none().then_some(spot),
            Spot::Arm(arm) if self.nodes[arm.node].parent == parent => return Some(spot),
            Spot::Node(node) if self.nodes[node].parent == parent => return Some(spot),
            Spot::Arm(Parent { node, .. }) | Spot::Node(node) => self.nodes[node].parent?,
        };
        while self.nodes[inner.node].parent != parent {
            inner = self.nodes[inner.node].parent?;
        }
        Some(if self.is_branch(inner.node) { Spot::Arm(inner) } else { Spot::Node(inner.node) })
    }
}
