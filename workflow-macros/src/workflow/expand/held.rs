//! Variables that outlast the async block that declares them, since something that leaves the block
//! may borrow from them.

use proc_macro2::{Ident, TokenStream};

use super::scope::ScopeEmitter;
use super::variables::Env;
use crate::sorted::{SortedMap, SortedSet};
use crate::workflow::model::{How, Node};
use crate::workflow::names::Mode;
use crate::workflow::plan::{Branch, Plan};
use crate::workflow::values::borrows::Certainty;
use crate::workflow::values::usage::Usage;

/// Keeping a value where it can be borrowed costs some bytes. The output of a step is most often
/// owned, even if the step was given a reference. So such outputs are provided for only in scopes
/// of at most this many declarations, and only for this many values of a join or a region where
/// each needs a slot. Values that are likely to be borrowed are always provided for.
const DECLARATIONS: usize = 32;
pub(super) const IN_JOIN: usize = 2;
const IN_REGION: usize = 4;

/// Whether a part contains blocks that it may hold variables for.
fn holds(plan: &Plan) -> bool {
    match plan {
        Plan::Node(_) => false,
        Plan::Sequence(parts) => parts.iter().any(holds),
        Plan::Join(_) | Plan::Region(_) => true,
    }
}

/// A branch with variables that something leaving it may borrow.
pub(super) struct Lending {
    /// The number of the branch.
    pub(super) branch: usize,
    /// The variables that may be borrowed.
    pub(super) lent: Vec<Ident>,
    /// Those of them that can be held outside, as others need only a reference to them.
    can_be_held: Vec<Ident>,
    certainty: Certainty,
}

impl Lending {
    /// Whether all of them can be held outside.
    pub(super) fn can_be_held(&self) -> bool {
        self.can_be_held.len() == self.lent.len()
    }

    /// The part of it that is useful if holding variables is all that can be done. If not all can
    /// be held, the others may turn out not to be borrowed after all.
    pub(super) fn only_held(self) -> Option<Self> {
        if self.can_be_held() {
            return Some(self);
        }
        let worth = self.certainty == Certainty::Likely && !self.can_be_held.is_empty();
        worth.then(|| Self { lent: self.can_be_held.clone(), ..self })
    }
}

