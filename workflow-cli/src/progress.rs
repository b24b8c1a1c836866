//! How far each node of a graph has got, by what is recorded.

use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use workflow_graph::path::StepPath;
use workflow_graph::{Graph, NodeKind, Parent, Source};
use workflow_journal::{Kind, Record, StoredState, completed};

/// How far a node has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Come {
    Not,
    /// Everything that it needs is available.
    Next,
    Partly,
    Done,
}

/// How far each node has got. The work grows with the graph and the records.
pub(crate) fn progress(graph: &Graph, state: StoredState, records: &[Record]) -> Vec<Come> {
    let mut progress = Progress::of(graph, state, records);
    progress.settle();
    progress.mark_next();
    progress.come
}

/// The contents of a scope, by how far they have got.
#[derive(Default)]
struct Scope {
    members: usize,
    /// The members that have at least begun.
    begun: usize,
    done: usize,
    /// Whether something other than a value has begun, which shows that the arm was chosen.
    chosen: bool,
    /// For an arm, the nodes whose progress becomes known when it is chosen.
    values: Vec<usize>,
}

impl Scope {
    fn come(&self) -> Come {
        match (self.begun, self.done) {
            (0, _) => Come::Not,
            (_, done) if done == self.members => Come::Done,
            _ => Come::Partly,
        }
    }
}

/// Values and scopes are not recorded: they are done when others are, in any order. So what is
/// found about a node is passed on to everything that it may change, until nothing changes.
struct Progress<'a> {
    graph: &'a Graph,
    completed: bool,
    come: Vec<Come>,
    /// The number of recorded steps for each declaration.
    steps: BTreeMap<String, usize>,
    /// The number of items of each fan-out that has begun, summed over all items of the fan-outs
    /// around it.
    items: HashMap<String, usize>,
    scopes: HashMap<Parent, Scope>,
    /// For each node, the number of nodes that it needs and that are not done. Nodes that contain
    /// it, or that it contains, do not count.
    open: Vec<usize>,
    /// Whether everything is done that the node and the nodes around it need.
    ready: Vec<bool>,
    inside: Vec<Vec<usize>>,
    needed_by: Vec<Vec<usize>>,
    /// The branches that a node needs.
    branches: Vec<Vec<usize>>,
    /// Whether something that needs this branch has begun.
    was_used: Vec<bool>,
    /// The nodes that may have got further than is noted.
    changed: Vec<usize>,
}

impl<'a> Progress<'a> {
    fn of(graph: &'a Graph, state: StoredState, records: &[Record]) -> Self {
        let nodes = graph.nodes();
        let count = nodes.len();
        let mut steps: BTreeMap<String, usize> = BTreeMap::new();
        for record in completed(records) {
            *steps.entry(StepPath(&record.path).declared().into_owned()).or_default() += 1;
        }
        let mut items: HashMap<String, usize> = HashMap::new();
        for record in records.iter().filter(|record| record.kind == Kind::Items) {
            let items = items.entry(StepPath(&record.path).declared().into_owned()).or_default();
            *items = items.saturating_add(record.output.parse().unwrap_or(0));
        }
        let mut progress = Self {
            graph,
            completed: state == StoredState::Completed,
            come: vec![Come::Not; count],
            steps,
            items,
            scopes: HashMap::new(),
            open: vec![0; count],
            ready: vec![false; count],
            inside: vec![Vec::new(); count],
            needed_by: vec![Vec::new(); count],
            branches: vec![Vec::new(); count],
            was_used: vec![false; count],
            changed: (0..count).rev().collect(),
        };
        for (node, parent) in nodes
            .iter()
            .enumerate()
            .filter_map(|(at, node)| node.parent().map(|parent| (at, parent)))
        {
            progress.scopes.entry(parent).or_default().members += 1;
            progress.inside[parent.node].push(node);
            if let Some(arm) = progress.arm_of(node) {
                progress.scopes.entry(arm).or_default().values.push(node);
            }
        }
        for edge in graph.edges() {
            let Source::Node(from) = edge.from else { continue };
            if is_branch(graph, from) {
                progress.branches[edge.to].push(from);
            }
            let is_nested = progress.stands_in(edge.to, from) || progress.stands_in(from, edge.to);
            if from != edge.to && !is_nested {
                progress.open[edge.to] += 1;
                progress.needed_by[from].push(edge.to);
            }
        }
        for node in 0..count {
            progress.look_whether_ready(node);
        }
        progress
    }

    fn settle(&mut self) {
        while let Some(node) = self.changed.pop() {
            let (before, now) = (self.come[node], self.look(node));
            if now > before {
                self.come[node] = now;
                self.pass_on(node, before, now);
            }
        }
    }

    /// Informs everything that a node's progress may change.
    fn pass_on(&mut self, node: usize, before: Come, now: Come) {
        if let Some(parent) = self.graph.nodes()[node].parent() {
            let is_value = self.graph.nodes()[node].kind() == NodeKind::Value;
            let scope = self.scopes.entry(parent).or_default();
            scope.begun += usize::from(before < Come::Partly);
            scope.done += usize::from(now == Come::Done);
            if !is_value && !std::mem::replace(&mut scope.chosen, true) {
                self.changed.append(&mut scope.values);
            }
            self.changed.push(parent.node);
        }
        for &branch in &self.branches[node] {
            if !std::mem::replace(&mut self.was_used[branch], true) {
                self.changed.push(branch);
            }
        }
        if now == Come::Done {
            for to in std::mem::take(&mut self.needed_by[node]) {
                self.open[to] -= 1;
                self.look_whether_ready(to);
            }
        }
    }

