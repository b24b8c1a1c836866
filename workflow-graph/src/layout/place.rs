//! Where in its row each vertex is.

use super::net::Net;

/// Times that positions are passed down and up.
const ROUNDS: usize = 24;
/// Rounds at the end that look both ways.
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
                // A long link should be straight more than a short one.
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

/// Gives each vertex of a row the place that it wants, or else the ones that are nearest to
/// those wanted, by the squares of the distances, and leave room for all.
fn settle(net: &Net, layer: &[usize], wanted: &[(f64, f64)], centers: &mut [f64]) {
    // Less the room that those before it take, the places have to ascend. Where the next is
    // too far left, both are at their mean.
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
    let places = blocks.iter().flat_map(|&(mean, _, count)| std::iter::repeat_n(mean, count));
    for ((&vertex, offset), mean) in layer.iter().zip(&offsets).zip(places) {
        centers[vertex] = mean + offset;
    }
}
