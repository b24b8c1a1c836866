//! A part whose order is not series-parallel.
//!
//! Chains and twins inside it are still sequences and joins, so that only what needs a separate
//! branch gets one.

use super::order::Order;
use super::{Branch, Plan};
use crate::workflow::bits::Bits;

/// A branch while it is being built up.
struct Piece {
    plan: Plan,
    /// The pieces directly before it: those that it needs and that no other needed piece implies.
    previous: Bits,
    /// The pieces directly after it.
    next: Bits,
    /// It watches, or is watched: it must not be merged.
    fixed: bool,
}

/// Plans a region of `nodes`.
pub(super) fn region(order: &Order, nodes: &Bits) -> Plan {
    let sorted: Vec<usize> =
        order.sorted.iter().copied().filter(|&node| nodes.contains(node)).collect();
    let mut pieces = pieces(order, nodes, &sorted);
    while merge_chains(&mut pieces) | merge_twins(&mut pieces) {}
    branches(order, &sorted, &pieces)
}

/// A piece for each node, and none for numbers outside the region.
fn pieces(order: &Order, nodes: &Bits, sorted: &[usize]) -> Vec<Option<Piece>> {
    let count = order.len();
    let mut pieces: Vec<Option<Piece>> = (0..count).map(|_| None).collect();
    for &node in sorted {
        let mut previous = order.before[node].clone();
        previous.intersect(nodes);
        for earlier in previous.clone().iter() {
            previous.subtract(&order.before[earlier]);
        }
        pieces[node] = Some(Piece {
            plan: Plan::Node(node),
            previous,
            next: Bits::empty(count),
            fixed: !order.beside[node].is_empty(),
        });
    }
    for &node in sorted {
        let previous: Vec<usize> = piece(&pieces, node).previous.iter().collect();
        for earlier in previous {
            piece_mut(&mut pieces, earlier).next.insert(node);
        }
    }
    pieces
}

fn piece(pieces: &[Option<Piece>], at: usize) -> &Piece {
    pieces[at].as_ref().expect("it has not been merged into another")
}

fn piece_mut(pieces: &mut [Option<Piece>], at: usize) -> &mut Piece {
    pieces[at].as_mut().expect("it has not been merged into another")
}

fn only(bits: &Bits) -> Option<usize> {
    if bits.len() == 1 { bits.first() } else { None }
}

/// If one piece is all that another needs, and only that one needs it, the two are a sequence.
fn merge_chains(pieces: &mut [Option<Piece>]) -> bool {
    let mut merged = false;
    for at in 0..pieces.len() {
        while let Some(next) = chain_link(pieces, at) {
            let last = pieces[next].take().expect("it is linked");
            for later in last.next.iter() {
                let previous = &mut piece_mut(pieces, later).previous;
                previous.remove(next);
                previous.insert(at);
            }
            let first = piece_mut(pieces, at);
            first.next = last.next;
            let plan = std::mem::replace(&mut first.plan, Plan::Node(at));
            first.plan = sequence(plan, last.plan);
            merged = true;
        }
    }
    merged
}

fn chain_link(pieces: &[Option<Piece>], at: usize) -> Option<usize> {
    let first = pieces[at].as_ref().filter(|piece| !piece.fixed)?;
    let next = only(&first.next)?;
    let last = piece(pieces, next);
    (!last.fixed && only(&last.previous) == Some(at)).then_some(next)
}

fn sequence(first: Plan, last: Plan) -> Plan {
    let mut parts = match first {
        Plan::Sequence(parts) => parts,
        part => vec![part],
    };
    match last {
        Plan::Sequence(more) => parts.extend(more),
        part => parts.push(part),
    }
    Plan::Sequence(parts)
}

/// Pieces that need the same and are needed by the same run side by side.
fn merge_twins(pieces: &mut [Option<Piece>]) -> bool {
    let mut merged = false;
    for at in 0..pieces.len() {
        for other in at + 1..pieces.len() {
            if !are_twins(pieces, at, other) {
                continue;
            }
            let twin = pieces[other].take().expect("it is a twin");
            for earlier in twin.previous.iter() {
                piece_mut(pieces, earlier).next.remove(other);
            }
            for later in twin.next.iter() {
                piece_mut(pieces, later).previous.remove(other);
            }
            let first = piece_mut(pieces, at);
            let plan = std::mem::replace(&mut first.plan, Plan::Node(at));
            first.plan = match (plan, twin.plan) {
                (Plan::Join(mut parts), Plan::Join(more)) => {
                    parts.extend(more);
                    Plan::Join(parts)
                }
                (Plan::Join(mut parts), part) => {
                    parts.push(part);
                    Plan::Join(parts)
                }
                (part, more) => Plan::Join(vec![part, more]),
            };
            merged = true;
        }
    }
    merged
}

fn are_twins(pieces: &[Option<Piece>], at: usize, other: usize) -> bool {
    match (&pieces[at], &pieces[other]) {
        (Some(at), Some(other)) => {
            !at.fixed && !other.fixed && at.previous == other.previous && at.next == other.next
        }
        _ => false,
    }
}

/// The remaining pieces, in an order in which they could run.
fn branches(order: &Order, sorted: &[usize], pieces: &[Option<Piece>]) -> Plan {
    let kept: Vec<usize> = sorted_pieces(order, sorted, pieces);
    let mut number = vec![0; order.len()];
    for (at, &node) in kept.iter().enumerate() {
        number[node] = at;
    }
    let numbers = |bits: &Bits| {
        let mut numbers: Vec<usize> = bits.iter().map(|node| number[node]).collect();
        numbers.sort_unstable();
        numbers
    };
    let branch = |&node: &usize| Branch {
        plan: piece(pieces, node).plan.clone(),
        needs: numbers(&piece(pieces, node).previous),
        // A watched node has never been merged with others.
        watches: numbers(&order.watches[node]),
    };
    Plan::Region(kept.iter().map(branch).collect())
}

/// Merging keeps each piece under the number of its first node, which may come before something
/// that another of its nodes needs. So the pieces are sorted again.
fn sorted_pieces(order: &Order, sorted: &[usize], pieces: &[Option<Piece>]) -> Vec<usize> {
    let mut waiting: Vec<usize> =
        sorted.iter().copied().filter(|&node| pieces[node].is_some()).collect();
    let mut done = Bits::empty(order.len());
    let mut result = Vec::new();
    while !waiting.is_empty() {
        let at = waiting
            .iter()
            .position(|&node| {
                let mut needs = piece(pieces, node).previous.clone();
                if piece(pieces, node).fixed {
                    needs.add(&order.watches[node]);
                }
                needs.subtract(&done);
                needs.is_empty()
            })
            .expect("the graph has no cycles");
        let node = waiting.remove(at);
        done.insert(node);
        result.push(node);
    }
    result
}
