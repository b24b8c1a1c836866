//! Which row each item is in.

use super::{Connector, Item};
use crate::in_order::in_order;

/// The row of each item, and which connectors lead upwards: only those in a cycle do.
pub(super) fn assign(items: &[Item], connectors: &[Connector]) -> (Vec<usize>, Vec<bool>) {
    let needs: Vec<_> = connectors.iter().map(|connector| (connector.from, connector.to)).collect();
    let order = in_order(items.len(), &needs);
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
