//! What must be done before what.

use crate::sorted::SortedSet;
use crate::workflow::bits::Bits;

/// The order of the nodes of a scope: which nodes are done before another one starts, and which
/// nodes another one waits for while it runs.
#[derive(Debug)]
pub(crate) struct Order {
    /// The nodes, each after everything that it needs; of those that could come next, the one that
    /// comes first in the source.
    pub(super) sorted: Vec<usize>,
    /// Everything that is done before a node starts.
    pub(super) before: Vec<Bits>,
    /// Everything that starts after a node is done.
    pub(super) after: Vec<Bits>,
    /// What a node watches and what watches it.
    pub(super) beside: Vec<Bits>,
    /// What a node watches.
    pub(super) watches: Vec<Bits>,
}

impl Order {
    /// `needs[node]` are the nodes that are done before `node` starts, and `watches[node]` those
    /// that a part of it waits for. There are no cycles.
    pub(crate) fn new(needs: &[Vec<usize>], watches: &[Vec<usize>]) -> Self {
        let count = needs.len();
        let sorted = sort(needs, watches);
        let mut before = vec![Bits::empty(count); count];
        let mut after = vec![Bits::empty(count); count];
        for &node in &sorted {
            let mut all = Bits::empty(count);
            for &need in &needs[node] {
                all.insert(need);
                all.add(&before[need]);
            }
            for earlier in all.iter() {
                after[earlier].insert(node);
            }
            before[node] = all;
        }
        let mut beside = vec![Bits::empty(count); count];
        let mut watched = vec![Bits::empty(count); count];
        for (node, watches) in watches.iter().enumerate() {
            for &other in watches.iter().filter(|&&other| !before[node].contains(other)) {
                watched[node].insert(other);
                beside[node].insert(other);
                beside[other].insert(node);
            }
        }
        Self { sorted, before, after, beside, watches: watched }
    }

    pub(crate) fn len(&self) -> usize {
        self.sorted.len()
    }

    /// The nodes, each after everything that it needs.
    pub(crate) fn sorted(&self) -> impl Iterator<Item = usize> + '_ {
        self.sorted.iter().copied()
    }

    /// Whether `later` starts after `earlier` is done.
    pub(crate) fn precedes(&self, earlier: usize, later: usize) -> bool {
        self.before[later].contains(earlier)
    }

    /// Whether `node` starts after every other of `nodes` is done.
    pub(crate) fn is_last(&self, node: usize, nodes: &[usize]) -> bool {
        nodes.iter().all(|&other| other == node || self.before[node].contains(other))
    }
}

/// Each node after everything that it needs or watches.
fn sort(needs: &[Vec<usize>], watches: &[Vec<usize>]) -> Vec<usize> {
    let count = needs.len();
    let mut left: Vec<usize> = (0..count).map(|at| needs[at].len() + watches[at].len()).collect();
    let mut needed_by = vec![Vec::new(); count];
    for node in 0..count {
        for &need in needs[node].iter().chain(&watches[node]) {
            needed_by[need].push(node);
        }
    }
    let mut ready: SortedSet<usize> = (0..count).filter(|&node| left[node] == 0).collect();
    let mut sorted = Vec::with_capacity(count);
    while let Some(node) = ready.pop_first() {
        sorted.push(node);
        for &other in &needed_by[node] {
            left[other] -= 1;
            if left[other] == 0 {
                ready.insert(other);
            }
        }
    }
    debug_assert_eq!(sorted.len(), count, "the graph has no cycles");
    sorted
}
