//! How far each node of a graph has come, by what is recorded.

use std::collections::HashSet;

use workflow_graph::path::declared;
use workflow_graph::{Edge, Graph, NodeKind, Parent, Source};
use workflow_journal::{Kind, Record, RunState, completed};

/// How far a node has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Come {
    Not,
    /// All that it needs is there.
    Next,
    Partly,
    Done,
}

/// What is known of all nodes.
pub(crate) struct Progress<'a> {
    graph: &'a Graph,
    completed: bool,
    /// Of each recorded step its path, and that of its declaration.
    steps: Vec<(&'a str, String)>,
    /// Of each fan-out that has begun the path of its declaration, and how many items it has.
    items: Vec<(String, usize)>,
    pub(crate) come: Vec<Come>,
}

impl<'a> Progress<'a> {
    pub(crate) fn of(graph: &'a Graph, state: RunState, records: &'a [Record]) -> Self {
        let of_kind = |kind| records.iter().filter(move |record| record.kind == kind);
        let items = of_kind(Kind::Items);
        let mut progress = Self {
            graph,
            completed: state == RunState::Completed,
            steps: completed(records)
                .map(|record| (&*record.path, declared(&record.path)))
                .collect(),
            items: items
                .map(|record| (declared(&record.path), record.output.parse().unwrap_or(0)))
                .collect(),
            come: vec![Come::Not; graph.nodes().len()],
        };
        // Values and scopes are not recorded: they are done when others are, in any order.
        while progress.improve() {}
        for node in 0..progress.come.len() {
            let is_call = matches!(
                graph.nodes()[node].kind(),
                NodeKind::Step | NodeKind::Workflow | NodeKind::FanOut { .. }
            );
            if progress.come[node] == Come::Not
                && is_call
                && progress.has_its_needs(node)
                && !progress.is_in_other_arm(node)
            {
                progress.come[node] = Come::Next;
            }
        }
        progress
    }

    /// Gives whether anything has changed.
    fn improve(&mut self) -> bool {
        let come: Vec<_> = (0..self.come.len()).map(|node| self.look(node)).collect();
        let changed = come != self.come;
        self.come = come;
        changed
    }

    fn look(&self, node: usize) -> Come {
        let kind = self.graph.nodes()[node].kind();
        let come = match kind {
            NodeKind::Step => return self.counted(node),
            NodeKind::Workflow => match self.counted(node) {
                Come::Not if self.has_inner_steps(node) => Come::Partly,
                come => come,
            },
            NodeKind::Branch { arms } => self.branch(node, arms.len()),
            NodeKind::FanOut { .. } => match self.items_of(node) {
                Some(0) => Come::Done,
                Some(_) => self.scope(Parent { node, arm: 0 }).max(Come::Partly),
                None => Come::Not,
            },
            NodeKind::Block => self.scope(Parent { node, arm: 0 }),
            _ if self.has_its_needs(node) && self.is_in_chosen_arm(node) => Come::Done,
            _ => Come::Not,
        };
        // Items that went through other arms have not all the same steps.
        if self.completed && come == Come::Partly { Come::Done } else { come }
    }

    fn branch(&self, node: usize, arms: usize) -> Come {
        let arms = (0..arms).map(|arm| self.scope(Parent { node, arm }));
        let come = arms.max().unwrap_or(Come::Not);
        // An arm without steps leaves no record but those of what came after it.
        let needed =
            |edge: &Edge| edge.from == Source::Node(node) && self.come[edge.to] >= Come::Partly;
        let was_done = self.graph.edges().iter().any(needed);
        if was_done || (self.completed && self.has_its_needs(node)) { Come::Done } else { come }
    }

    /// A step that stands in fan-outs is done when it is for all items.
    fn counted(&self, node: usize) -> Come {
        let path = self.graph.nodes()[node].path();
        let recorded = self.steps.iter().filter(|(_, declared)| declared == path);
        let recorded = recorded.map(|(path, _)| path).collect::<HashSet<_>>().len();
        let fan_out = self
            .scopes_of(node)
            .find(|&scope| matches!(self.graph.nodes()[scope].kind(), NodeKind::FanOut { .. }));
        let expected = fan_out.map_or(Some(1), |fan_out| self.items_of(fan_out));
        match recorded {
            0 => Come::Not,
            _ if expected.is_some_and(|expected| recorded >= expected) => Come::Done,
            _ => Come::Partly,
        }
    }

    /// How many items a fan-out has, in all items of those that it stands in.
    fn items_of(&self, fan_out: usize) -> Option<usize> {
        let path = self.graph.nodes()[fan_out].path();
        let items = self.items.iter().filter(|(declared, _)| declared == path);
        let items: Vec<_> = items.map(|(_, items)| *items).collect();
        (!items.is_empty()).then(|| items.iter().sum())
    }

    fn has_inner_steps(&self, node: usize) -> bool {
        let inner = format!("{}.", self.graph.nodes()[node].path());
        self.steps.iter().any(|(_, declared)| declared.starts_with(&inner))
    }

    fn scope(&self, scope: Parent) -> Come {
        let nodes = self.graph.nodes().iter().zip(&self.come);
        let inside: Vec<_> =
            nodes.filter(|(node, _)| node.parent() == Some(scope)).map(|(_, come)| *come).collect();
        match &inside[..] {
            [] => Come::Not,
            all if all.iter().all(|come| *come == Come::Done) => Come::Done,
            all if all.iter().any(|come| *come >= Come::Partly) => Come::Partly,
            _ => Come::Not,
        }
    }

    /// Whether all is done that the node and what it stands in need.
    fn has_its_needs(&self, node: usize) -> bool {
        let scopes: Vec<_> = self.scopes_of(node).collect();
        self.graph.edges().iter().all(|edge| match edge.from {
            Source::Node(from) if edge.to == node || scopes.contains(&edge.to) => {
                scopes.contains(&from) || self.come[from] == Come::Done
            }
            _ => true,
        })
    }

    /// Whether an arm that the node does not stand in has been chosen.
    fn is_in_other_arm(&self, node: usize) -> bool {
        self.parents_of(node).any(|parent| match self.graph.nodes()[parent.node].kind() {
            NodeKind::Branch { arms } => (0..arms.len())
                .filter(|arm| *arm != parent.arm)
                .any(|arm| self.scope(Parent { arm, ..parent }) >= Come::Partly),
            _ => false,
        })
    }

    /// Whether a call beside the node tells that its arm has been chosen, if it stands in one.
    fn is_in_chosen_arm(&self, node: usize) -> bool {
        let is_branch = |parent: &Parent| {
            matches!(self.graph.nodes()[parent.node].kind(), NodeKind::Branch { .. })
        };
        let Some(arm) = self.parents_of(node).find(is_branch) else { return true };
        let mut nodes = self.graph.nodes().iter().zip(&self.come);
        nodes.any(|(beside, come)| {
            beside.parent() == Some(arm)
                && beside.kind() != NodeKind::Value
                && *come >= Come::Partly
        })
    }

    fn scopes_of(&self, node: usize) -> impl Iterator<Item = usize> {
        self.parents_of(node).map(|parent| parent.node)
    }

    /// What the node stands in, from the innermost.
    fn parents_of(&self, node: usize) -> impl Iterator<Item = Parent> {
        let parent = |node: usize| self.graph.nodes()[node].parent();
        std::iter::successors(parent(node), move |inner| parent(inner.node))
    }
}
