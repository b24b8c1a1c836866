//! A layered layout: boxes in rows, connectors from row to row downwards.
//!
//! Between two rows a connector is a curve; beside the boxes of a row it runs straight down, in its
//! own place. So no connector ever passes behind a box.
//!
//! The macros compute layouts in unoptimized builds, too, so all of this is loops over numbers.

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
    /// The part of the width, in the middle, where connectors may begin and end.
    pub(crate) spread: f64,
    /// Whether it has to be in the first row.
    pub(crate) first: bool,
}

/// A line to draw from one item to another.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Connector {
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
    /// The points of each connector: the 1st and 2nd are joined by a straight line, the 2nd and 3rd
    /// by a curve, and so on in turn.
    pub(crate) routes: Vec<Vec<(f64, f64)>>,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

/// The space between rows, before connectors need more.
const ROW_GAP: f64 = 34.0;
/// What each slanted connector adds to the gap, and the maximum for all of them.
const LINK_GAP: f64 = 1.6;
const MOST_GAP: f64 = 56.0;
/// The same for the distance of the farthest of them.
const DISTANCE_GAP: f64 = 0.02;
const MOST_DISTANCE_GAP: f64 = 140.0;
/// A smaller bend is not worth a curve.
const SMALL_BEND: f64 = 10.0;
/// The maximum space between the ends of connectors on one item.
const END_GAP: f64 = 16.0;

/// Places the items. The same input gives the same layout. `room` is how many more items, and
/// places where connectors pass a row, are allowed; those used are subtracted from it. `None` if
/// there are more.
pub(crate) fn arrange(
    items: &[Item],
    connectors: &[Connector],
    room: &mut usize,
) -> Option<Layout> {
    if items.is_empty() {
        return Some(Layout::default());
    }
    let (rows, turned) = rows::assign(items, connectors);
    let passed = |connector: &Connector| rows[connector.from].abs_diff(rows[connector.to]);
    *room = room.checked_sub(items.len() + connectors.iter().map(passed).sum::<usize>())?;
    let mut net = Net::new(items, connectors, &rows, &turned);
    order::untangle(&mut net);
    let centers = place::across(&net);
    let mut layout = Layout::default();

    let ends = Ends::new(items, connectors, &net, &turned, &centers);
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
    Some(layout)
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
        let slanted = ends.slanted[row];
        let many = (LINK_GAP * float(slanted.count)).min(MOST_GAP);
        let far = (DISTANCE_GAP * slanted.farthest).min(MOST_DISTANCE_GAP);
        top = bottom + ROW_GAP + many + far;
    }
    (tops, bottoms)
}

/// Where connectors leave their items and arrive, and how many are slanted below each row.
struct Ends {
    start: Vec<f64>,
    end: Vec<f64>,
    slanted: Vec<Slanted>,
}

/// The connectors below a row that do not run straight down.
#[derive(Clone, Copy, Default)]
struct Slanted {
    count: usize,
    farthest: f64,
}

impl Ends {
    fn new(
        items: &[Item],
        connectors: &[Connector],
        net: &Net,
        turned: &[bool],
        centers: &[f64],
    ) -> Self {
        let count = connectors.len();
        let (mut start, mut end) = (vec![0.0; count], vec![0.0; count]);
        let mut leaving = vec![Vec::new(); items.len()];
        let mut arriving = vec![Vec::new(); items.len()];
        let mut entering = vec![Vec::new(); items.len()];
        for (number, chain) in net.chains.iter().enumerate() {
            let last = chain.len() - 1;
            leaving[chain[0]].push((centers[chain[1]], number));
            match connectors[number].enters.filter(|_| !turned[number]) {
                Some(enters) => {
                    let to = chain[last];
                    end[number] = centers[to] - items[to].width / 2.0 + enters;
                    entering[to].push(end[number]);
                }
                None => arriving[chain[last]].push((centers[chain[last - 1]], number)),
            }
        }
        for (at, item) in items.iter().enumerate() {
            spread(centers[at], item.spread, &mut leaving[at], &mut start);
            spread(centers[at], item.spread, &mut arriving[at], &mut end);
            let half = (item.width / 2.0 - END_GAP).max(0.0);
            for &(_, number) in &arriving[at] {
                end[number] =
                    beside(end[number], &entering[at], (centers[at] - half, centers[at] + half));
            }
        }
        for (number, chain) in net.chains.iter().enumerate() {
            let &[from, to] = &chain[..] else { continue };
            let (first, last) = (start[number], end[number]);
            let fits = |at: usize, x: f64| (x - centers[at]).abs() <= items[at].spread / 2.0;
            if (first - last).abs() > SMALL_BEND {
            } else if leaving[from].len() == 1 && fits(from, last) {
                start[number] = last;
            } else if arriving[to].len() == 1 && entering[to].is_empty() && fits(to, first) {
                end[number] = first;
            }
        }
        let mut slanted = vec![Slanted::default(); net.layers.len()];
        for (number, chain) in net.chains.iter().enumerate() {
            let last = chain.len() - 1;
            let x = |place: usize| match place {
                0 => start[number],
                place if place == last => end[number],
                place => centers[chain[place]],
            };
            for place in 0..last {
                let far = (x(place) - x(place + 1)).abs();
                let slanted = &mut slanted[net.rows[chain[place]]];
                slanted.count += usize::from(far > END_GAP);
                slanted.farthest = slanted.farthest.max(far);
            }
        }
        Self { start, end, slanted }
    }
}

/// Places the ends of connectors side by side around `center`, in the order of where they come from
/// or go to.
fn spread(center: f64, room: f64, connectors: &mut [(f64, usize)], ends: &mut [f64]) {
    sort(connectors);
    let gaps = float(connectors.len().saturating_sub(1)).max(1.0);
    let gap = (room / gaps).min(END_GAP);
    for (place, &(_, number)) in connectors.iter().enumerate() {
        ends[number] = center + gap * (float(place) - float(connectors.len() - 1) / 2.0);
    }
}

/// The place nearest to `wanted` that is not too close to one that is taken.
fn beside(wanted: f64, taken: &[f64], (first, last): (f64, f64)) -> f64 {
    for step in 0..8 {
        let away = f64::from(step) * 8.0;
        for place in [wanted + away, wanted - away] {
            let free = taken.iter().all(|it| (it - place).abs() >= END_GAP);
            if free && (first..=last).contains(&place) {
                return place;
            }
        }
    }
    wanted
}

/// Sorts by places and then by numbers, of which each is there once.
pub(crate) fn sort(places: &mut [(f64, usize)]) {
    places.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
}

#[expect(clippy::cast_precision_loss, reason = "no picture has that many parts")]
fn float(count: usize) -> f64 {
    count as f64
}
