//! The arms of a region: what it does when the tracker names a branch.

use proc_macro2::{Ident, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;

use super::bindings::Bindings;
use super::variables::Variable;
use super::{Region, Shape, future_name, numbers};
use crate::workflow::expand::emitter::Emitter;
use crate::workflow::expand::joins::tuple;
use crate::workflow::expand::lints::{self, Part};
use crate::workflow::expand::nested::End;
use crate::workflow::expand::nodes::{Captures, mixed_site_at, number, unbound};
use crate::workflow::expand::variables::Env;
use crate::workflow::model::{Kind, Node};
use crate::workflow::plan::Plan;
use crate::workflow::values::storage::Storage;
use crate::workflow::values::usage::{Summary, Usage};

impl Region<'_> {
    /// What happens when the tracker names this branch.
    pub(super) fn arm(&self, at: usize, env: &Env) -> TokenStream {
        let Emitter { rt, .. } = self.shared();
        let number_of_branch = number(at);
        let done = self.done(at);
        let future = future_name(at);
        let bindings = self.bindings(at, env.clone());
        match (self.shapes[at], &self.branches[at].plan) {
            (Shape::Inline, Plan::Node(node)) => {
                let mut env = bindings.env;
                let Bindings { outside, inside, .. } = bindings;
                let statement = self.emitter.node_statement(*node, &mut env);
                hygienic!(#number_of_branch => { #outside #inside #statement #done })
            }
            (Shape::Call, Plan::Node(node)) => {
                let node = self.emitter.node(*node).expect("a call is a node");
                let Kind::Step(call) = &node.kind else { unreachable!("a call is a step") };
                let expr = bindings.env.rewrite(&call.expr, rt);
                let Bindings { mut env, outside, inside } = bindings;
                let id = number(node.id);
                let checked = self.emitter.checked_call(node, &expr, &env, Captures::Moved);
                let lints = lints::of(node, Part::Call);
                let start = quote_spanned! {mixed_site_at(expr.span())=>
                    #rt::start_call(&mut #future, #lints #checked);
                };
                let question = &call.question;
                let output = quote_spanned!(expr.span()=> __output);
                let take = self.take(node, &hygienic!(#output #question));
                for (var, _) in &node.vars {
                    env.declare(var);
                }
                let completed = self.emitter.completed(node, &mut env);
                hygienic! {
                    #number_of_branch => {
                        if __starts {
                            #outside
                            #inside
                            #start
                        }
                        if let #rt::Ready(#output) = #rt::poll_call(#id, &mut #future, __cx) {
                            #take
                            #completed
                            #done
                        }
                    }
                }
            }
            (_, plan) => self.block_arm(at, plan, bindings, &done),
        }
    }

    fn block_arm(
        &self,
        at: usize,
        plan: &Plan,
        bindings: Bindings,
        done: &TokenStream,
    ) -> TokenStream {
        let rt = self.shared().rt;
        let number_of_branch = number(at);
        let future = future_name(at);
        let Bindings { mut env, outside, mut inside } = bindings;
        let nodes = plan.nodes().into_iter().filter_map(|at| self.emitter.node(at));
        let own = self.emitter.declared_in(plan);
        let (borrowers, traits) = (&self.shared().borrowers, &self.shared().traits);
        inside.extend(borrowers.consumed_behind(
            nodes,
            env.repeats,
            &mut traits.borrow_mut(),
            &|name| env.is_reference(name) && !own.iter().any(|(own, _)| own == name),
        ));
        let exports = self
            .kept_of(at)
            .filter(|variable| !matches!(variable.storage, Storage::Place | Storage::Held));
        let exports: Vec<Ident> = exports.map(|variable| variable.ident.clone()).collect();
        let (start, take) = if self.shapes[at] == Shape::Wait {
            let Plan::Node(node) = plan else { unreachable!("waiting is one node") };
            let external = self.emitter.external(*node);
            let take = if external.slot.kind.is_borrowed() {
                // Each user borrows it where it is.
                hygienic!(let _ = __output;)
            } else {
                let ident = &external.ident;
                hygienic!(let #ident = __output;)
            };
            (self.emitter.wait(external), take)
        } else {
            let mut exported = Usage::new();
            for var in &exports {
                exported.insert(var.to_string(), Summary::CONSUMED);
            }
            let value = tuple(&mut exports.iter().map(|var| hygienic!(#var)));
            let end: &End<'_> = &|_, _| self.shared().ok(&value);
            let write = || self.emitter.to_the_end(plan, &mut env, &exported, end, true);
            let body = self.shared().inside(write);
            let value = self.shared().unwrap(&hygienic!(#rt::split(__output)));
            let place = self.emitter.place(plan);
            let block = quote_spanned!(place=> async move { #inside #body });
            let start = self.shared().settled(place, block);
            let pattern = tuple(&mut exports.iter().map(|var| hygienic!(#var)));
            (start, hygienic!(let #pattern = #value;))
        };
        let poll = if self.shared().finish {
            hygienic!(#rt::poll_finishing(__failures, __tracker, &mut #future, __cx))
        } else {
            hygienic!(#rt::poll_block(&mut #future, __cx))
        };
        hygienic! {
            #number_of_branch => {
                if __starts {
                    #outside
                    #future.set(#rt::Some(#start));
                }
                if let #rt::Ready(__output) = #poll {
                    #take
                    #done
                }
            }
        }
    }

    /// The variables with a slot that a branch declares.
    fn kept_of(&self, branch: usize) -> impl Iterator<Item = &Variable> {
        self.variables
            .iter()
            .filter(|variable| variable.external.is_none())
            .filter(move |variable| variable.declared_by == Some(branch))
    }

    /// Puts what the branch declares into its slots and tells the tracker.
    fn done(&self, at: usize) -> TokenStream {
        let rt = self.shared().rt;
        let fill = self.kept_of(at).map(|variable| {
            let Variable { ident, slot, .. } = variable;
            match variable.storage {
                Storage::Owned => hygienic!(#slot = #rt::Some(#ident);),
                Storage::Lent | Storage::DeferredOwned => hygienic!(#rt::lend(&#slot, #ident);),
                Storage::Deferred => hygienic!(#rt::announce(&#slot, #ident);),
                Storage::DeferredLent => hygienic!(#rt::announce_lent(&#slot, #ident);),
                Storage::Shared => hygienic!(#rt::share(&#slot, #ident);),
                // A place is filled where the value is made.
                Storage::Before | Storage::Outside | Storage::Place | Storage::Held => {
                    TokenStream::new()
                }
            }
        });
        let signals = self.signals.iter().filter(|done| done.by == at).map(|done| {
            let slot = &done.slot;
            hygienic!(#rt::announce(&#slot, ());)
        });
        // A tracker that may have to give a branch up knows by itself which others depend on it.
        let others = (!self.shared().finish).then(|| {
            let needed_by = numbers(&self.needed_by[at]);
            let watched_by = numbers(&self.watched_by[at]);
            hygienic!(, #needed_by, #watched_by)
        });
        let branch = number(at);
        hygienic! {
            #(#fill)*
            #(#signals)*
            __tracker.done(#branch #others);
        }
    }

    /// Tells everything that waits for a failed branch to stop waiting.
    pub(super) fn abandon(&self) -> TokenStream {
        let rt = self.shared().rt;
        let arms = (0..self.branches.len()).map(|at| {
            let waited_for = |storage| {
                matches!(storage, Storage::Deferred | Storage::DeferredLent | Storage::Place)
            };
            let values = self.kept_of(at).filter(|variable| waited_for(variable.storage));
            let slots: Vec<&Ident> = values
                .map(|variable| &variable.slot)
                .chain(self.signals.iter().filter(|done| done.by == at).map(|done| &done.slot))
                .collect();
            (!slots.is_empty()).then(|| hygienic!(#at => { #(#rt::abandon(&#slots);)* }))
        });
        let arms = arms.flatten();
        hygienic!(|__branch| match __branch { #(#arms)* _ => {} })
    }

    /// The output of a finished call, bound as the user's `let` says.
    fn take(&self, node: &Node, output: &TokenStream) -> TokenStream {
        if node.compensation.is_none() && node.binding.is_none() && node.vars.is_empty() {
            let name = unbound(node);
            return hygienic!(let #name = #output; #name;);
        }
        self.emitter.assign(node, Part::Binding, output)
    }
}
