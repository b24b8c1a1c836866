//! What runs before what in a scope, and where the source order suggests otherwise.

use super::bits::Bits;
use super::model::{Kind, Node, Scope};

/// The order of a scope's nodes, including indirect dependencies.
#[derive(Default)]
pub(crate) struct Ordered {
    /// Everything that each node needs.
    behind: Vec<Bits>,
}

impl Ordered {
    pub(crate) fn of(scope: &Scope) -> Self {
        let count = scope.nodes.len();
        let needs: Vec<Vec<usize>> =
            scope.nodes.iter().map(|node| node.needs.keys().copied().collect()).collect();
        let behind = (0..count).map(|at| {
            let mut found = Bits::empty(count);
            let mut next = vec![at];
            while let Some(at) = next.pop() {
                for &need in &needs[at] {
                    if !found.contains(need) {
                        found.insert(need);
                        next.push(need);
                    }
                }
            }
            found
        });
        Self { behind: behind.collect() }
    }

    /// Whether the node needs the other one.
    pub(crate) fn needs(&self, at: usize, other: usize) -> bool {
        self.behind[at].contains(other)
    }

    /// The nodes with steps that come after `at` in the source but run beside it.
    pub(crate) fn beside_below(&self, scope: &Scope, at: usize) -> Vec<usize> {
        let below = (0..scope.nodes.len()).filter(|&other| {
            scope.nodes[other].id > scope.nodes[at].id && holds_steps(&scope.nodes[other])
        });
        below.filter(|&other| self.are_beside(at, other)).collect()
    }

    /// Whether neither of two nodes needs the other.
    pub(crate) fn are_beside(&self, at: usize, other: usize) -> bool {
        !self.behind[other].contains(at) && !self.behind[at].contains(other)
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
    let mut guards: Vec<usize> = (0..scope.nodes.len())
        .filter(|&at| {
            let node = &scope.nodes[at];
            let is_bound = node.binding.is_some() || scope.is_result(at);
            let waited_for = || scope.nodes.iter().any(|other| other.needs.contains_key(&at));
            !is_bound && may_fail(node) && !node.names_order() && !waited_for()
        })
        .collect();
    if !guards.is_empty() {
        let ordered = Ordered::of(scope);
        guards.retain(|&at| !ordered.beside_below(scope, at).is_empty());
    }
    guards
}
