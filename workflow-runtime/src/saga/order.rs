//! The order in which compensations run: the reverse of the graph's order.

use std::collections::BTreeMap;

use super::queues::Entry;
use crate::graph::{Graph, NodeKind, Source};

/// The entries of one node in one item: all those with the same number at some depth of their
/// positions. Without a node, the entries of all nodes in that item.
type Group = (Option<usize>, usize);

/// Which compensations wait for which. The groups have numbers.
pub(super) struct Order {
    /// The groups that each entry is part of.
    groups: Vec<Vec<usize>>,
    /// How many entries of each group are left.
    left: Vec<usize>,
    /// The entries that wait for each whole group.
    waiting: Vec<Vec<usize>>,
    /// How many groups each entry waits for.
    waits_for: Vec<usize>,
}

impl Order {
    pub(super) fn new(graph: &Graph, entries: &[Entry]) -> Self {
        let numbers: Vec<Vec<usize>> =
            entries.iter().map(|entry| entry.position.numbers()).collect();
        let mut known: BTreeMap<Group, usize> = BTreeMap::new();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        let mut left = Vec::new();
        for (entry, numbers) in entries.iter().zip(&numbers) {
            let mut own = Vec::new();
            for node in [Some(entry.node), None] {
                for &at in numbers {
                    let group = *known.entry((node, at)).or_insert(left.len());
                    left.resize(known.len(), 0);
                    left[group] += 1;
                    own.push(group);
                }
            }
            groups.push(own);
        }
        let dependents = dependents(graph, entries);
        let mut waiting = vec![Vec::new(); left.len()];
        let mut waits_for = vec![0; entries.len()];
        for (at, (entry, numbers)) in entries.iter().zip(&numbers).enumerate() {
            for &dependent in &dependents[entry.node] {
                // Of the items of a fan-out around both, only the same item matters.
                let depth = common_fan_outs(graph, entry.node, dependent);
                let group = (Some(dependent), numbers[depth.min(numbers.len() - 1)]);
                if let Some(&group) = known.get(&group) {
                    waiting[group].push(at);
                    waits_for[at] += 1;
                }
            }
        }
        for (earlier, later) in in_turn(graph, entries, &numbers) {
            waiting[known[&(None, later)]].push(earlier);
            waits_for[earlier] += 1;
        }
        Self { groups, left, waiting, waits_for }
    }

    /// The entries that wait for no group.
    pub(super) fn first(&self) -> Vec<usize> {
        (0..self.waits_for.len()).filter(|&at| self.waits_for[at] == 0).collect()
    }

    /// An entry is over. Returns the entries that can start now.
    pub(super) fn over(&mut self, entry: usize) -> Vec<usize> {
        let mut ready = Vec::new();
        for &group in &self.groups[entry] {
            self.left[group] -= 1;
            if self.left[group] > 0 {
                continue;
            }
            for at in std::mem::take(&mut self.waiting[group]) {
                self.waits_for[at] -= 1;
                if self.waits_for[at] == 0 {
                    ready.push(at);
                }
            }
        }
        ready
    }
}

/// For fan-outs whose items ran one after another: each entry, with the next item of the fan-out
/// that has any entries, which is undone before it.
fn in_turn(graph: &Graph, entries: &[Entry], numbers: &[Vec<usize>]) -> Vec<(usize, usize)> {
    // The items of each fan-out, by its node and the item around it, and then by their turns.
    let mut items: Vec<((usize, usize), u64, usize)> = Vec::new();
    let mut places = Vec::new();
    for (at, (entry, numbers)) in entries.iter().zip(numbers).enumerate() {
        let mut fan_outs: Vec<usize> = containers(graph, entry.node)
            .into_iter()
            .filter(|&node| is_fan_out(graph, node))
            .collect();
        fan_outs.reverse();
        for (depth, (fan_out, turn)) in fan_outs.into_iter().zip(entry.position.turns()).enumerate()
        {
            let Some(turn) = turn else { continue };
            let key = (fan_out, numbers[depth]);
            items.push((key, turn, numbers[depth + 1]));
            places.push((at, key, turn));
        }
    }
    items.sort_unstable();
    let next = |(at, key, turn)| {
        let after = items.partition_point(|&(other, of, _)| (other, of) <= (key, turn));
        let &(other, _, later) = items.get(after)?;
        (other == key).then_some((at, later))
    };
    places.into_iter().filter_map(next).collect()
}

fn is_fan_out(graph: &Graph, node: usize) -> bool {
    matches!(graph.nodes()[node].kind(), NodeKind::FanOut { .. })
}

/// For each node of the graph that has entries, the others that have some and depend on it.
fn dependents(graph: &Graph, entries: &[Entry]) -> Vec<Vec<usize>> {
    let count = graph.nodes().len();
    let mut has_entries = vec![false; count];
    for entry in entries {
        has_entries[entry.node] = true;
    }
    let mut dependents = vec![Vec::new(); count];
    for node in (0..count).filter(|&node| has_entries[node]) {
        let before = ancestors(graph, node);
        for earlier in (0..count).filter(|&at| has_entries[at] && before[at]) {
            dependents[earlier].push(node);
        }
    }
    dependents
}

/// For each node of the graph, whether it has to be done before `node` starts.
fn ancestors(graph: &Graph, node: usize) -> Vec<bool> {
    let mut found = vec![false; graph.nodes().len()];
    let mut next = vec![node];
    while let Some(at) = next.pop() {
        // Everything inside a branch or a fan-out depends on what the branch or fan-out depends on.
        let around = containers(graph, at);
        for to in std::iter::once(at).chain(around.iter().copied()) {
            for edge in graph.edges().iter().filter(|edge| edge.to == to) {
                let Source::Node(from) = edge.from else { continue };
                // It is done when everything inside it is done.
                let whole = from..graph.inside(from).end;
                next.extend(whole.filter(|&at| !std::mem::replace(&mut found[at], true)));
            }
        }
    }
    found
}

/// The branches, fan-outs and blocks around a node, from the innermost outwards.
fn containers(graph: &Graph, node: usize) -> Vec<usize> {
    graph.around(node).map(|parent| parent.node).collect()
}

/// How many fan-outs contain both.
fn common_fan_outs(graph: &Graph, left: usize, right: usize) -> usize {
    let right = containers(graph, right);
    let both = containers(graph, left).into_iter().filter(|at| right.contains(at));
    both.filter(|&at| is_fan_out(graph, at)).count()
}
