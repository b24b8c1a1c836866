//! Where each vertex is in its row.

use super::float;
use super::net::Net;

/// How many times positions are passed down and up.
const ROUNDS: usize = 24;
/// The number of final rounds that look both ways.
const LAST_ROUNDS: usize = 8;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Up,
    Down,
    Both,
}

/// The middle of each vertex. The leftmost edge is at 0.
pub(super) fn across(net: &Net) -> Vec<f64> {
    let mut centers = vec![0.0; net.rows.len()];
    for layer in &net.layers {
        let wanted = vec![(0.0, 1.0); layer.len()];
        settle(net, layer, &wanted, &mut centers);
    }
    for round in 0..ROUNDS + LAST_ROUNDS {
        let last = round >= ROUNDS;
        for row in 0..net.layers.len() {
            pull(net, row, if last { Look::Both } else { Look::Up }, &mut centers);
        }
        for row in (0..net.layers.len()).rev() {
            pull(net, row, if last { Look::Both } else { Look::Down }, &mut centers);
        }
    }
    straighten(net, &mut centers);
    let lefts = centers.iter().zip(&net.widths).map(|(center, width)| center - width / 2.0);
    let leftmost = lefts.fold(f64::INFINITY, f64::min);
    for center in &mut centers {
        *center -= leftmost;
    }
    centers
}

/// Moves a row's vertices to where their neighbours are.
fn pull(net: &Net, row: usize, look: Look, centers: &mut [f64]) {
    let layer = &net.layers[row];
    let mut wanted = Vec::with_capacity(layer.len());
    for &vertex in layer {
        let above = net.above[vertex].iter().filter(|_| look != Look::Down);
        let below = net.below[vertex].iter().filter(|_| look != Look::Up);
        let (mut sum, mut weight) = (0.0, 0.0);
        for joint in above.chain(below) {
            let own = match (net.passes(vertex), net.passes(joint.vertex)) {
                // It is more important for a long connector to be straight than for a short one.
                (true, true) => 8.0,
                (false, false) => 1.0,
                _ => 2.0,
            };
            sum += own * (centers[joint.vertex] + joint.there - joint.here);
            weight += own;
        }
        wanted.push(if weight > 0.0 { (sum / weight, weight) } else { (centers[vertex], 0.01) });
    }
    settle(net, layer, &wanted, centers);
}

/// Gives each vertex of a row the place that it wants, or else the places that leave room for all
/// and are nearest to the wanted ones, by the squares of the distances.
fn settle(net: &Net, layer: &[usize], wanted: &[(f64, f64)], centers: &mut [f64]) {
    // Minus the room that the vertices before it take, the places have to ascend. If the next is
    // too far left, both get their mean.
    let mut blocks: Vec<(f64, f64, usize)> = Vec::with_capacity(layer.len());
    let mut offsets = Vec::with_capacity(layer.len());
    let mut offset = 0.0;
    for (place, &vertex) in layer.iter().enumerate() {
        if place > 0 {
            offset += net.distance(layer[place - 1], vertex);
        }
        offsets.push(offset);
        let (target, weight) = wanted[place];
        let mut block = (target - offset, weight, 1);
        while blocks.last().is_some_and(|before| before.0 > block.0) {
            let before = blocks.pop().unwrap_or(block);
            let weight = before.1 + block.1;
            let mean = (before.0 * before.1 + block.0 * block.1) / weight;
            block = (mean, weight, before.2 + block.2);
        }
        blocks.push(block);
    }
    let mut place = 0;
    for (mean, _, count) in blocks {
        for _ in 0..count {
            centers[layer[place]] = mean + offsets[place];
            place += 1;
        }
    }
}

/// Removes small bends from connectors, if there is room.
fn straighten(net: &Net, centers: &mut [f64]) {
    let mut places = vec![0; net.rows.len()];
    for layer in &net.layers {
        for (place, &vertex) in layer.iter().enumerate() {
            places[vertex] = place;
        }
    }
    for chain in &net.chains {
        let passing = &chain[1..chain.len() - 1];
        let mut start = 0;
        while start < passing.len() {
            let (mut first, mut last) = (f64::NEG_INFINITY, f64::INFINITY);
            let mut end = start;
            while let Some(&vertex) = passing.get(end) {
                let (left, right) = room(net, places[vertex], vertex, centers);
                if first.max(left) > last.min(right) {
                    break;
                }
                (first, last) = (first.max(left), last.min(right));
                end += 1;
            }
            // A single vertex always has room where it is.
            let run = &passing[start..end.max(start + 1)];
            if run.len() > 1 {
                let mean =
                    run.iter().map(|&vertex| centers[vertex]).sum::<f64>() / float(run.len());
                for &vertex in run {
                    centers[vertex] = mean.clamp(first, last);
                }
            }
            start += run.len();
        }
    }
}

/// The range in which a vertex can be moved.
fn room(net: &Net, place: usize, vertex: usize, centers: &[f64]) -> (f64, f64) {
    let layer = &net.layers[net.rows[vertex]];
    let before = place.checked_sub(1).map(|left| layer[left]);
    let left = before.map(|left| centers[left] + net.distance(left, vertex));
    let after = layer.get(place + 1).copied();
    let right = after.map(|right| centers[right] - net.distance(vertex, right));
    (left.unwrap_or(f64::NEG_INFINITY), right.unwrap_or(f64::INFINITY))
}
