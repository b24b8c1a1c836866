//! Steps that have changed since they were recorded, and what depends on them.

use std::collections::HashMap;

use crate::graph::path::{StepPath, name_of};
use crate::graph::{Edge, Graph, NodeKind, Source};
use crate::run::Site;

/// The steps of a run that run again, because they have changed or had been undone, or because that
/// was requested.
#[derive(Default)]
pub(super) struct Changes {
    changed: Vec<Changed>,
    /// The paths of everything that runs again, also because of these steps, each with the last
    /// reason. What is in it runs again as well: what the call of a workflow is given can be
    /// different.
    again: HashMap<String, Reason>,
}

/// Why something runs again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Reason {
    /// Its position among all records: what was recorded before it is concerned.
    order: usize,
    /// It is a request, which stays in the journal. Any other is found again by the record that has
    /// replaced an older one.
    requested: bool,
}

struct Changed {
    graph: &'static Graph,
    node: usize,
    /// The path of the call of the workflow that contains it.
    call: String,
    path: String,
    reason: Reason,
}

impl Changes {
    /// Adds a step that has changed, or was undone.
    pub(super) fn add(&mut self, step: &Site<'_>, order: usize) {
        self.add_for(step, Reason { order, requested: false });
    }

    /// Adds a step that was requested to run again.
    pub(super) fn request(&mut self, step: &Site<'_>, order: usize) {
        self.add_for(step, Reason { order, requested: true });
    }

    fn add_for(&mut self, step: &Site<'_>, reason: Reason) {
        let is_known = self.again.contains_key(&**step.path);
        self.runs_again(step.path, reason);
        let mut known = self.changed.iter_mut().filter(|_| is_known);
        if let Some(known) = known.find(|known| *known.path == **step.path) {
            known.reason = known.reason.max(reason);
            return;
        }
        self.changed.push(Changed::new(step, step.path.to_string(), reason));
    }

    /// Adds that a fan-out has other items: everything that depends on all of them is affected, but
    /// no item whose place is before this one.
    pub(super) fn add_items(&mut self, fan_out: &Site<'_>, places: usize, order: usize) {
        let path = format!("{}[{places}]", fan_out.path);
        let reason = Reason { order, requested: false };
        self.runs_again(&path, reason);
        self.changed.push(Changed::new(fan_out, path, reason));
    }

    /// Whether what was recorded for `step` at this position depended on what one of these steps
    /// was before.
    pub(super) fn concern(&self, step: &Site<'_>, order: usize) -> bool {
        self.last_concerning(step, order).is_some()
    }

    /// The same for a step that then runs again.
    pub(super) fn rerun(&mut self, step: &Site<'_>, order: usize) -> bool {
        let Some(last) = self.last_concerning(step, order) else { return false };
        self.runs_again(step.path, last);
        true
    }

    /// Whether the step with this path runs again only because that, or something that it depends
    /// on, was requested.
    pub(super) fn is_requested(&self, path: &str) -> bool {
        self.again.get(path).is_some_and(|reason| reason.requested)
    }

    fn runs_again(&mut self, path: &str, reason: Reason) {
        let known = self.again.entry(path.to_owned()).or_insert(reason);
        known.order = known.order.max(reason.order);
        known.requested &= reason.requested;
    }

    /// The last reason after this position that concerns the step.
    fn last_concerning(&self, step: &Site<'_>, order: usize) -> Option<Reason> {
        let around = StepPath(step.path).with_around().filter(|path| *path != &**step.path);
        let around = around.filter_map(|path| self.again.get(path)).copied();
        let changed = self.changed.iter().filter(|changed| changed.reason.order > order);
        let needed = changed.filter(|changed| changed.is_needed_by(step));
        let concerning = around.chain(needed.map(|changed| changed.reason));
        let concerning = concerning.filter(|reason| reason.order > order);
        concerning.reduce(|one, other| Reason {
            order: one.order.max(other.order),
            requested: one.requested && other.requested,
        })
    }
}

impl Changed {
    fn new(step: &Site<'_>, path: String, reason: Reason) -> Self {
        let call = call(step.path, step.graph, step.node).to_owned();
        Self { graph: step.graph, node: step.node, call, path, reason }
    }

    fn is_needed_by(&self, step: &Site<'_>) -> bool {
        is_same(self.graph, step.graph)
            && self.call == call(step.path, step.graph, step.node)
            && !in_other_items(&self.path, step.path)
            && needs(step.graph, step.node, self.node)
    }
}

/// Whether the graphs at one place of a run are those of the same workflow. A constant can be at
/// several addresses.
fn is_same(one: &Graph, other: &Graph) -> bool {
    std::ptr::eq(one, other)
        || (one.name() == other.name() && one.nodes().len() == other.nodes().len())
}

