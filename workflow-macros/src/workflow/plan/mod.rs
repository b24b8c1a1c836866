//! In which order the nodes of one scope run, and beside what.
//!
//! Pure: it knows numbers and dependencies, not tokens. If the order of the nodes is
//! series-parallel, the plan nests sequences and joins as a person would write them; a part that is
//! not becomes a [`Plan::Region`].

mod decompose;
mod order;
mod region;
#[cfg(test)]
mod tests;

pub(crate) use order::Order;

/// When each node of a scope runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Plan {
    /// One node.
    Node(usize),
    /// One after the other: each needs everything in the one before it.
    Sequence(Vec<Plan>),
    /// Side by side: none needs another.
    Join(Vec<Plan>),
    /// Each as soon as what it needs is done.
    Region(Vec<Branch>),
}

/// A part of a region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Branch {
    pub(crate) plan: Plan,
    /// The branches (with lower numbers) that must be done before it starts.
    pub(crate) needs: Vec<usize>,
    /// The branches that only a part of it waits for.
    pub(crate) watches: Vec<usize>,
}

/// Plans a scope. `None` if it has no nodes.
pub(crate) fn plan(order: &Order) -> Option<Plan> {
    (order.len() > 0).then(|| decompose::decompose(order))
}

impl Plan {
    /// The nodes in it, in an order in which they could run.
    pub(crate) fn nodes(&self) -> Vec<usize> {
        let mut nodes = Vec::new();
        self.collect(&mut nodes);
        nodes
    }

    fn collect(&self, nodes: &mut Vec<usize>) {
        match self {
            Self::Node(node) => nodes.push(*node),
            Self::Sequence(parts) | Self::Join(parts) => {
                for part in parts {
                    part.collect(nodes);
                }
            }
            Self::Region(branches) => {
                for branch in branches {
                    branch.plan.collect(nodes);
                }
            }
        }
    }
}
