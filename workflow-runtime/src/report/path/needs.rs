//! What a step needed, according to its graph.

use std::collections::BTreeSet;

use crate::graph::path::StepPath;
use crate::graph::{Graph, NodeKind, Source};
use crate::report::model::StepState;
use crate::report::path::index::Index;

/// A step as a place in a graph, from which other nodes are seen.
pub(super) struct View<'a, 'r> {
    index: &'a Index<'r>,
    graph: &'static Graph,
    node: usize,
    /// The path of everything that contains the step, from the outermost to the step itself.
    /// Items have their positions.
    paths: Vec<&'r str>,
    /// The prefix of all paths in its workflow.
    prefix: &'r str,
    /// Only what ended before this event counts.
    limit: usize,
}

impl<'a, 'r> View<'a, 'r> {
    /// `None` for a step that runs without a workflow.
    pub(super) fn of(index: &'a Index<'r>, step: usize) -> Option<Self> {
        let place = &index.run.places[step];
        let (graph, node) = (place.graph?, place.node?);
        let path = &*index.run.steps[step].path;
        let depth = StepPath(graph.nodes()[node].path()).depth();
        let mut ends: Vec<usize> = path.rmatch_indices('.').map(|(at, _)| at).take(depth).collect();
        ends.reverse();
        let prefix = if ends.len() == depth { &path[..=ends.remove(0)] } else { "" };
        let paths = ends.into_iter().chain([path.len()]).map(|end| &path[..end]).collect();
        Some(Self { index, graph, node, paths, prefix, limit: place.started })
    }

    /// The path of the call of its workflow; empty in the outermost one.
    pub(super) fn call(&self) -> &'r str {
        self.prefix.strip_suffix('.').unwrap_or("")
    }

    /// The items that contain it and belong to a fan-out with a limit, from the outermost.
    pub(super) fn limited_items(&self) -> Vec<&'r str> {
        let nodes = self.graph.nodes();
        let limited =
            |&node: &usize| matches!(nodes[node].kind(), NodeKind::FanOut { concurrency: Some(_) });
        let depth = |node: usize| StepPath(nodes[node].path()).depth();
        self.around().filter(limited).map(|node| self.paths[depth(node) - 1]).collect()
    }

    /// Of the steps that it needed, the one that ended last.
    pub(super) fn last_need(&self) -> Option<usize> {
        let mut steps = Vec::new();
        let mut seen: BTreeSet<usize> = self.around().chain([self.node]).collect();
        for to in self.around().chain([self.node]) {
            self.needs_of(to, &mut seen, &mut steps);
        }
        let in_time = |&step: &usize| self.index.end(step) < self.limit;
        steps.into_iter().filter(in_time).max_by_key(|&step| self.index.end(step))
    }

    /// What contains it, from the innermost.
    fn around(&self) -> impl Iterator<Item = usize> {
        self.graph.around(self.node).map(|parent| parent.node)
    }

    /// The steps that had to end before `to` could start, or be computed.
    fn needs_of(&self, to: usize, seen: &mut BTreeSet<usize>, steps: &mut Vec<usize>) {
        let edges = self.graph.edges();
        // They are ordered by the node that they lead to.
        let first = edges.partition_point(|edge| edge.to < to);
        for edge in edges[first..].iter().take_while(|edge| edge.to == to) {
            if let Source::Node(from) = edge.from
                && seen.insert(from)
            {
                self.ends_of(from, seen, steps);
            }
        }
    }

    /// The steps that had to end before `node` was done.
    fn ends_of(&self, node: usize, seen: &mut BTreeSet<usize>, steps: &mut Vec<usize>) {
        let path = self.path(node);
        let inner = match self.graph.nodes()[node].kind() {
            NodeKind::Step | NodeKind::Workflow => {
                steps.extend(self.index.step(&path).filter(|&step| self.index.has_ended(step)));
                return;
            }
            NodeKind::Branch { .. } | NodeKind::FanOut { .. } | NodeKind::Block => {
                steps.extend(self.index.last_within(&path));
                node..self.graph.inside(node).end
            }
            _ => node..node + 1,
        };
        seen.extend(inner.clone());
        for to in inner {
            if self.may_have_run(to, node) {
                self.needs_of(to, seen, steps);
            }
        }
    }

    /// Whether no branch between `node` and `outer` has chosen another arm, as far as that can be
    /// seen from here.
    fn may_have_run(&self, node: usize, outer: usize) -> bool {
        let nodes = self.graph.nodes();
        let mut inner = node;
        while inner != outer {
            let Some(parent) = nodes[inner].parent() else { return true };
            if parent.node == outer && !self.may_have_chosen(outer, parent.arm) {
                return false;
            }
            inner = parent.node;
        }
        true
    }

    fn may_have_chosen(&self, branch: usize, arm: usize) -> bool {
        if !matches!(self.graph.nodes()[branch].kind(), NodeKind::Branch { .. }) {
            return true;
        }
        let mut ran = BTreeSet::new();
        let mut skipped = BTreeSet::new();
        for step in self.index.within(&self.path(branch)) {
            let place = &self.index.run.places[step];
            let known = place.graph == Some(self.graph);
            if let Some(arm) = place.node.filter(|_| known).and_then(|at| self.arm(at, branch)) {
                let skips = self.index.run.steps[step].state == StepState::Skipped;
                if skips { &mut skipped } else { &mut ran }.insert(arm);
            }
        }
        if ran.is_empty() { !skipped.contains(&arm) } else { ran.contains(&arm) }
    }

    fn arm(&self, node: usize, branch: usize) -> Option<usize> {
        self.graph.around(node).find(|parent| parent.node == branch).map(|parent| parent.arm)
    }

    /// The path of a node that can be seen from here: the scope that contains it contains the
    /// step, too.
    fn path(&self, node: usize) -> String {
        let node = &self.graph.nodes()[node];
        match StepPath(node.path()).depth() {
            1 => format!("{}{}", self.prefix, node.path()),
            depth => {
                let scope = self.paths.get(depth - 2).copied().unwrap_or_default();
                format!("{scope}.{}", node.name())
            }
        }
    }
}