    /// Notes whether everything that a node needs is done, also for the nodes inside it that waited
    /// only for that.
    fn look_whether_ready(&mut self, node: usize) {
        let mut nodes = vec![node];
        while let Some(node) = nodes.pop() {
            let parent = self.graph.nodes()[node].parent();
            let is_ready = self.open[node] == 0 && parent.is_none_or(|it| self.ready[it.node]);
            if is_ready && !self.ready[node] {
                self.ready[node] = true;
                self.changed.push(node);
                nodes.extend(&self.inside[node]);
            }
        }
    }

    fn look(&self, node: usize) -> Come {
        let declaration = &self.graph.nodes()[node];
        let come = match declaration.kind() {
            NodeKind::Step => return self.counted(node),
            NodeKind::Workflow => match self.counted(node) {
                Come::Not if self.has_inner_steps(node) => Come::Partly,
                come => come,
            },
            NodeKind::Branch { arms } => self.branch(node, arms.len()),
            NodeKind::FanOut { .. } => match self.items.get(declaration.path()) {
                Some(0) => Come::Done,
                Some(_) => self.scope(Parent::new(node, 0)).max(Come::Partly),
                None => Come::Not,
            },
            NodeKind::Block => self.scope(Parent::new(node, 0)),
            _ if self.ready[node] && self.is_in_chosen_arm(node) => Come::Done,
            _ => Come::Not,
        };
        // Items that went through different arms do not all have the same steps.
        if self.completed && come == Come::Partly { Come::Done } else { come }
    }

    fn branch(&self, node: usize, arms: usize) -> Come {
        // An arm without steps leaves no record except those of what came after it.
        if self.was_used[node] || (self.completed && self.ready[node]) {
            return Come::Done;
        }
        let arms = (0..arms).map(|arm| self.scope(Parent::new(node, arm)));
        arms.max().unwrap_or(Come::Not)
    }

    /// A step inside fan-outs is done when it is done for all items.
    fn counted(&self, node: usize) -> Come {
        let nodes = self.graph.nodes();
        let recorded = self.steps.get(nodes[node].path()).copied().unwrap_or(0);
        let is_fan_out =
            |scope: &Parent| matches!(nodes[scope.node].kind(), NodeKind::FanOut { .. });
        let fan_out = self.graph.around(node).find(is_fan_out);
        let expected =
            fan_out.map_or(Some(&1), |fan_out| self.items.get(nodes[fan_out.node].path()));
        match recorded {
            0 => Come::Not,
            _ if expected.is_some_and(|expected| recorded >= *expected) => Come::Done,
            _ => Come::Partly,
        }
    }

    fn has_inner_steps(&self, node: usize) -> bool {
        let inner = format!("{}.", self.graph.nodes()[node].path());
        let from = (Bound::Included(&*inner), Bound::Unbounded);
        let mut steps = self.steps.range::<str, _>(from);
        steps.next().is_some_and(|(path, _)| path.starts_with(&inner))
    }

    fn scope(&self, scope: Parent) -> Come {
        self.scopes.get(&scope).map_or(Come::Not, Scope::come)
    }

    /// Whether a call beside the node shows that the node's arm has been chosen, if it is inside
    /// one.
    fn is_in_chosen_arm(&self, node: usize) -> bool {
        self.arm_of(node).is_none_or(|arm| self.scopes.get(&arm).is_some_and(|arm| arm.chosen))
    }

    /// The innermost arm that contains the node.
    fn arm_of(&self, node: usize) -> Option<Parent> {
        self.graph.around(node).find(|parent| is_branch(self.graph, parent.node))
    }

    fn mark_next(&mut self) {
        // For each branch, the number of arms that have begun.
        let mut begun: HashMap<usize, usize> = HashMap::new();
        for (parent, scope) in &self.scopes {
            *begun.entry(parent.node).or_default() += usize::from(scope.come() >= Come::Partly);
        }
        for node in 0..self.come.len() {
            let is_call = matches!(
                self.graph.nodes()[node].kind(),
                NodeKind::Step | NodeKind::Workflow | NodeKind::FanOut { .. }
            );
            let is_in_other_arm = || {
                let mut arms =
                    self.graph.around(node).filter(|parent| is_branch(self.graph, parent.node));
                arms.any(|arm| {
                    let own = usize::from(self.scope(arm) >= Come::Partly);
                    begun.get(&arm.node).is_some_and(|begun| *begun > own)
                })
            };
            if self.come[node] == Come::Not && is_call && self.ready[node] && !is_in_other_arm() {
                self.come[node] = Come::Next;
            }
        }
    }

    fn stands_in(&self, node: usize, scope: usize) -> bool {
        self.graph.around(node).any(|parent| parent.node == scope)
    }
}

fn is_branch(graph: &Graph, node: usize) -> bool {
    matches!(graph.nodes()[node].kind(), NodeKind::Branch { .. })
}
