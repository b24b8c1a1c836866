//! The order within rows, such that few connectors cross.

use super::net::{Joint, Net};
use super::{float, sort};

/// The number of sweeps without an improvement before the order is accepted, and of rounds in which
/// neighbours are swapped at most.
const PATIENCE: usize = 6;
/// At most this many segments are examined in all sweeps together: a large net can improve a little
/// for a long time.
const MOST_WORK: usize = 400_000;
/// If there are more pairs of ends, they are not compared one by one.
const FEW_PAIRS: usize = 64;

/// Orders each row by where its neighbours are, first downwards and then upwards, in turn.
pub(super) fn untangle(net: &mut Net) {
    let mut places = vec![0.0; net.rows.len()];
    number(net, &mut places);
    let mut best = net.layers.clone();
    let mut fewest = crossings(net, &places);
    let mut idle = 0;
    let mut downwards = true;
    let segments: usize = net.below.iter().map(Vec::len).sum();
    let mut sweeps = MOST_WORK / segments.max(1);
    while idle < PATIENCE && fewest > 0 && sweeps > 0 {
        sweeps -= 1;
        sweep(net, &mut places, downwards);
        swap_neighbours(net, &mut places);
        downwards = !downwards;
        let now = crossings(net, &places);
        idle += 1;
        if now < fewest {
            (fewest, idle) = (now, 0);
            best.clone_from(&net.layers);
        }
    }
    net.layers = best;
}

/// Notes the place of each vertex within its row.
fn number(net: &Net, places: &mut [f64]) {
    for layer in &net.layers {
        for (place, &vertex) in layer.iter().enumerate() {
            places[vertex] = float(place);
        }
    }
}

/// Where a joint ends: between the places of two vertices, if it ends beside the middle.
fn end(net: &Net, places: &[f64], joint: &Joint) -> f64 {
    places[joint.vertex] + joint.there / (net.widths[joint.vertex] + 1.0)
}

fn sweep(net: &mut Net, places: &mut [f64], downwards: bool) {
    for step in 0..net.layers.len() {
        let row = if downwards { step } else { net.layers.len() - 1 - step };
        let layer = std::mem::take(&mut net.layers[row]);
        let joints = if downwards { &net.above } else { &net.below };
        let mut keyed: Vec<(f64, usize)> = Vec::with_capacity(layer.len());
        for (place, &vertex) in layer.iter().enumerate() {
            let ends = joints[vertex].iter().map(|joint| {
                end(net, places, joint) - joint.here.signum() * joint.here.abs().min(0.4)
            });
            let count = joints[vertex].len();
            let key = if count == 0 { places[vertex] } else { ends.sum::<f64>() / float(count) };
            keyed.push((key, place));
        }
        sort(&mut keyed);
        for (place, (_, before)) in keyed.into_iter().enumerate() {
            let vertex = layer[before];
            net.layers[row].push(vertex);
            places[vertex] = float(place);
        }
    }
}

/// Swaps neighbours where that makes fewer connectors cross.
fn swap_neighbours(net: &mut Net, places: &mut [f64]) {
    let (mut lefts, mut rights) = (Vec::new(), Vec::new());
    for _ in 0..PATIENCE {
        let mut swapped = false;
        for row in 0..net.layers.len() {
            for right in 1..net.layers[row].len() {
                let (a, b) = (net.layers[row][right - 1], net.layers[row][right]);
                let (mut kept, mut other) = (0, 0);
                for joints in [&net.above, &net.below] {
                    let (left, right) = (&joints[a], &joints[b]);
                    if left.len() * right.len() > FEW_PAIRS {
                        sort_ends(net, places, left, &mut lefts);
                        sort_ends(net, places, right, &mut rights);
                        kept += pairs_above(&lefts, &rights);
                        other += pairs_above(&rights, &lefts);
                        continue;
                    }
                    for first in left {
                        for second in right {
                            let (first, second) =
                                (end(net, places, first), end(net, places, second));
                            kept += usize::from(first > second);
                            other += usize::from(first < second);
                        }
                    }
                }
                if other < kept {
                    net.layers[row].swap(right - 1, right);
                    (places[a], places[b]) = (places[b], places[a]);
                    swapped = true;
                }
            }
        }
        if !swapped {
            return;
        }
    }
}

/// The ends of these joints, in ascending order.
fn sort_ends(net: &Net, places: &[f64], joints: &[Joint], ends: &mut Vec<f64>) {
    ends.clear();
    ends.extend(joints.iter().map(|joint| end(net, places, joint)));
    ends.sort_unstable_by(f64::total_cmp);
}

/// The number of pairs in which the first number is above the second. Both lists are in ascending
/// order.
fn pairs_above(firsts: &[f64], seconds: &[f64]) -> usize {
    let mut below = 0;
    let mut count = 0;
    for first in firsts {
        while seconds.get(below).is_some_and(|second| second < first) {
            below += 1;
        }
        count += below;
    }
    count
}

/// How many pairs of segments cross.
fn crossings(net: &Net, places: &[f64]) -> usize {
    let mut count = 0;
    for layer in &net.layers {
        let mut ends: Vec<f64> = Vec::new();
        for &vertex in layer {
            let from = ends.len();
            ends.extend(net.below[vertex].iter().map(|joint| end(net, places, joint)));
            ends[from..].sort_unstable_by(f64::total_cmp);
        }
        count += inversions(&mut ends);
    }
    count
}

/// The number of pairs in the wrong order. Sorts the values.
fn inversions(values: &mut [f64]) -> usize {
    let (mut count, mut width, length) = (0, 1, values.len());
    let mut merged = Vec::with_capacity(length);
    while width < length {
        for start in (0..length).step_by(2 * width) {
            let (middle, stop) = ((start + width).min(length), (start + 2 * width).min(length));
            let (mut left, mut right) = (start, middle);
            merged.clear();
            while left < middle && right < stop {
                if values[right] < values[left] {
                    count += middle - left;
                    merged.push(values[right]);
                    right += 1;
                } else {
                    merged.push(values[left]);
                    left += 1;
                }
            }
            merged.extend_from_slice(&values[left..middle]);
            values[start..start + merged.len()].copy_from_slice(&merged);
        }
        width *= 2;
    }
    count
}
