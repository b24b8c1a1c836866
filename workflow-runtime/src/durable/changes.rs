//! Steps that have changed since they were recorded, and what depends on them.

use crate::graph::path::StepPath;
use crate::graph::{Graph, NodeKind, Source};
use crate::run::Site;

/// The steps of a run that were run again, because they have changed or had been undone.
#[derive(Default)]
pub(super) struct Changes(Vec<Changed>);

struct Changed {
    graph: &'static Graph,
    node: usize,
    /// The prefix of the paths in its scope.
    prefix: String,
    path: String,
    /// The position of its record among all records.
    order: usize,
}

impl Changes {
    pub(super) fn add(&mut self, step: &Site<'_>, order: usize) {
        if let Some(known) = self.0.iter_mut().find(|known| *known.path == **step.path) {
            known.order = known.order.max(order);
            return;
        }
        self.0.push(Changed {
            order,
            graph: step.graph,
            node: step.node,
            prefix: step.prefix().to_owned(),
            path: step.path.to_string(),
        });
    }

    /// Adds that a fan-out has other items: everything that depends on all of them is affected, but
    /// no item whose place is before this one.
    pub(super) fn add_items(&mut self, fan_out: &Site<'_>, places: usize, order: usize) {
        let path = format!("{}[{places}]", fan_out.path);
        self.0.push(Changed {
            order,
            graph: fan_out.graph,
            node: fan_out.node,
            prefix: format!("{path}."),
            path,
        });
    }

    /// Whether what was recorded for `step` at this position depended on what one of these steps
    /// was before.
    pub(super) fn concern(&self, step: &Site<'_>, order: usize) -> bool {
        self.0.iter().any(|changed| changed.order > order && changed.concerns(step))
    }
}

impl Changed {
    fn concerns(&self, step: &Site<'_>) -> bool {
        let inside = step.path.strip_prefix(&*self.path);
        if inside.is_some_and(|rest| rest.starts_with('.') || rest.starts_with('[')) {
            return true;
        }
        // The items of a fan-out do not depend on each other.
        let prefix = step.prefix();
        let related = prefix.starts_with(&*self.prefix) || self.prefix.starts_with(prefix);
        std::ptr::eq(self.graph, step.graph) && related && needs(step.graph, step.node, self.node)
    }
}

/// Whether `node` depends on `other`, directly or through other nodes.
fn needs(graph: &Graph, node: usize, other: usize) -> bool {
    let mut seen = vec![false; graph.nodes().len()];
    let mut open = vec![node];
    while let Some(at) = open.pop() {
        if std::mem::replace(&mut seen[at], true) {
            continue;
        }
        // Anything in a scope depends on what the scope depends on, and anything that depends on a
        // scope depends on what is in it.
        open.extend(graph.nodes()[at].parent().map(|parent| parent.node));
        for edge in graph.edges().iter().filter(|edge| edge.to == at) {
            if let Source::Node(from) = edge.from {
                open.push(from);
                open.extend(graph.inside(from));
            }
        }
    }
    seen[other] && other != node
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
