//! What is in a picture, and where. Each scope is laid out separately, the innermost first, and
//! then placed as one box.

use super::boxes::{Area, Box, What, leaf};
use super::text::Line;
use super::wire::{Style, Wire};
use crate::layout::{Connector, Item, arrange, sort};
use crate::limits::TooLarge;
use crate::scopes::Spot;
use crate::{Edge, EdgeKind, Graph, NodeKind, Parent, Source};

/// The space around the contents of a frame.
const FRAME_SPACE: f64 = 14.0;
const FRAME_FONT: f64 = 12.0;
const FRAME_COLUMNS: usize = 48;
/// With more boxes and places where arrows pass rows of them, nothing is placed.
const PLACES: usize = 30_000;
/// The space between lines that enter a frame.
const PORT_SPACE: f64 = 14.0;

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
    /// The distance of each port from the left.
    ports: Vec<(Port, f64)>,
}

/// The distance of one of the ports from the left.
fn distance(ports: &[(Port, f64)], port: Port) -> Option<f64> {
    ports.iter().find(|(known, _)| *known == port).map(|&(_, x)| x)
}

/// What is placed in a scope.
struct Piece {
    spot: Spot,
    inner: Inner,
}

/// A connector between pieces, by position, or from a port into one.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Joined {
    from: Result<usize, Port>,
    to: usize,
    style: Style,
    /// The port through which it continues inside of `to`.
    into: Option<Port>,
}

/// Everything in its place, or why it is not drawn.
pub(super) fn scene(graph: &Graph) -> Result<Area, TooLarge> {
    if let Some(large) = graph.too_large() {
        return Err(large);
    }
    let mut scene = Scene { graph, edges: edges_by_scope(graph), room: PLACES };
    let inner = scene.scope(None).ok_or(TooLarge::Tangled { most: PLACES })?;
    Ok(inner.area)
}

/// The edges whose arrows have a part in each scope, by its place in [`Scene::edges`]: from the
/// scope of their heads outwards to the first one that contains their sources.
fn edges_by_scope(graph: &Graph) -> Vec<Vec<&'static Edge>> {
    let depths = graph.depths();
    let mut edges = vec![Vec::new(); graph.nodes.len() + 1];
    for edge in graph.drawn_edges() {
        let last = match edge.from {
            Source::Input(_) => None,
            Source::Node(from) => graph.nodes[graph.meet(from, edge.to, &depths).0].parent,
        };
        let mut scope = graph.nodes[edge.to].parent;
        loop {
            edges[place(scope)].push(edge);
            match scope.filter(|_| scope != last) {
                Some(inner) => scope = graph.nodes[inner.node].parent,
                None => break,
            }
        }
    }
    edges
}

/// The place of a scope in [`Scene::edges`].
fn place(scope: Option<Parent>) -> usize {
    scope.map_or(0, |scope| scope.node + 1)
}

struct Scene<'a> {
    graph: &'a Graph,
    /// Those that have a part in the outermost scope, and then those in the scopes of each node. The
    /// arms of a branch share theirs, since what is in another arm is found in neither.
    edges: Vec<Vec<&'static Edge>>,
    /// What [`arrange`] may still place.
    room: usize,
}

