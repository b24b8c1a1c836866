//! The order in which compensations run: the reverse of the graph's order.

use std::collections::{BTreeMap, BTreeSet};

use super::queues::Entry;
use crate::graph::{Graph, NodeKind, Source};

/// The entries of one node in one item: all those with the same number at some depth of their
/// positions. Without a node, the entries of all nodes in that item.
type Group = (Option<usize>, usize);

/// Which compensations wait for which.
pub(super) struct Order {
    /// The groups that each entry is part of.
    groups: Vec<Vec<Group>>,
    /// How many entries of a group are left.
    left: BTreeMap<Group, usize>,
    /// The entries that wait for a whole group.
    waiting: BTreeMap<Group, Vec<usize>>,
    /// How many groups each entry waits for.
    waits_for: Vec<usize>,
}

impl Order {
    pub(super) fn new(graph: &Graph, entries: &[Entry]) -> Self {
        let numbers: Vec<Vec<usize>> =
            entries.iter().map(|entry| entry.position.numbers()).collect();
        let mut groups: Vec<Vec<Group>> = Vec::new();
        let mut left = BTreeMap::new();
        for (entry, numbers) in entries.iter().zip(&numbers) {
            let nodes = [Some(entry.node), None];
            let own = nodes.into_iter().flat_map(|node| numbers.iter().map(move |&at| (node, at)));
            let own: Vec<Group> = own.collect();
            for &group in &own {
                *left.entry(group).or_default() += 1;
            }
            groups.push(own);
        }
        let nodes: BTreeSet<usize> = entries.iter().map(|entry| entry.node).collect();
        let dependents = dependents(graph, &nodes);
        let mut waiting: BTreeMap<Group, Vec<usize>> = BTreeMap::new();
        let mut waits_for = vec![0; entries.len()];
        for (at, (entry, numbers)) in entries.iter().zip(&numbers).enumerate() {
            for &dependent in &dependents[&entry.node] {
                // Of the items of a fan-out around both, only the same item matters.
                let depth = common_fan_outs(graph, entry.node, dependent);
                let group = (Some(dependent), numbers[depth.min(numbers.len() - 1)]);
                if left.contains_key(&group) {
                    waiting.entry(group).or_default().push(at);
                    waits_for[at] += 1;
                }
            }
        }
        for (earlier, later) in in_turn(graph, entries, &numbers) {
            waiting.entry((None, later)).or_default().push(earlier);
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
        for group in &self.groups[entry] {
            let left = self.left.get_mut(group).expect("the entry is part of it");
            *left -= 1;
            if *left > 0 {
                continue;
            }
            for at in self.waiting.remove(group).into_iter().flatten() {
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
    // The items of each fan-out, by its node and the item around it.
    let mut items: BTreeMap<(usize, usize), BTreeMap<u64, usize>> = BTreeMap::new();
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
            items.entry(key).or_default().insert(turn, numbers[depth + 1]);
            places.push((at, key, turn));
        }
    }
    let next = |(at, key, turn): (usize, (usize, usize), u64)| {
        let (_, &later) = items[&key].range(turn + 1..).next()?;
        Some((at, later))
    };
    places.into_iter().filter_map(next).collect()
}

fn is_fan_out(graph: &Graph, node: usize) -> bool {
    matches!(graph.nodes()[node].kind(), NodeKind::FanOut { .. })
}

/// For each of `nodes`, the ones that depend on it.
fn dependents(graph: &Graph, nodes: &BTreeSet<usize>) -> BTreeMap<usize, Vec<usize>> {
    let needs: BTreeMap<usize, BTreeSet<usize>> =
        nodes.iter().map(|&node| (node, ancestors(graph, node))).collect();
    let dependents_of =
        |node: usize| nodes.iter().copied().filter(|other| needs[other].contains(&node)).collect();
    nodes.iter().map(|&node| (node, dependents_of(node))).collect()
}

/// All nodes that have to be done before `node` starts.
fn ancestors(graph: &Graph, node: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    let mut next = vec![node];
    while let Some(at) = next.pop() {
        // Everything inside a branch or a fan-out depends on what the branch or fan-out depends on.
        let around = containers(graph, at);
        for to in std::iter::once(at).chain(around.iter().copied()) {
            for edge in graph.edges().iter().filter(|edge| edge.to == to) {
                let Source::Node(from) = edge.from else { continue };
                // It is done when everything inside it is done.
                let inside = graph.inside(from);
                next.extend(std::iter::once(from).chain(inside).filter(|&at| found.insert(at)));
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
