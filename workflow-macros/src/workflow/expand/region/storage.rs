//! Where the variables of a region are kept.

use proc_macro2::Ident;

use super::variables::{User, Variable};
use super::{Region, Shape};
use crate::workflow::expand::scope::{consumes_last, waiting_places};
use crate::workflow::expand::variables::DeferredKey;
use crate::workflow::plan::Plan;
use crate::workflow::undo::compensation_names;

/// Where a variable is kept, and so what its users get.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Storage {
    /// In the variable itself, which stood ready before the region; users borrow it.
    Before,
    /// In a `Shared`; users borrow it.
    Shared,
    /// In an `Option`; its one user consumes it.
    Owned,
    /// In a `Lent`; users borrow it and the last one consumes it.
    Lent,
    /// In a `Deferred`; users borrow it, some of them while they run.
    Deferred,
    /// In a `DeferredLent`; users borrow it, some of them while they run, and the last one
    /// consumes it.
    DeferredLent,
    /// In a `DeferredOwned`; its one user consumes it while it runs. It cannot say that the
    /// value never comes, so it is not for workflows that go on after a failure.
    DeferredOwned,
    /// In a slot outside the region; users borrow it there.
    Outside,
    /// In a place outside of the whole body; users borrow it there.
    Place,
    /// In a slot outside the region, where the branch that declares it puts it; users borrow it
    /// there.
    Held,
}

impl Region<'_> {
    /// Decides where each variable is kept: the least that serves its users.
    pub(super) fn choose_storage(&mut self) {
        for at in 0..self.variables.len() {
            let storage = self.storage_of(&self.variables[at]);
            self.variables[at].storage = storage;
            self.variables[at].conflict = self.conflict(&self.variables[at]);
            if matches!(storage, Storage::Lent | Storage::DeferredLent) {
                // A borrow is held by the async block that uses it, and a call that
                // borrows what it consumes needs one too.
                for user in &self.variables[at].users {
                    let borrows = !user.last || user.usage.borrows;
                    if borrows && self.shapes[user.branch] == Shape::Call {
                        self.shapes[user.branch] = Shape::Block;
                    }
                }
            }
        }
    }

    /// Makes blocks of the calls whose compensation names what other branches declare: a call
    /// gets at that only when it starts, a block until it is done.
    pub(super) fn keep_names_of_compensations(&mut self) {
        for at in 0..self.branches.len() {
            let Plan::Node(node) = self.branches[at].plan else { continue };
            let compensation = self.emitter.node(node).and_then(|node| node.compensation.as_ref());
            let Some(compensation) = compensation.filter(|it| !it.maybe) else { continue };
            let names = compensation_names(&compensation.expr);
            let from_others = self.variables.iter().any(|variable| {
                matches!(variable.storage, Storage::Place | Storage::Outside)
                    && variable.declared_by != Some(at)
                    && names.contains(&variable.ident)
            });
            if from_others && self.shapes[at] == Shape::Call {
                self.shapes[at] = Shape::Block;
            }
        }
    }

    fn storage_of(&self, variable: &Variable) -> Storage {
        let shared = if variable.declared_by.is_none() { Storage::Before } else { Storage::Shared };
        if variable.external.is_some() {
            return Storage::Outside;
        }
        if variable.declared_by.is_some() && self.emitter.place_of(&variable.ident).is_some() {
            return Storage::Place;
        }
        if variable.declared_by.is_some() && self.emitter.held_in(&variable.ident).is_some() {
            return Storage::Held;
        }
        let users = &variable.users;
        let consumed_last =
            users.iter().any(|user| {
                let once = !user.deferred
                    || self.takes_once(user.branch, &variable.ident)
                    || self.takes_last(user.branch, &variable.ident);
                user.last && consumes(user) && once
            }) && users.iter().filter(|user| !user.last).all(|user| !user.usage.takes_all);
        if variable.users.iter().any(|user| user.deferred) {
            return match &variable.users[..] {
                [user]
                    if consumes(user)
                        && !self.shared().finish
                        && is_free(variable)
                        && self.takes_once(user.branch, &variable.ident) =>
                {
                    Storage::DeferredOwned
                }
                _ if consumed_last && is_free(variable) => Storage::DeferredLent,
                _ => Storage::Deferred,
            };
        }
        if variable.users.is_empty() {
            return Storage::Owned;
        }
        if !is_free(variable) {
            return shared;
        }
        match &variable.users[..] {
            [user] => {
                // A single call that borrows and copies needs no more than a borrow.
                let direct = matches!(self.shapes[user.branch], Shape::Call | Shape::Inline);
                if consumes(user) && !(direct && user.usage.borrows) {
                    Storage::Owned
                } else {
                    shared
                }
            }
            _ if consumed_last => Storage::Lent,
            _ => shared,
        }
    }

    /// Whether a branch waits for a variable at one place, which can then take the value.
    pub(super) fn takes_once(&self, branch: usize, variable: &Ident) -> bool {
        let key = DeferredKey::Value(variable.to_string());
        let nodes = self.branches[branch].plan.nodes();
        let nodes = nodes.into_iter().filter_map(|at| self.emitter.node(at));
        nodes.map(|node| waiting_places(node, &key)).sum::<usize>() <= 1
    }
}

impl Region<'_> {
    /// Whether each way through a branch that waits for a variable takes the value after all
    /// that borrow it, if it takes it at all.
    fn takes_last(&self, branch: usize, variable: &Ident) -> bool {
        let key = DeferredKey::Value(variable.to_string());
        match self.branches[branch].plan {
            Plan::Node(at) => self.emitter.node(at).is_some_and(|node| consumes_last(node, &key)),
            _ => false,
        }
    }
}

fn consumes(user: &User) -> bool {
    user.usage.consumes()
}

/// Whether the value may leave its place: nothing that follows the region needs it.
fn is_free(variable: &Variable) -> bool {
    variable.later.is_none()
}