impl Scene<'_> {
    /// `None` if there is no room.
    fn scope(&mut self, parent: Option<Parent>) -> Option<Inner> {
        let mut pieces = self.pieces(parent)?;
        let joined = self.joined(parent, &pieces);
        let mut ends = vec![(0, 0); pieces.len()];
        let mut ports: Vec<Port> = Vec::new();
        for connector in &joined {
            ends[connector.to].1 += 1;
            match connector.from {
                Ok(from) => ends[from].0 += 1,
                Err(port) if !ports.contains(&port) => ports.push(port),
                Err(_) => {}
            }
        }
        for (piece, (leaving, arriving)) in pieces.iter_mut().zip(ends) {
            piece.inner.area.make_room(leaving.max(arriving));
        }

        let mut items: Vec<Item> = pieces.iter().map(|piece| piece.inner.area.item()).collect();
        items.extend(ports.iter().map(|_| Item { first: true, ..Item::default() }));
        let number = |port: Port| {
            let at = ports.iter().position(|known| *known == port);
            pieces.len() + at.expect("each port has been added")
        };
        let connector = |connector: &Joined| Connector {
            from: connector.from.unwrap_or_else(number),
            to: connector.to,
            enters: connector
                .into
                .and_then(|port| distance(&pieces[connector.to].inner.ports, port)),
        };
        let connectors: Vec<_> = joined.iter().map(connector).collect();
        let layout = arrange(&items, &connectors, &mut self.room)?;

        let mut area = Area { width: layout.width, height: layout.height, ..Area::default() };
        for (connector, points) in joined.iter().zip(layout.routes) {
            let from = connector.from.map_or_else(|port| port.from, |from| pieces[from].spot);
            let (enters, arrow) = (connector.from.is_err(), connector.into.is_none());
            let to = pieces[connector.to].spot;
            area.wires.push(Wire { from, to, style: connector.style, points, enters, arrow });
        }
        let places = layout.corners.iter().skip(pieces.len());
        let ports = ports.iter().zip(places).map(|(port, corner)| (*port, corner.0)).collect();
        for (piece, corner) in pieces.into_iter().zip(layout.corners) {
            area.take(piece.inner.area, corner);
        }
        Some(Inner { area, ports })
    }

    /// The boxes and frames directly in a scope.
    fn pieces(&mut self, parent: Option<Parent>) -> Option<Vec<Piece>> {
        let graph = self.graph;
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
                    add(spot, self.framed(inner)?);
                }
            }
        }
        Some(pieces)
    }

    /// A scope in its frame.
    fn framed(&mut self, parent: Parent) -> Option<Inner> {
        let Inner { area, ports } = self.scope(Some(parent))?;
        let node = &self.graph.nodes[parent.node];
        let (what, whole) = match node.kind {
            NodeKind::Branch { arms } => {
                let chosen = arms.get(parent.arm).copied().unwrap_or_default();
                (What::Arm(parent), chosen.to_owned())
            }
            _ => {
                let detail = node.detail().map(|detail| format!(" — {detail}"));
                (What::Frame(parent.node), node.name().to_owned() + &detail.unwrap_or_default())
            }
        };
        let line = Line::new(&whole, FRAME_FONT, FRAME_COLUMNS);
        let top = line.height() + 1.5 * FRAME_SPACE;
        let left =
            FRAME_SPACE.max(f64::midpoint(line.width(), 2.0 * FRAME_SPACE) - area.width / 2.0);
        // Lines from outside enter through the frame, to the right of the title.
        let mut free = FRAME_SPACE + line.width() + PORT_SPACE;
        let mut places: Vec<(f64, usize)> =
            ports.iter().enumerate().map(|(at, (_, x))| (x + left, at)).collect();
        sort(&mut places);
        let mut entered = Vec::with_capacity(places.len());
        for (x, at) in places {
            let x = x.max(free);
            free = x + PORT_SPACE;
            entered.push((ports[at].0, x));
        }
        let last = entered.last().map_or(0.0, |(_, x)| *x);
        let title = FRAME_SPACE + line.width();
        let width = (area.width + left).max(last).max(title) + FRAME_SPACE;
        let height = top + area.height + FRAME_SPACE;

        let (width, height) = (width.ceil(), height.ceil());
        let frame = Box { x: 0.0, y: 0.0, width, height, what, lines: vec![line], whole };
        let mut outer = Area { width, height, spread: width / 2.0, ..Area::default() };
        outer.boxes.push(frame);
        outer.take(area, (left, top));
        for wire in outer.wires.iter_mut().filter(|wire| wire.enters) {
            wire.enters = false;
            let port = Port { from: wire.from, style: wire.style };
            if let Some(x) = distance(&entered, port) {
                wire.points[0] = (x, 0.0);
                wire.points[1].0 = x;
            }
        }
        Some(Inner { area: outer, ports: entered })
    }

    /// The connectors within a scope: all edges with their heads in it, as far as they run there.
    fn joined(&self, parent: Option<Parent>, pieces: &[Piece]) -> Vec<Joined> {
        let graph = self.graph;
        let mut places = vec![None; graph.nodes.len()];
        for (at, piece) in pieces.iter().enumerate() {
            if let Spot::Node(node) = piece.spot {
                places[node] = Some(at);
            }
        }
        let find = |spot: Spot| match spot {
            // They come first.
            Spot::Input(input) => Some(input),
            Spot::Node(node) => places[node],
            // The arms follow their branch.
            Spot::Arm(Parent { node, arm }) => Some(places[node]? + 1 + arm),
        };
        let mut connectors = Vec::new();
        let mut arriving = vec![Vec::new(); pieces.len()];
        for (at, piece) in pieces.iter().enumerate() {
            if let Spot::Arm(Parent { node, .. }) = piece.spot
                && let Some(from) = find(Spot::Node(node))
            {
                connectors.push(Joined { from: Ok(from), to: at, style: Style::Arm, into: None });
            }
        }
        for edge in &self.edges[place(parent)] {
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
                    let connector = Joined { from, to, style, into };
                    if !arriving[to].contains(&connector) {
                        arriving[to].push(connector);
                        connectors.push(connector);
                    }
                }
            }
        }
        connectors
    }
}

impl Graph {
    /// What is directly in `parent` and is `spot`, or contains it.
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
