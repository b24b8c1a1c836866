//! The variables that pass from one branch of a region to another, or into or out of it.

use proc_macro2::Ident;

use crate::sorted::SortedSet;
use crate::workflow::expand::scope::ScopeEmitter;
use crate::workflow::expand::variables::Env;
use crate::workflow::plan::Branch;
use crate::workflow::values::conflicts::Conflict;
use crate::workflow::values::storage::Storage;
use crate::workflow::values::usage::{Summary, Usage};

/// A variable that branches of the region use.
pub(super) struct Variable {
    pub(super) ident: Ident,
    pub(super) mutable: bool,
    /// The branch that declares it; `None` if it was ready before.
    pub(super) declared_by: Option<usize>,
    pub(super) users: Vec<User>,
    /// How the code after the region uses it.
    pub(super) later: Option<Summary>,
    /// The number of the node, if that only waits for something from outside.
    pub(super) external: Option<usize>,
    pub(super) storage: Storage,
    pub(super) slot: Ident,
    /// Two users that may conflict.
    pub(super) conflict: Option<Conflict>,
}

pub(super) struct User {
    pub(super) branch: usize,
    pub(super) usage: Summary,
    /// The branch may start before the variable is ready.
    pub(super) deferred: bool,
    /// No other user runs after this one starts.
    pub(super) last: bool,
}

/// The variables that pass from one branch to another, or into or out of the region.
pub(super) fn variables(
    emitter: &ScopeEmitter<'_>,
    branches: &[Branch],
    env: &Env,
    later: &Usage,
) -> Vec<Variable> {
    let usages: Vec<Usage> = branches.iter().map(|branch| emitter.usage(&branch.plan)).collect();
    let mut variables = Vec::new();
    let mut declared = SortedSet::new();
    for (at, branch) in branches.iter().enumerate() {
        let others = usages.iter().enumerate().filter(|(other, _)| *other != at);
        let others: Vec<&Usage> = others.map(|(_, usage)| usage).chain([later]).collect();
        let leaves = |var: &Ident| others.iter().any(|usage| usage.contains_key(&var.to_string()));
        let own = emitter.declared_in(&branch.plan).into_iter().map(|(var, _)| var);
        let leaving: Vec<Ident> = own.filter(leaves).collect();
        let declarations = branch.plan.nodes().into_iter().flat_map(|node| {
            emitter.declared(node).into_iter().map(move |(ident, mutable)| (node, ident, mutable))
        });
        for (node, ident, mutable) in declarations {
            let name = ident.to_string();
            let external = emitter.node(node).is_none().then_some(node);
            let users = users(emitter, branches, &usages, &name, Declared::In(at, external));
            let external = external.filter(|&node| emitter.external(node).slot.kind.is_borrowed());
            let later = later.get(&name).copied();
            declared.insert(name.clone());
            let unused = users.is_empty() && later.is_none();
            if unused && !emitter.lives_on(&branch.plan, &ident, &leaving) {
                continue;
            }
            variables.push(Variable {
                slot: slot_of(emitter, &ident),
                ident,
                mutable,
                declared_by: Some(at),
                users,
                later,
                external,
                storage: Storage::Shared,
                conflict: None,
            });
        }
    }
    let mut used = SortedSet::new();
    for usage in &usages {
        used.extend(usage.keys());
    }
    for name in used.into_iter().filter(|name| !declared.contains(*name)) {
        let Some(ident) = env.value(name) else { continue };
        variables.push(Variable {
            ident: ident.clone(),
            mutable: env.is_mutable(name),
            declared_by: None,
            users: users(emitter, branches, &usages, name, Declared::Before),
            later: later.get(name).copied(),
            external: None,
            storage: Storage::Before,
            slot: emitter.shared.slot_of(ident),
            conflict: None,
        });
    }
    variables
}

/// The slot of a variable that a branch declares; a variable that outlasts the body has a place.
fn slot_of(emitter: &ScopeEmitter<'_>, ident: &Ident) -> Ident {
    let place = emitter.place_of(ident).cloned().or_else(|| emitter.held_in(ident));
    place.unwrap_or_else(|| emitter.shared.slot_of(ident))
}

/// Where a variable comes from.
#[derive(Clone, Copy)]
enum Declared {
    /// It was ready before the region.
    Before,
    /// A branch declares it; the node that waits for it, if it comes from outside.
    In(usize, Option<usize>),
}

fn users(
    emitter: &ScopeEmitter<'_>,
    branches: &[Branch],
    usages: &[Usage],
    name: &str,
    declared: Declared,
) -> Vec<User> {
    let users: Vec<usize> =
        (0..branches.len()).filter(|&at| usages[at].contains_key(name)).collect();
    let mut nodes = Vec::new();
    for &at in &users {
        nodes.extend(branches[at].plan.nodes());
    }
    let user = |&branch: &usize| {
        // All nodes of a branch have the same order relative to the nodes of another branch.
        let own = branches[branch].plan.nodes();
        let deferred = match declared {
            Declared::Before => false,
            Declared::In(by, None) => branches[branch].watches.contains(&by),
            Declared::In(_, Some(external)) => !emitter.order.precedes(external, own[0]),
        };
        let others: Vec<usize> = nodes.iter().copied().filter(|node| !own.contains(node)).collect();
        let last = emitter.order.is_last(own[0], &others);
        User { branch, usage: usages[branch][name], deferred, last }
    };
    users.iter().map(user).collect()
}
