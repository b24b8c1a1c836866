//! Lets rustc see the moves of a region as it would in a plain function.
//!
//! A value that several branches use is behind a reference in the region's closure, so consuming it
//! twice would be an error about that reference, which the user did not write. If two branches may
//! conflict, their calls are repeated, one after the other, in code that never runs: there rustc
//! checks the user's own variables. The closure itself copies the value. That compiles to something
//! that works only if the value can be copied; if it cannot, the check has failed.

use proc_macro2::{Ident, TokenStream};
use quote::quote_spanned;
use syn::Expr;

use super::Region;
use super::variables::Variable;
use crate::walk::{self, PartMut};
use crate::workflow::awaits::has_question;
use crate::workflow::expand::lints::{self, Part};
use crate::workflow::expand::variables::Env;
use crate::workflow::model::{Kind, Node};
use crate::workflow::names::{self, Mode};
use crate::workflow::syntax::{Binding, Call};
use crate::workflow::temporaries::borrows_temporary;
use crate::workflow::values::conflicts::{self, Conflict};
use crate::workflow::values::storage::Storage;

impl Region<'_> {
    /// The first two users that cannot both have the value unless it is copied.
    pub(super) fn conflict(&self, variable: &Variable) -> Option<Conflict> {
        if !matches!(variable.storage, Storage::Before | Storage::Shared | Storage::Deferred) {
            return None;
        }
        let users = variable.users.iter().map(|user| conflicts::User {
            branch: user.branch,
            takes_all: user.usage.takes_all,
            node: self.plain_node(user.branch).map(|node| node.id),
        });
        let users: Vec<conflicts::User> = users.collect();
        conflicts::first(&users, |later, earlier| self.needs(later, earlier))
    }

    /// Whether a branch copies the variable, which the check verifies.
    pub(super) fn copies(&self, variable: &Variable, branch: usize) -> bool {
        let user = variable.users.iter().find(|user| user.branch == branch);
        let whole = user.is_some_and(|user| {
            user.usage.takes_all && !user.usage.takes_part && !user.usage.borrows
        });
        variable.conflict.is_some() && whole && self.plain_node(branch).is_some()
    }

    /// The checks of all variables.
    pub(super) fn move_checks(&self, env: &Env) -> TokenStream {
        let mut conflicts: Vec<Conflict> = Vec::new();
        for conflict in self.variables.iter().filter_map(|variable| variable.conflict) {
            if !conflicts.contains(&conflict) {
                conflicts.push(conflict);
            }
        }
        let checks = conflicts.into_iter().map(|conflict| self.move_check(conflict, env));
        hygienic!(#(#checks)*)
    }

    fn move_check(&self, Conflict(left, right): Conflict, env: &Env) -> TokenStream {
        let rt = self.emitter.shared.rt;
        let mut env = env.clone();
        let uses = |branch: usize, variable: &Variable| {
            variable.users.iter().any(|user| user.branch == branch)
        };
        let mut declared = TokenStream::new();
        for variable in &self.variables {
            if !uses(left, variable) && !uses(right, variable) {
                continue;
            }
            let Variable { ident, slot, .. } = variable;
            match variable.storage {
                Storage::Before => {
                    declared.extend(hygienic!(let #ident = #rt::declared_like(#ident);));
                }
                Storage::Outside => {
                    let external = variable.external.expect("it stands outside");
                    let external = self.emitter.external(external);
                    declared.extend(self.emitter.bind_external(external, &mut env));
                    continue;
                }
                _ => declared.extend(hygienic!(let #ident = #rt::declared(&#slot);)),
            }
            env.declare(ident);
        }
        let call = |branch: usize| {
            let node = self.plain_node(branch).expect("a conflict is between plain nodes");
            let (Kind::Step(Call { expr, .. }) | Kind::Value(expr)) = &node.kind else {
                unreachable!("a plain node is a step or a value")
            };
            let expr = env.rewrite(&borrowing(expr), rt);
            match &node.binding {
                // A recorded value holds what it names from its start to its end, as a call does.
                Some(Binding { ty: Some(ty), .. }) if node.record().is_some() => {
                    hygienic!(|| -> #ty { #expr })
                }
                _ if node.record().is_some() => hygienic!(|| #expr),
                _ => hygienic!(#expr),
            }
        };
        // A branch that is done when the other starts holds no borrow any more.
        let over = self.needs(right, left).then(|| hygienic!(#rt::over(__left);));
        let together = over.is_none().then(|| hygienic!(#rt::together(__left, __right);));
        let looks = if over.is_none() { self.looks(left, right) } else { Vec::new() };
        let lints = |branch: usize| self.plain_node(branch).map(|node| lints::of(node, Part::Copy));
        let (left_lints, right_lints) = (lints(left), lints(right));
        let (left, right) = (call(left), call(right));
        let (looks, seen) = match &looks[..] {
            [] => (None, None),
            looks => {
                let looks = looks.iter().map(|look| quote_spanned!(look.span()=> &#look));
                (
                    Some(hygienic!(let __looks = (#(#looks),*);)),
                    Some(hygienic!(#rt::over(__looks);)),
                )
            }
        };
        hygienic! {
            if false {
                #declared
                #left_lints
                let __left = #left;
                #looks
                #over
                #right_lints
                let __right = #right;
                #together
                #seen
            }
        }
    }

    /// Where one branch looks at something that the other may consume first. In the region it looks
    /// when it starts, and a closure whenever it is called, regardless of what the call itself
    /// holds on to.
    fn looks(&self, looker: usize, consumer: usize) -> Vec<Ident> {
        let usage = |branch: usize, variable: &Variable| {
            let user = variable.users.iter().find(|user| user.branch == branch)?;
            Some(user.usage)
        };
        let contested = self.variables.iter().filter(|variable| {
            let looks = usage(looker, variable).is_some_and(|usage| !usage.takes_all);
            looks && self.copies(variable, consumer)
        });
        let node = self.plain_node(looker);
        let place = |variable: &Variable| {
            let mut used = node?.uses().map(|used| &used.ident);
            used.find(|ident| **ident == variable.ident).cloned()
        };
        contested.filter_map(place).collect()
    }

    /// The node of a branch that is a single expression whose names all belong to the region.
    fn plain_node(&self, branch: usize) -> Option<&Node> {
        let crate::workflow::plan::Plan::Node(at) = self.branches[branch].plan else {
            return None;
        };
        let node = self.emitter.node(at)?;
        // A temporary would be gone when the other call is made.
        let stands_alone = |expr: &Expr| !has_question(expr) && !borrows_temporary(expr);
        match &node.kind {
            Kind::Step(call) if call.record.is_some() => {
                let plain = call.question.is_none() && !self.calls_a_variable(&call.expr);
                plain.then_some(node)
            }
            Kind::Step(call) => stands_alone(&call.expr).then_some(node),
            Kind::Value(expr) => (stands_alone(expr) && !calls_anything(expr)).then_some(node),
            _ => None,
        }
    }

    /// Whether an expression calls what a variable of the region holds.
    fn calls_a_variable(&self, expr: &Expr) -> bool {
        let mut calls = false;
        names::find(expr, &mut |ident, mode| {
            let is_variable = || self.variables.iter().any(|variable| variable.ident == *ident);
            calls |= mode == Mode::Call && is_variable();
        });
        calls
    }

    /// Whether `later` starts after `earlier` is done.
    fn needs(&self, later: usize, earlier: usize) -> bool {
        let nodes = |branch: usize| self.branches[branch].plan.nodes();
        self.emitter.order.is_last(nodes(later)[0], &nodes(earlier))
    }
}

/// The expression with closures that borrow where they can. In the region, what they capture is
/// behind a reference, and a `move` closure that needs a part of it holds on to all of it.
fn borrowing(expr: &Expr) -> Expr {
    let mut expr = expr.clone();
    walk::expr_mut(&mut expr, &mut |part| {
        if let PartMut::Expr(Expr::Closure(closure)) = part {
            closure.capture = None;
        }
        true
    });
    expr
}

/// Whether an expression calls something. A closure's type has no name, so it cannot be declared
/// again.
fn calls_anything(expr: &Expr) -> bool {
    let mut calls = false;
    names::find(expr, &mut |_, mode| calls |= mode == Mode::Call);
    calls
}
