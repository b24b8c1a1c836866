//! The code that follows a join, inside one of its branches.
//!
//! The value of a branch leaves its async block, and must not borrow from what stays there: `doc`
//! of `let text = fetch().await?; let doc = parse(&text).await?;`. If it may, the block goes on
//! instead: it takes over the values of the other branches when they are done, and all the code
//! that follows the join is inside it, where `text` still exists.

use proc_macro2::TokenStream;
use quote::quote_spanned;

use super::held::{IN_JOIN, Lending};
use super::joins::{Joined, join_tree};
use super::nodes::mixed_site_at;
use super::scope::ScopeEmitter;
use super::variables::Env;
use crate::paths;
use crate::workflow::plan::Plan;
use crate::workflow::values::usage::{Usage, add_usage};

/// The code after the last statement. It is told whether it is the end of an async block or a
/// closure.
pub(super) type End<'e> = dyn Fn(&mut Env, bool) -> TokenStream + 'e;

/// A join, and what follows it.
struct Nest<'p> {
    /// The branch that goes on.
    inner: &'p Plan,
    /// It starts before the others.
    ahead: bool,
    others: Vec<&'p Plan>,
    /// The other branches whose variables are held outside of them.
    held: Vec<Lending>,
    rest: &'p [Plan],
}

impl ScopeEmitter<'_> {
    /// The plan as statements, then `end`. `later` is what `end` uses.
    pub(super) fn to_the_end(
        &self,
        plan: &Plan,
        env: &mut Env,
        later: &Usage,
        end: &End<'_>,
        wraps: bool,
    ) -> TokenStream {
        match plan {
            Plan::Sequence(parts) => self.parts_to_the_end(parts, env, later, end, wraps),
            part => self.parts_to_the_end(std::slice::from_ref(part), env, later, end, wraps),
        }
    }

    fn parts_to_the_end(
        &self,
        parts: &[Plan],
        env: &mut Env,
        later: &Usage,
        end: &End<'_>,
        wraps: bool,
    ) -> TokenStream {
        let mut statements = TokenStream::new();
        let after = self.used_after(parts, later);
        for (at, (part, used_after)) in parts.iter().zip(&after).enumerate() {
            if let Plan::Join(joined) = part
                && let (values, waits) = self.at_once(joined)
                && let Some(nest) = self.nest(&waits, &parts[at + 1..], env, used_after)
            {
                for value in values {
                    statements.extend(self.statements(value, env, used_after));
                }
                let value = self.nested(&nest, env, used_after, later, end);
                let value = if wraps { self.shared.ok(&value) } else { value };
                return hygienic!(#statements #value);
            }
            statements.extend(self.statements(part, env, used_after));
        }
        let end = end(env, wraps);
        hygienic!(#statements #end)
    }

    /// The branch of a join that takes over what follows, if one has to.
    fn nest<'p>(
        &self,
        branches: &[&'p Plan],
        rest: &'p [Plan],
        env: &Env,
        later: &Usage,
    ) -> Option<Nest<'p>> {
        if !self.nests || branches.len() < 2 {
            return None;
        }
        // A branch that has to take over comes first, or else the one that would hold the most
        // variables.
        let rank = |lending: &Lending| (lending.can_be_held(), usize::MAX - lending.lent.len());
        let mut lending: Vec<Lending> = Vec::new();
        for next in self.provided_for(self.lending(branches, later)) {
            let at = lending.partition_point(|other| rank(other) <= rank(&next));
            lending.insert(at, next);
        }
        let chosen = (0..lending.len()).find_map(|at| {
            let mut others = branches.to_vec();
            others.remove(lending[at].branch);
            (!self.are_at_odds(&others, env, later)).then_some((at, others))
        });
        let (at, others) = chosen?;
        let inner = lending.remove(at).branch;
        let count = lending.len();
        let held = self.worth_slots(lending, IN_JOIN);
        if held.len() < count || !held.iter().all(Lending::can_be_held) {
            return None;
        }
        Some(Nest { inner: branches[inner], ahead: inner == 0, others, held, rest })
    }

    /// Whether what follows consumes a value that other branches borrow: it would be consumed while
    /// they run.
    fn are_at_odds(&self, others: &[&Plan], env: &Env, later: &Usage) -> bool {
        let mut usage = Usage::new();
        for other in others {
            add_usage(&mut usage, &self.usage(other));
        }
        usage.iter().any(|(name, used)| {
            let borrowed = used.borrows || used.takes_part;
            let consumed = later.get(name).is_some_and(|later| later.consumes());
            let copied = self.shared.copied.contains(name) || env.value(name).is_none();
            borrowed && consumed && !copied
        })
    }

    /// The join as one value: the value of `end`.
    fn nested(
        &self,
        nest: &Nest<'_>,
        env: &mut Env,
        used_after: &Usage,
        later: &Usage,
        end: &End<'_>,
    ) -> TokenStream {
        let (shared, rt) = (self.shared, self.shared.rt);
        let flow = &shared.flow;
        let handed = shared.slot("others");
        let hold = self.hold(&nest.held);
        let before = env.clone();
        let together: Vec<&Plan> = nest.others.iter().copied().chain([nest.inner]).collect();
        let share = self.share(&together, &before);
        let mut declared = env.clone();
        let branches = nest.others.iter();
        let branches: Vec<Joined> =
            branches.map(|other| self.branch(other, &before, &mut declared, used_after)).collect();
        let Joined { future, pattern, used, place } = join_tree(rt, branches);
        let inner_end: &End<'_> = &|env, wraps| {
            let wait = hygienic!(#rt::handed(#handed).await);
            let value = if shared.finish { shared.all(&wait) } else { wait };
            for (var, _) in nest.others.iter().flat_map(|other| self.declared_in(other)) {
                env.adopt(&var, &declared);
            }
            let again = self.known_again(&nest.others, env, used_after);
            let rest = self.parts_to_the_end(nest.rest, env, later, end, wraps);
            hygienic!(let #pattern = #value; #used #again #rest)
        };
        let mut inner = before.clone();
        // Whatever the branch itself still needs is available there.
        let body = self.to_the_end(nest.inner, &mut inner, used_after, inner_end, true);
        let inner_place = self.place(nest.inner);
        let block = quote_spanned!(inner_place=> async { #body });
        let block = shared.settled(inner_place, block);
        let block = self.finishing(inner_place, quote_spanned!(inner_place=> #rt::block(#block)));
        let at = mixed_site_at(place);
        let here = paths::at(at, rt);
        let beside = if nest.ahead { hygienic!(beside_first) } else { hygienic!(beside) };
        let outcome = quote_spanned! {at=>
            #here::#beside::<#flow, _, _>(#handed, #future, #block).await
        };
        let value = shared.all(&outcome);
        hygienic!({
            #share
            #hold
            let #handed = &#rt::Handed::new();
            let __value = #value;
            __value
        })
    }
}
