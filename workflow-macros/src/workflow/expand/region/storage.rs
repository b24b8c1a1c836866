//! Where the variables of a region are kept.

use proc_macro2::Ident;

use super::variables::Variable;
use super::{Region, Shape};
use crate::workflow::plan::Plan;
use crate::workflow::undo::compensation_names;
use crate::workflow::values::deferred::{DeferredKey, consumes_last, waiting_places};
use crate::workflow::values::storage::{self, Home, Storage};

impl Region<'_> {
    /// Decides where each variable is kept: the simplest storage that serves its users.
    pub(super) fn choose_storage(&mut self) {
        for at in 0..self.variables.len() {
            let storage = self.storage_of(&self.variables[at]);
            self.variables[at].storage = storage;
            self.variables[at].conflict = self.conflict(&self.variables[at]);
            if matches!(storage, Storage::Lent | Storage::DeferredLent) {
                // A borrow is held by the async block that uses it, and a call that borrows what it
                // consumes needs a block, too.
                for user in &self.variables[at].users {
                    let borrows = !user.last || user.usage.borrows;
                    if borrows && self.shapes[user.branch] == Shape::Call {
                        self.shapes[user.branch] = Shape::Block;
                    }
                }
            }
        }
    }

    /// Turns calls into blocks if their compensation names what other branches declare: a call can
    /// access that only when it starts, a block until it is done.
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
        let home = if variable.external.is_some() {
            Home::Outside
        } else if variable.declared_by.is_none() {
            Home::Before
        } else if self.emitter.place_of(&variable.ident).is_some() {
            Home::Place
        } else if self.emitter.held_in(&variable.ident).is_some() {
            Home::Held
        } else {
            Home::Branch
        };
        let users = variable.users.iter().map(|user| {
            let waits = user.deferred.then(|| storage::Waits {
                once: self.takes_once(user.branch, &variable.ident),
                takes_last: self.takes_last(user.branch, &variable.ident),
            });
            let is_plain = matches!(self.shapes[user.branch], Shape::Call | Shape::Inline);
            storage::User { usage: user.usage, last: user.last, waits, is_plain }
        });
        let users: Vec<storage::User> = users.collect();
        let needed_later = variable.later.is_some();
        storage::choose(home, &users, needed_later, self.shared().finish)
    }

    /// Whether a branch waits for a variable in only one place, which can then take the value.
    pub(super) fn takes_once(&self, branch: usize, variable: &Ident) -> bool {
        let key = DeferredKey::Value(variable.to_string());
        let nodes = self.branches[branch].plan.nodes();
        let nodes = nodes.into_iter().filter_map(|at| self.emitter.node(at));
        nodes.map(|node| waiting_places(node, &key)).sum::<usize>() <= 1
    }

    /// Whether every path through a branch that waits for a variable takes the value last, after
    /// all that borrow it, if it takes it at all.
    fn takes_last(&self, branch: usize, variable: &Ident) -> bool {
        let key = DeferredKey::Value(variable.to_string());
        match self.branches[branch].plan {
            Plan::Node(at) => self.emitter.node(at).is_some_and(|node| consumes_last(node, &key)),
            _ => false,
        }
    }
}