/// The path of the call of the workflow that contains the node; empty for the run's own workflow.
fn call<'p>(path: &'p str, graph: &Graph, node: usize) -> &'p str {
    let own = StepPath(graph.nodes()[node].path()).depth();
    let mut dots = path.rmatch_indices('.').map(|(at, _)| at);
    dots.nth(own - 1).map_or("", |at| &path[..at])
}

/// Whether the paths are in different items of the same fan-out: those do not depend on each other.
fn in_other_items(one: &str, other: &str) -> bool {
    let together = StepPath(one).parts().zip(StepPath(other).parts());
    let differ = |(one, other): &(&str, &str)| one != other;
    together.into_iter().find(differ).is_some_and(|(one, other)| {
        one.contains('[') && other.contains('[') && name_of(one) == name_of(other)
    })
}

/// Whether `node` depends on `other`, directly or through other nodes.
fn needs(graph: &Graph, node: usize, other: usize) -> bool {
    let mut seen = vec![false; graph.nodes().len()];
    let mut open = vec![node];
    while let Some(at) = open.pop() {
        if std::mem::replace(&mut seen[at], true) {
            continue;
        }
        for edge in edges_into(graph, at) {
            // Anything that depends on a scope depends on what is in it.
            if let Source::Node(from) = edge.from {
                open.push(from);
                open.extend(graph.inside(from));
            }
        }
    }
    seen[other] && other != node
}

/// What a node and the scopes around it depend on: what is in a scope depends on all that the scope
/// does, except for what only the scope's own result is made of.
fn edges_into(graph: &Graph, node: usize) -> impl Iterator<Item = &Edge> {
    let around = graph.around(node).map(|parent| parent.node);
    let of = move |at: usize| {
        let into = graph.edges().iter().filter(move |edge| edge.to == at);
        into.filter(move |edge| at == node || !edge.is_in_result())
    };
    std::iter::once(node).chain(around).flat_map(of)
}

/// The first of these paths that the workflow no longer has.
pub(super) fn removed<'p>(
    graph: &Graph,
    paths: impl IntoIterator<Item = &'p str>,
) -> Option<&'p str> {
    paths.into_iter().find(|path| !has(graph, path))
}

/// Whether the graph has this path, or a step that may be a workflow with this path.
fn has(graph: &Graph, path: &str) -> bool {
    let plain: Vec<_> = StepPath(path).names().collect();
    graph.nodes().iter().enumerate().any(|(at, node)| {
        let is_step = matches!(node.kind(), NodeKind::Step | NodeKind::Workflow);
        let depth = StepPath(node.path()).depth();
        let own = plain.get(..depth).filter(|own| is_step || own.len() == plain.len());
        own.is_some_and(|own| is_called(graph, at, own))
    })
}

/// Whether a node has or had a path of these names: the node, or a scope around it, may have been
/// renamed.
pub(super) fn is_called(graph: &Graph, node: usize, names: &[&str]) -> bool {
    let nodes = graph.nodes();
    let around = graph.around(node).map(|parent| parent.node);
    let mut around = std::iter::once(node).chain(around);
    let mut names = names.iter().rev();
    names.all(|name| {
        around
            .next()
            .is_some_and(|at| nodes[at].name() == *name || nodes[at].former_names().contains(name))
    }) && around.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::{Node, Parent, Was};

    const fn was(names: &'static [&'static str]) -> Was {
        Was { names, functions: &[], outputs: &[] }
    }

    static NODES: [Node; 3] = [
        Node::new("payment", NodeKind::Step, None, "", 0, None).was(was(&["charge"])),
        Node::new("arm", NodeKind::Block, None, "", 0, None).was(was(&["branch"])),
        Node::new("arm.payment", NodeKind::Step, None, "", 0, Some(Parent::new(1, 0)))
            .was(was(&["charge"])),
    ];
    static GRAPH: Graph = Graph::new("flow", &[], &NODES, &[]);

    #[test]
    fn a_former_name_is_one_of_the_same_scope() {
        for names in [["arm", "payment"], ["branch", "payment"], ["arm", "charge"]] {
            assert!(is_called(&GRAPH, 2, &names), "{names:?}");
            assert!(!is_called(&GRAPH, 0, &names), "{names:?}");
        }
        assert!(is_called(&GRAPH, 0, &["charge"]));
        assert!(!is_called(&GRAPH, 2, &["charge"]));
        assert!(!is_called(&GRAPH, 2, &["payment", "charge"]));
    }

    #[test]
    fn what_stands_in_something_renamed_is_still_there() {
        for path in
            ["charge", "branch[3].charge", "arm.charge", "branch.payment.inner", "payment.inner"]
        {
            assert!(has(&GRAPH, path), "{path}");
        }
        for path in ["branch.inner", "other.payment", "arm.payments"] {
            assert!(!has(&GRAPH, path), "{path}");
        }
    }
}
