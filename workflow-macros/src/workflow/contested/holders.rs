//! The steps of a scope that hold variables which others of them need as well.

use proc_macro2::Ident;

use super::held::{Access, Held, held_by};
use super::{Variables, is_in};
use crate::sorted::SortedMap;
use crate::workflow::model::Scope;
use crate::workflow::ordered::Ordered;

/// What each step of a scope holds, and the steps that hold something which `matters`.
pub(super) struct Holders<'a> {
    pub(super) held: Vec<Vec<Held<'a>>>,
    relevant: Vec<usize>,
}

impl<'a> Holders<'a> {
    /// `matters` gets all the ways in which the steps of the scope hold a variable.
    pub(super) fn of(
        scope: &'a Scope,
        variables: &Variables,
        matters: fn(&[Access]) -> bool,
    ) -> Self {
        let held: Vec<_> = scope.nodes.iter().map(|node| held_by(node, is_in(variables))).collect();
        let mut accesses: SortedMap<&Ident, Vec<Access>> = SortedMap::new();
        for held in held.iter().flatten() {
            accesses.or_insert(held.variable, Vec::new()).push(held.access);
        }
        let matters = |variable: &Ident| accesses.get(variable).is_some_and(|all| matters(all));
        let relevant =
            (0..held.len()).filter(|&at| held[at].iter().any(|held| matters(held.variable)));
        let relevant = relevant.collect();
        Self { held, relevant }
    }

    /// Two of the relevant steps that run at the same time, in the order of the source.
    pub(super) fn pairs(&self, scope: &Scope) -> Vec<(usize, usize)> {
        if self.relevant.len() < 2 {
            return Vec::new();
        }
        let ordered = Ordered::of(scope);
        let beside_below = |&at: &usize| {
            let others = self
                .relevant
                .iter()
                .filter(move |&&other| scope.nodes[other].id > scope.nodes[at].id);
            let others = others.filter(|&&other| ordered.are_beside(at, other));
            others.map(|&other| (at, other)).collect::<Vec<_>>()
        };
        self.relevant.iter().flat_map(beside_below).collect()
    }
}
