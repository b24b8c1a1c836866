//! From an order to sequences, joins and regions.

use super::Plan;
use super::order::Order;
use super::region::region;
use crate::workflow::bits::Bits;

/// Plans all nodes of the order.
pub(super) fn decompose(order: &Order) -> Plan {
    part(order, &Bits::full(order.len()))
}

fn part(order: &Order, nodes: &Bits) -> Plan {
    if nodes.len() == 1 {
        return Plan::Node(nodes.first().expect("it has one"));
    }
    let side_by_side = components(order, nodes, &|node, rest| {
        let mut linked = order.before[node].clone();
        linked.add(&order.after[node]);
        linked.add(&order.beside[node]);
        linked.intersect(rest);
        linked
    });
    if side_by_side.len() > 1 {
        return Plan::Join(side_by_side.iter().map(|nodes| part(order, nodes)).collect());
    }
    let mut in_turn = components(order, nodes, &|node, rest| {
        let mut unordered = rest.clone();
        unordered.subtract(&order.before[node]);
        unordered.subtract(&order.after[node]);
        unordered
    });
    if in_turn.len() > 1 {
        // Every node of a part has all nodes of the earlier parts before it.
        in_turn.sort_by_key(|nodes| {
            let mut before = order.before[nodes.first().expect("a part has nodes")].clone();
            before.intersect(&all_but(order, nodes));
            before.len()
        });
        return Plan::Sequence(in_turn.iter().map(|nodes| part(order, nodes)).collect());
    }
    region(order, nodes)
}

fn all_but(order: &Order, nodes: &Bits) -> Bits {
    let mut rest = Bits::full(order.len());
    rest.subtract(nodes);
    rest
}

/// The connected components of `nodes`, in the order of the source. `links` returns the remaining
/// nodes that a node is linked to.
fn components(order: &Order, nodes: &Bits, links: &dyn Fn(usize, &Bits) -> Bits) -> Vec<Bits> {
    let mut rest = nodes.clone();
    let mut components = Vec::new();
    while let Some(start) = rest.first() {
        let mut component = Bits::empty(order.len());
        rest.remove(start);
        let mut found = vec![start];
        while let Some(node) = found.pop() {
            component.insert(node);
            for next in links(node, &rest).iter() {
                rest.remove(next);
                found.push(next);
            }
        }
        components.push(component);
    }
    components
}
