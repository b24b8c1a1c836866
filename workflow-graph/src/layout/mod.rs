//! A layered layout: boxes in rows, links from row to row downwards.
//!
//! Between two rows a link is a curve; beside the boxes of a row it runs straight down, in a
//! place of its own. So no link ever passes behind a box.
//!
//! The macros lay out in unoptimized builds too, so all of this is loops over numbers.

mod net;
mod order;
mod place;
mod rows;

use net::Net;

/// A box to place.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Item {
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// The part of the width, in the middle, where links may begin and end.
    pub(crate) spread: f64,
    /// Whether it has to be in the first row.
    pub(crate) first: bool,
}

/// A line to draw from one item to another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Link {
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// Where on `to` it has to end, counted from the left.
    pub(crate) enters: Option<f64>,
}

/// Where everything is, counted from the top left corner.
#[derive(Debug, Default)]
pub(crate) struct Layout {
    /// The corner of each item.
    pub(crate) corners: Vec<(f64, f64)>,
    /// The points of each link: the 1st and 2nd are joined by a straight line, the 2nd and 3rd
    /// by a curve, and so on in turn.
    pub(crate) routes: Vec<Vec<(f64, f64)>>,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// The space between rows, before links need more.
const ROW_GAP: f64 = 34.0;
/// What each slanted link adds to it, and how much all may.
const LINK_GAP: f64 = 1.6;
const MOST_GAP: f64 = 56.0;
/// The space between the ends of links on one item, at most.
const END_GAP: f64 = 16.0;

/// Places the items. The same input gives the same layout.
pub(crate) fn arrange(items: &[Item], links: &[Link]) -> Layout {
    if items.is_empty() {
        return Layout::default();
    }
    let (rows, turned) = rows::assign(items, links);
    let mut net = Net::new(items, links, &rows, &turned);
    order::untangle(&mut net);
    let centers = place::across(&net);
    let mut layout = Layout::default();

    let ends = Ends::new(items, links, &net, &turned, &centers);
    let (tops, bottoms) = heights(items, &net, &ends);
    for (at, item) in items.iter().enumerate() {
        layout.corners.push((centers[at] - item.width / 2.0, tops[rows[at]]));
        layout.width = layout.width.max(centers[at] + item.width / 2.0);
    }
    layout.height = bottoms.last().copied().unwrap_or_default();
    for (number, chain) in net.chains.iter().enumerate() {
        let mut points = Vec::new();
        let last = chain.len() - 1;
        for (place, &vertex) in chain.iter().enumerate() {
            let row = net.rows[vertex];
            let (mut x, mut top, mut bottom) = (centers[vertex], tops[row], bottoms[row]);
            if place == 0 {
                x = ends.start[number];
                top += items[vertex].height;
            } else if place == last {
                x = ends.end[number];
                bottom = top;
            }
            points.extend([(x, top), (x, bottom)]);
            layout.width = layout.width.max(x);
        }
        if turned[number] {
            points.reverse();
        }
        layout.routes.push(points);
    }
    layout
}

/// The top and the bottom of each row.
fn heights(items: &[Item], net: &Net, ends: &Ends) -> (Vec<f64>, Vec<f64>) {
    let (mut tops, mut bottoms) = (Vec::new(), Vec::new());
    let mut top = 0.0;
    for (row, layer) in net.layers.iter().enumerate() {
        let tallest = layer.iter().filter_map(|&at| items.get(at)).map(|item| item.height);
        let bottom = top + tallest.fold(0.0, f64::max);
        tops.push(top);
        bottoms.push(bottom);
        top = bottom + ROW_GAP + (LINK_GAP * float(ends.slanted[row])).min(MOST_GAP);
    }
    (tops, bottoms)
}

/// Where links leave their items and arrive, and how many are slanted below each row.
struct Ends {
    start: Vec<f64>,
    end: Vec<f64>,
    slanted: Vec<usize>,
}

impl Ends {
    fn new(items: &[Item], links: &[Link], net: &Net, turned: &[bool], centers: &[f64]) -> Self {
        let count = links.len();
        let (mut start, mut end) = (vec![0.0; count], vec![0.0; count]);
        let mut leaving = vec![Vec::new(); items.len()];
        let mut arriving = vec![Vec::new(); items.len()];
        for (number, chain) in net.chains.iter().enumerate() {
            let last = chain.len() - 1;
            leaving[chain[0]].push((centers[chain[1]], number));
            match links[number].enters.filter(|_| !turned[number]) {
                Some(enters) => {
                    let to = chain[last];
                    end[number] = centers[to] - items[to].width / 2.0 + enters;
                }
                None => arriving[chain[last]].push((centers[chain[last - 1]], number)),
            }
        }
        for (at, item) in items.iter().enumerate() {
            spread(centers[at], item.spread, &mut leaving[at], &mut start);
            spread(centers[at], item.spread, &mut arriving[at], &mut end);
        }
        let mut slanted = vec![0; net.layers.len()];
        for (number, chain) in net.chains.iter().enumerate() {
            let last = chain.len() - 1;
            let x = |place: usize| match place {
                0 => start[number],
                place if place == last => end[number],
                place => centers[chain[place]],
            };
            for place in 0..last {
                if (x(place) - x(place + 1)).abs() > END_GAP {
                    slanted[net.rows[chain[place]]] += 1;
                }
            }
        }
        Self { start, end, slanted }
    }
}

/// Sets the ends of links side by side around `center`, in the order of where they come from
/// or go to.
fn spread(center: f64, room: f64, links: &mut [(f64, usize)], ends: &mut [f64]) {
    links.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    let gaps = float(links.len().saturating_sub(1)).max(1.0);
    let gap = (room / gaps).min(END_GAP);
    for (place, &(_, number)) in links.iter().enumerate() {
        ends[number] = center + gap * (float(place) - float(links.len() - 1) / 2.0);
    }
}

#[expect(clippy::cast_precision_loss, reason = "no picture has that many parts")]
fn float(count: usize) -> f64 {
    count as f64
}
