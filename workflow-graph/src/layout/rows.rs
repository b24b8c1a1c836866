//! Which row each item is in.

use super::{Connector, Item};
use std::collections::BTreeSet;

/// The row of each item, and which connectors lead upwards: only those in a cycle do.
pub(super) fn assign(items: &[Item], connectors: &[Connector]) -> (Vec<usize>, Vec<bool>) {
    let order = sorted(items.len(), connectors);
    let mut place = vec![0; items.len()];
    for (at, &item) in order.iter().enumerate() {
        place[item] = at;
    }
    let turned: Vec<bool> =
        connectors.iter().map(|connector| place[connector.from] > place[connector.to]).collect();
    let mut above = vec![Vec::new(); items.len()];
    let mut below = vec![Vec::new(); items.len()];
    for (connector, turned) in connectors.iter().zip(&turned) {
        let (from, to) =
            if *turned { (connector.to, connector.from) } else { (connector.from, connector.to) };
        above[to].push(from);
        below[from].push(to);
    }

    // Items that have to be in the first row are alone there.
    let reserved = items.iter().any(|item| item.first);
    let mut rows = vec![0; items.len()];
    let mut free = vec![false; items.len()];
    for &item in &order {
        let highest = usize::from(reserved && !items[item].first);
        let below_all = above[item].iter().map(|&from| rows[from] + 1).max();
        rows[item] = below_all.unwrap_or(0).max(highest);
        free[item] = !items[item].first
            && above[item].iter().all(|&from| free[from] && below[from].len() == 1);
    }
    // So far each item is as high as possible. An item that needs little and is needed by much
    // gives shorter connectors further down, and so does one that only leads to one thing.
    for &item in order.iter().rev() {
        let lowest = below[item].iter().map(|&to| rows[to] - 1).min();
        let heavy = !items[item].first && below[item].len() > above[item].len();
        if let Some(lowest) = lowest.filter(|_| free[item] || heavy) {
            rows[item] = lowest;
        }
    }
    let highest = rows.iter().copied().min().unwrap_or(0);
    for row in &mut rows {
        *row -= highest;
    }
    (rows, turned)
}

/// The items, each after all items that connectors lead from to it. A cycle begins at its first
/// item.
fn sorted(count: usize, connectors: &[Connector]) -> Vec<usize> {
    let mut open = vec![0_usize; count];
    let mut below = vec![Vec::new(); count];
    for connector in connectors {
        open[connector.to] += 1;
        below[connector.from].push(connector.to);
    }
    let mut waiting: BTreeSet<usize> = (0..count).collect();
    let mut ready: BTreeSet<usize> = (0..count).filter(|&item| open[item] == 0).collect();
    let mut order = Vec::with_capacity(count);
    while let Some(&first) = waiting.first() {
        let item = ready.pop_first().unwrap_or(first);
        waiting.remove(&item);
        order.push(item);
        for &to in &below[item] {
            open[to] -= 1;
            if open[to] == 0 && waiting.contains(&to) {
                ready.insert(to);
            }
        }
    }
    order
}
