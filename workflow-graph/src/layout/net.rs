//! Items and connectors as a net in which every segment leads from one row to the next.

use super::{Connector, Item};

/// The space between two items of a row, between two connectors, and between an item and a
/// connector.
const ITEM_GAP: f64 = 28.0;
const LINK_GAP: f64 = 12.0;
const MIXED_GAP: f64 = 18.0;

/// The items come first, then the places where connectors pass through a row.
pub(super) struct Net {
    pub(super) rows: Vec<usize>,
    pub(super) widths: Vec<f64>,
    /// The vertices of each row, from left to right.
    pub(super) layers: Vec<Vec<usize>>,
    /// What each vertex is joined to in the row above, and in the row below.
    pub(super) above: Vec<Vec<Joint>>,
    pub(super) below: Vec<Vec<Joint>>,
    /// The vertices of each connector, from the top down.
    pub(super) chains: Vec<Vec<usize>>,
    items: usize,
}

/// One end of a segment, seen from the other.
#[derive(Clone, Copy)]
pub(super) struct Joint {
    pub(super) vertex: usize,
    /// Where it ends, counted from the middle of that vertex.
    pub(super) there: f64,
    /// Where it begins, counted from the middle of this one.
    pub(super) here: f64,
}

impl Net {
    pub(super) fn new(
        items: &[Item],
        connectors: &[Connector],
        rows: &[usize],
        turned: &[bool],
    ) -> Self {
        let mut net = Self {
            rows: rows.to_vec(),
            widths: items.iter().map(|item| item.width).collect(),
            layers: vec![Vec::new(); rows.iter().max().map_or(0, |last| last + 1)],
            above: vec![Vec::new(); items.len()],
            below: vec![Vec::new(); items.len()],
            chains: Vec::with_capacity(connectors.len()),
            items: items.len(),
        };
        for (connector, turned) in connectors.iter().zip(turned) {
            let (top, bottom) = if *turned {
                (connector.to, connector.from)
            } else {
                (connector.from, connector.to)
            };
            let enters = connector.enters.filter(|_| !turned);
            let enters = enters.map_or(0.0, |enters| enters - items[bottom].width / 2.0);
            net.thread(top, bottom, enters);
        }
        net.fill_layers();
        net
    }

    /// Adds a connector, with a vertex in each row that it passes.
    fn thread(&mut self, top: usize, bottom: usize, enters: f64) {
        let mut chain = vec![top];
        for row in self.rows[top] + 1..self.rows[bottom] {
            chain.push(self.rows.len());
            self.rows.push(row);
            self.widths.push(0.0);
            self.above.push(Vec::new());
            self.below.push(Vec::new());
        }
        chain.push(bottom);
        for pair in chain.windows(2) {
            let (upper, lower) = (pair[0], pair[1]);
            let offset = if lower == bottom { enters } else { 0.0 };
            self.below[upper].push(Joint { vertex: lower, there: offset, here: 0.0 });
            self.above[lower].push(Joint { vertex: upper, there: 0.0, here: offset });
        }
        self.chains.push(chain);
    }

    /// Puts every vertex into its row, in the order in which it is reached by following the
    /// connectors from the top.
    fn fill_layers(&mut self) {
        let mut seen = vec![false; self.rows.len()];
        let mut starts = vec![Vec::new(); self.layers.len()];
        for item in 0..self.items {
            starts[self.rows[item]].push(item);
        }
        for start in starts.into_iter().flatten() {
            let mut stack = vec![start];
            while let Some(vertex) = stack.pop() {
                if !std::mem::replace(&mut seen[vertex], true) {
                    self.layers[self.rows[vertex]].push(vertex);
                    stack.extend(self.below[vertex].iter().rev().map(|joint| joint.vertex));
                }
            }
        }
    }

    /// Whether the vertex represents a connector that passes the row.
    pub(super) fn passes(&self, vertex: usize) -> bool {
        vertex >= self.items
    }

    /// How far apart the centres of two neighbours have to be.
    pub(super) fn distance(&self, left: usize, right: usize) -> f64 {
        let gap = match (self.passes(left), self.passes(right)) {
            (true, true) => LINK_GAP,
            (false, false) => ITEM_GAP,
            _ => MIXED_GAP,
        };
        f64::midpoint(self.widths[left], self.widths[right]) + gap
    }
}
