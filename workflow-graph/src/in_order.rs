//! An order in which everything comes after what it needs.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The numbers below `count`, each after those that it needs, and otherwise in their own order.
/// `needs` are pairs of what is needed and what needs it. A cycle begins at its first number.
pub(crate) fn in_order(count: usize, needs: &[(usize, usize)]) -> Vec<usize> {
    let mut open = vec![0_usize; count];
    let mut below = vec![Vec::new(); count];
    for &(from, to) in needs {
        open[to] += 1;
        below[from].push(to);
    }
    let mut ready: BinaryHeap<_> = (0..count).filter(|&at| open[at] == 0).map(Reverse).collect();
    let mut placed = vec![false; count];
    let mut first = 0;
    let mut order = Vec::with_capacity(count);
    while order.len() < count {
        let next = ready.pop().map_or(first, |Reverse(next)| next);
        order.push(next);
        placed[next] = true;
        while placed.get(first).is_some_and(|placed| *placed) {
            first += 1;
        }
        for &to in &below[next] {
            open[to] -= 1;
            if open[to] == 0 && !placed[to] {
                ready.push(Reverse(to));
            }
        }
    }
    order
}
