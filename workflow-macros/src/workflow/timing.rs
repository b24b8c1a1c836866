//! When each node can start.
//!
//! A step starts when what it names is done. A branch or a fan-out starts when its own condition or
//! items can be computed. A step inside it may need more, and then waits by itself, so that its
//! neighbours do not wait with it.

use super::model::{Kind, Need, Node, Scope, Tail};
use crate::sorted::SortedSet;

/// Splits the needs of every node into those before its start and those inside it.
/// The graph has no cycles.
pub(crate) fn time(scope: &mut Scope) {
    // What a node needs at once depends on what can start first inside it.
    for node in &mut scope.nodes {
        for inner in node.scopes_mut() {
            time(inner);
        }
    }
    let order = topological(scope);
    let mut ancestors: Vec<SortedSet<usize>> = vec![SortedSet::new(); scope.nodes.len()];
    for at in order {
        let at_once = needed_at_once(&scope.nodes[at]);
        let needs: Vec<usize> = scope.nodes[at].needs.keys().copied().collect();
        let (mut first, later): (SortedSet<usize>, Vec<usize>) = {
            let is_first =
                |&need: &usize| needs_for(&scope.nodes[need]).any(|need| at_once.contains(&need));
            let (first, later): (Vec<usize>, Vec<usize>) = needs.into_iter().partition(is_first);
            (first.into_iter().collect(), later)
        };
        for &need in &first {
            ancestors[at].insert(need);
            let further = ancestors[need].clone();
            ancestors[at].extend(further);
        }
        // What is done before the start anyway need not be waited for.
        let (done, waits): (Vec<usize>, Vec<usize>) =
            later.into_iter().partition(|need| ancestors[at].contains(need));
        first.extend(done);
        let node = &mut scope.nodes[at];
        node.starts_after = first;
        node.waits_inside = waits.into_iter().collect();
    }
    scope.at_once = needed_by_all_entries(scope);
}

/// The ways in which others may need a node. A function may have the same name as a step, and is
/// then not the value of the step's variable.
fn needs_for(node: &Node) -> impl Iterator<Item = Need> {
    let callable = node.is_callable();
    let names = node.vars.iter().map(|(var, _)| var.to_string());
    let called = names.clone().filter(move |_| callable).map(Need::Called);
    names.chain([node.name.clone()]).map(Need::Named).chain(called)
}

fn topological(scope: &Scope) -> Vec<usize> {
    let mut order = Vec::new();
    let mut seen = vec![false; scope.nodes.len()];
    for at in 0..scope.nodes.len() {
        visit(scope, at, &mut seen, &mut order);
    }
    order
}

fn visit(scope: &Scope, at: usize, seen: &mut [bool], order: &mut Vec<usize>) {
    if !std::mem::replace(&mut seen[at], true) {
        for &need in scope.nodes[at].needs.keys() {
            visit(scope, need, seen, order);
        }
        order.push(at);
    }
}

/// What every part of the node needs. The scopes inside it have been timed.
pub(crate) fn needed_at_once(node: &Node) -> SortedSet<Need> {
    let mut needs: SortedSet<Need> = node.direct.iter().map(Need::of).collect();
    let arms = node.scopes().into_iter().map(|scope| scope.at_once.clone());
    if let Some(by_all) = arms.reduce(|left, right| left.common(&right)) {
        // An `if` without `else` has an implicit arm that needs nothing.
        let optional = matches!(&node.kind, Kind::If(arms)
            if arms.last().is_some_and(|(condition, _)| condition.is_some()));
        if !optional {
            needs.extend(by_all);
        }
    }
    needs
}

/// What every node that can start first in this scope needs from outside of it.
fn needed_by_all_entries(scope: &Scope) -> SortedSet<Need> {
    let free: SortedSet<Need> = scope.free.iter().map(Need::of).collect();
    // A node that waits for others of the scope only on the inside can start first, too.
    let entries =
        scope.nodes.iter().filter(|node| node.starts_after.is_empty()).map(needed_at_once);
    if let Some(needs) = entries.reduce(|left, right| left.common(&right)) {
        // A name that a pattern binds may also be that of something outside.
        return needs.common(&free);
    }
    match &scope.tail {
        // All that an empty scope uses is what its result uses.
        Tail::Expr(_) => free,
        Tail::Unit | Tail::Node(_) => SortedSet::new(),
    }
}
