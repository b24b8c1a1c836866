//! What looks at a value before something else consumes it.

use super::usage::{Usage, usage_of_node};
use crate::sorted::SortedSet;
use crate::workflow::awaits::may_wait;
use crate::workflow::model::{Kind, Scope};
use crate::workflow::plan::Order;

/// Ordinary expressions that only look at a value that is consumed by a step which is ready at the
/// same time. They take no time, so they come first, and nothing starts later because of them.
pub(crate) fn looks_before_consumption(
    scope: &Scope,
    needs: &[Vec<usize>],
    order: &Order,
    copied: &SortedSet<String>,
) -> Vec<(usize, usize)> {
    let usages: Vec<Usage> = scope.nodes.iter().map(usage_of_node).collect();
    let mut looks = Vec::new();
    for (look, node) in scope.nodes.iter().enumerate() {
        let Kind::Value(expr) = &node.kind else { continue };
        // An expression that may take time comes first only where it has to.
        let waits = may_wait(expr);
        for consumer in (0..scope.nodes.len()).filter(|&consumer| consumer != look) {
            let is_value = matches!(scope.nodes[consumer].kind, Kind::Value(_));
            let shared = usages[look].iter().any(|(name, summary)| {
                let needless = waits && copied.contains(name);
                let consumed = usages[consumer].get(name).filter(|_| !needless);
                // If each of two may either look or consume, the first in the source looks first.
                !summary.takes_all
                    && consumed.is_some_and(|consumed| {
                        consumed.takes_all
                            || consumed.takes_part
                                && (!is_value || !summary.takes_part || look < consumer)
                    })
            });
            let ready = needs[look].iter().all(|&need| order.precedes(need, consumer));
            // Two that each look at what the other takes can only copy it.
            if shared
                && ready
                && !order.precedes(look, consumer)
                && !comes_before(consumer, look, order, &looks)
            {
                looks.push((look, consumer));
            }
        }
    }
    looks
}

/// Whether one node has to come before another, by the order or because it looks first.
fn comes_before(first: usize, last: usize, order: &Order, looks: &[(usize, usize)]) -> bool {
    let leads_to = |from: usize, to: usize| from == to || order.precedes(from, to);
    let mut reached = vec![first];
    let mut left: Vec<(usize, usize)> = looks.to_vec();
    while let Some(from) = reached.pop() {
        if leads_to(from, last) {
            return true;
        }
        left.retain(|&(look, consumer)| {
            let reaches = leads_to(from, look);
            if reaches {
                reached.push(consumer);
            }
            !reaches
        });
    }
    false
}
