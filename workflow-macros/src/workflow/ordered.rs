//! What runs before what in a scope, and where the source order suggests otherwise.

use std::collections::BTreeSet;

use super::model::{Kind, Node, Scope};

/// The order of a scope's nodes, including indirect dependencies.
pub(crate) struct Ordered {
    /// Everything that each node needs.
    behind: Vec<BTreeSet<usize>>,
}

impl Ordered {
    pub(crate) fn of(scope: &Scope) -> Self {
        let behind = (0..scope.nodes.len()).map(|at| {
            let mut found = BTreeSet::new();
            let mut next = vec![at];
            while let Some(at) = next.pop() {
                let needs = scope.nodes[at].needs.keys().copied();
                next.extend(needs.filter(|&need| found.insert(need)));
            }
            found
        });
        Self { behind: behind.collect() }
    }

    /// The nodes with steps that come after `at` in the source but run beside it.
    pub(crate) fn beside_below(&self, scope: &Scope, at: usize) -> Vec<usize> {
        let below = (0..scope.nodes.len()).filter(|&other| {
            scope.nodes[other].id > scope.nodes[at].id && holds_steps(&scope.nodes[other])
        });
        below
            .filter(|&other| !self.behind[other].contains(&at) && !self.behind[at].contains(&other))
            .collect()
    }
}

/// Whether it is a step, or has steps in it.
pub(crate) fn holds_steps(node: &Node) -> bool {
    match &node.kind {
        Kind::Step(call) => call.record.is_none(),
        _ => node.scopes().into_iter().any(|scope| scope.nodes.iter().any(holds_steps)),
    }
}

/// Whether it is a step with `?`, or has one in it.
fn may_fail(node: &Node) -> bool {
    match &node.kind {
        Kind::Step(call) => call.question.is_some() && call.record.is_none(),
        _ => node.scopes().into_iter().any(|scope| scope.nodes.iter().any(may_fail)),
    }
}

/// The steps of a scope that look as if they ran before what comes after them in the source,
/// although they do not.
///
/// `check(&order).await?;` looks like a guard: with `?` and no `let`, only its failure matters. An
/// `#[after]` on it or with its name shows that the author knows that lines have no order. A step
/// at the end does not look as if it came first.
pub(crate) fn seeming_guards(scope: &Scope) -> Vec<usize> {
    let ordered = Ordered::of(scope);
    let guards = (0..scope.nodes.len()).filter(|&at| {
        let node = &scope.nodes[at];
        let is_bound = node.binding.is_some() || scope.is_result(at);
        let waited_for = scope.nodes.iter().any(|other| other.needs.contains_key(&at));
        let below = ordered.beside_below(scope, at);
        may_fail(node) && !is_bound && !waited_for && !node.names_order() && !below.is_empty()
    });
    guards.collect()
}