impl ScopeEmitter<'_> {
    /// The branches of a join that what follows the join may borrow from.
    pub(super) fn lending(&self, branches: &[&Plan], later: &Usage) -> Vec<Lending> {
        let leaves = |_: usize, name: &str| later.contains_key(name);
        branches
            .iter()
            .enumerate()
            .filter_map(|(at, branch)| self.lending_of(at, branch, &leaves))
            .collect()
    }

    /// The same for the branches of a region, where another branch may borrow, too.
    pub(super) fn lending_in_region(&self, branches: &[Branch], later: &Usage) -> Vec<Lending> {
        let usages: Vec<Usage> = branches.iter().map(|branch| self.usage(&branch.plan)).collect();
        let leaves = |at: usize, name: &str| {
            let by_others = usages
                .iter()
                .enumerate()
                .any(|(other, usage)| other != at && usage.contains_key(name));
            by_others || later.contains_key(name)
        };
        let lending = branches.iter().enumerate().filter_map(|(at, branch)| {
            // A branch that is already running could not wait for it in a slot.
            let is_watched = branches.iter().any(|other| other.watches.contains(&at));
            if is_watched { None } else { self.lending_of(at, &branch.plan, &leaves) }
        });
        let lending = lending.filter_map(Lending::only_held).collect();
        self.worth_slots(lending, IN_REGION)
    }

    /// The lending branches for which up to `limit` slots are worth it.
    pub(super) fn worth_slots(&self, mut lending: Vec<Lending>, limit: usize) -> Vec<Lending> {
        let possible = lending.iter().filter(|lending| lending.certainty == Certainty::Possible);
        let many = possible.map(|lending| lending.lent.len()).sum::<usize>() > limit;
        if many || self.is_large() {
            lending.retain(|lending| lending.certainty == Certainty::Likely);
        }
        lending
    }

    /// Whether the scope is so large that merely possible borrows are not provided for.
    fn is_large(&self) -> bool {
        self.scope.nodes.len() > DECLARATIONS
    }

    /// The lending branches of a join that are provided for at all.
    pub(super) fn provided_for(&self, mut lending: Vec<Lending>) -> Vec<Lending> {
        lending.retain(|lending| lending.certainty == Certainty::Likely || !self.is_large());
        lending
    }

    fn lending_of(
        &self,
        branch: usize,
        plan: &Plan,
        leaves: &dyn Fn(usize, &str) -> bool,
    ) -> Option<Lending> {
        let nodes: Vec<usize> = plan
            .nodes()
            .into_iter()
            .filter(|&at| self.node(at).is_some() || self.external(at).is_taken())
            .collect();
        // A variable that outlasts the block cannot be held in it.
        let may_hold = holds(plan);
        let mut declared = Vec::new();
        let (mut guards, mut leaving) = (SortedSet::new(), SortedSet::new());
        // Those of which something leaves the block.
        let mut left_by = SortedSet::new();
        for &at in &nodes {
            for (var, mutable) in self.declared(at) {
                let name = var.to_string();
                let used = leaves(branch, &name);
                if (used || self.outlives(at, &var)) && self.place_of(&var).is_none() {
                    left_by.insert(at);
                }
                if may_hold && self.guards(at, &var) {
                    guards.insert(name.clone());
                }
                if may_hold && used {
                    leaving.insert(name);
                }
                declared.push((var, mutable));
            }
        }
        let mut lenders: SortedMap<&String, Certainty> = SortedMap::new();
        for &at in &nodes {
            let leaves = left_by.contains(&at);
            for (lender, &certainty) in self.lenders.of_node(at).iter() {
                let is_held = guards.contains(lender)
                    || certainty == Certainty::Likely && leaving.contains(lender);
                if leaves || is_held {
                    let known = lenders.or_insert(lender, certainty);
                    *known = (*known).max(certainty);
                }
            }
        }
        // In an order in which each may borrow from the ones before it.
        let (mut lent, mut can_be_held) = (Vec::new(), Vec::new());
        let mut most = None;
        for (var, mutable) in declared {
            let name = var.to_string();
            let Some(&certainty) = lenders.get(&name).filter(|_| !self.stays(&var)) else {
                continue;
            };
            most = most.max(Some(certainty));
            if !mutable && !self.taken().contains(&name) {
                can_be_held.push(var.clone());
            }
            lent.push(var);
        }
        Some(Lending { branch, lent, can_be_held, certainty: most? })
    }

    /// Slots for the variables that are held.
    pub(super) fn hold(&self, lending: &[Lending]) -> TokenStream {
        let rt = self.shared.rt;
        let mut slots = TokenStream::new();
        for variable in lending.iter().flat_map(|lending| &lending.lent) {
            let slot = self.shared.slot_of(variable);
            slots.extend(hygienic!(let #slot = &#rt::Shared::new();));
            self.held.borrow_mut().insert(variable.to_string(), slot);
        }
        slots
    }

    /// The slot of a variable that is held.
    pub(super) fn held_in(&self, variable: &Ident) -> Option<Ident> {
        self.held.borrow().get(&variable.to_string()).cloned()
    }

    /// Whether a variable stays where it is when the block that declares it is done.
    pub(super) fn stays(&self, variable: &Ident) -> bool {
        self.place_of(variable).is_some() || self.held_in(variable).is_some()
    }

    /// Whether a variable that nothing names any more has to outlast the block that declares it, as
    /// it would outlast a statement: a permit or a guard, which has an effect until it is dropped.
    /// Such variables have a name like `_permit`, or are named in an `#[after]`. `leaving` are the
    /// variables that leave the block.
    pub(super) fn lives_on(&self, plan: &Plan, variable: &Ident, leaving: &[Ident]) -> bool {
        let name = variable.to_string();
        let nodes: Vec<usize> =
            plan.nodes().into_iter().filter(|&at| self.node(at).is_some()).collect();
        let declares = |at: usize, var: &Ident| self.declared(at).iter().any(|(it, _)| it == var);
        let is_guard = |&&at: &&usize| self.guards(at, variable) && declares(at, variable);
        let Some(&node) = nodes.iter().find(is_guard) else { return false };
        if self.stays(variable) {
            return false;
        }
        // It cannot leave without the variables that it borrows from.
        let stays_behind = |lender: &str| {
            let own = nodes.iter().flat_map(|&at| self.declared(at));
            own.into_iter().any(|(var, _)| var == lender && !self.stays(&var))
        };
        let mut lenders = self.lenders.of_node(node).iter();
        if lenders.any(|(lender, how)| *how == Certainty::Likely && stays_behind(lender)) {
            return false;
        }
        let users = nodes.iter().filter_map(|&at| self.node(at)).flat_map(Node::uses);
        let consumed = users.into_iter().any(|used| {
            used.ident == *variable && matches!(used.how, How::Value(Mode::Value | Mode::Part))
        });
        let lent = nodes.iter().any(|&at| {
            let leaves = leaving.iter().any(|var| declares(at, var));
            leaves && self.lenders.of_node(at).contains_key(&name)
        });
        !consumed && !lent
    }

    /// Whether a variable has an effect until it is dropped, as far as its name tells.
    fn guards(&self, node: usize, variable: &Ident) -> bool {
        let name = variable.to_string();
        let ordered = self.node(node).is_some_and(|node| node.ordered);
        ordered || name.starts_with('_') && !name.starts_with("__")
    }

    /// Whether such a variable is likely to borrow, so that what it borrows from has to live as
    /// long.
    fn outlives(&self, node: usize, variable: &Ident) -> bool {
        let mut lenders = self.lenders.of_node(node).values();
        self.guards(node, variable) && lenders.any(|how| *how == Certainty::Likely)
    }

    /// Puts new variables into their slots, if they are held.
    pub(super) fn put(
        &self,
        variables: &mut dyn Iterator<Item = &Ident>,
        env: &mut Env,
    ) -> TokenStream {
        let rt = self.shared.rt;
        let mut tokens = TokenStream::new();
        for variable in variables {
            if let Some(slot) = self.held_in(variable) {
                // Others may get it from the slot.
                tokens.extend(hygienic! {
                    #[allow(unused_variables)]
                    let #variable = #rt::hold(#slot, #variable);
                });
                env.declare_reference(variable);
            }
        }
        tokens
    }

    /// Makes the held variables of a part available to what follows the part.
    pub(super) fn held_again(
        &self,
        plan: &Plan,
        env: &mut Env,
        used: &dyn Fn(&str) -> bool,
    ) -> TokenStream {
        let rt = self.shared.rt;
        let mut tokens = TokenStream::new();
        for (variable, _) in self.declared_in(plan) {
            if let (Some(slot), true) = (self.held_in(&variable), used(&variable.to_string())) {
                tokens.extend(hygienic! {
                    #[allow(unused_variables)]
                    let #variable = #rt::shared(#slot);
                });
                env.declare_reference(&variable);
            }
        }
        tokens
    }
}
