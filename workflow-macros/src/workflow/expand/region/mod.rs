//! A region: its branches, the slots that hold their values, and the closure that starts and polls
//! them.

mod arms;
mod bindings;
mod moves;
mod signals;
mod storage;
mod variables;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};

use self::signals::{Signal, signals};
use self::variables::{Variable, variables};
use super::emitter::Emitter;
use super::nodes::{mixed_site_at, number};
use super::scope::ScopeEmitter;
use super::variables::Env;
use crate::paths;
use crate::workflow::awaits::{has_question, may_wait};
use crate::workflow::model::Kind;
use crate::workflow::plan::{Branch, Plan};
use crate::workflow::temporaries::borrows_temporary;
use crate::workflow::values::storage::Storage;
use crate::workflow::values::usage::Usage;

/// How a branch is run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// It is one call of a step.
    Call,
    /// It is one ordinary expression, and done as soon as it starts.
    Inline,
    /// It only waits for a value from outside.
    Wait,
    /// It is an async block.
    Block,
}

struct Region<'a> {
    emitter: &'a ScopeEmitter<'a>,
    branches: &'a [Branch],
    shapes: Vec<Shape>,
    variables: Vec<Variable>,
    signals: Vec<Signal>,
    /// The branches that start only when each one is done.
    needed_by: Vec<Vec<usize>>,
    /// The branches that wait for each one while they run.
    watched_by: Vec<Vec<usize>>,
}

impl ScopeEmitter<'_> {
    pub(super) fn region(&self, branches: &[Branch], env: &mut Env, later: &Usage) -> TokenStream {
        let hold = self.hold(&self.lending_in_region(branches, later));
        let region = Region::new(self, branches, env, later).emit(env);
        hygienic!(#hold #region)
    }
}

impl<'a> Region<'a> {
    fn new(
        emitter: &'a ScopeEmitter<'a>,
        branches: &'a [Branch],
        env: &Env,
        later: &Usage,
    ) -> Self {
        let shapes = branches.iter().map(|branch| shape(emitter, &branch.plan)).collect();
        let variables = variables(emitter, branches, env, later);
        let signals = signals(emitter, branches);
        let needed_by = inverse(branches.iter().map(|branch| &*branch.needs));
        let watched_by = inverse(branches.iter().map(|branch| &*branch.watches));
        let mut region =
            Self { emitter, branches, shapes, variables, signals, needed_by, watched_by };
        region.choose_storage();
        region.keep_names_of_compensations();
        region
    }

    fn shared(&self) -> &'a Emitter<'a> {
        self.emitter.shared
    }

    fn emit(&self, env: &mut Env) -> TokenStream {
        let Emitter { rt, flow, .. } = self.shared();
        let mut inside = env.clone();
        let slots = self.slots();
        let before = self.take_over(&mut inside);
        let pins = self.pins();
        let needs = self.branches.iter().map(|branch| number(branch.needs.len()));
        let count = self.branches.len();
        let words = number(count.div_ceil(64));
        let arms = (0..count).map(|branch| self.arm(branch, &inside));
        let end = self.shared().ok(&hygienic!(()));
        let poll = self.shared().block(&hygienic! {
            while let #rt::Some((__branch, __starts)) = __tracker.next_branch() {
                match __branch {
                    #(#arms)*
                    _ => #rt::unreachable!(),
                }
                }
                #end
        });
        let branches = number(count);
        let at = mixed_site_at(self.emitter.place(&self.branches[0].plan));
        let rt = &paths::at(at, rt);
        let closure = hygienic!(|__tracker, __cx| #poll);
        let value = if self.shared().finish {
            let needed_by = (0..count).map(|branch| numbers(&self.needed_by[branch]));
            let watched_by = (0..count).map(|branch| numbers(&self.watched_by[branch]));
            let abandon = self.abandon();
            let failures = hygienic!(__failures);
            let done = quote_spanned! {at=>
                #rt::finishing_region::<#flow, _, _, #branches, #words>(
                    #failures, [#(#needs),*], [#(#needed_by),*], [#(#watched_by),*], #closure, #abandon,
                ).await
            };
            let halt = self.shared().halt();
            hygienic!(if !#done { #halt })
        } else {
            self.shared().unwrap(&quote_spanned! {at=>
                #rt::region::<#flow, _, #branches, #words>([#(#needs),*], #closure).await
            })
        };
        let checks = self.move_checks(&inside);
        let after = self.hand_over(env);
        hygienic! {
            #slots
            {
                #before
                #pins
                #value;
                #checks
            }
            #after
        }
    }

    /// The slots of what the branches declare; they outlive the branches.
    fn slots(&self) -> TokenStream {
        let rt = self.shared().rt;
        let variables = self.variables.iter().filter(|variable| variable.declared_by.is_some());
        let slots = variables.map(|variable| {
            let slot = &variable.slot;
            match variable.storage {
                Storage::Shared => hygienic!(let #slot = #rt::empty_shared();),
                Storage::Owned => hygienic!(let mut #slot = #rt::None;),
                Storage::Lent | Storage::DeferredOwned => {
                    hygienic!(let #slot = #rt::empty_lent();)
                }
                Storage::Deferred => hygienic!(let #slot = #rt::Deferred::new();),
                Storage::DeferredLent => hygienic!(let #slot = #rt::DeferredLent::new();),
                Storage::Before | Storage::Outside | Storage::Place | Storage::Held => {
                    TokenStream::new()
                }
            }
        });
        let done = self.signals.iter().map(|done| {
            let slot = &done.slot;
            hygienic!(let #slot = #rt::Deferred::new();)
        });
        hygienic!(#(#slots)* #(#done)*)
    }

    /// Makes the variables that were ready before available to the branches.
    fn take_over(&self, env: &mut Env) -> TokenStream {
        let rt = self.shared().rt;
        let mut tokens = TokenStream::new();
        for variable in self.variables.iter().filter(|variable| variable.declared_by.is_none()) {
            let Variable { ident, slot, .. } = variable;
            match variable.storage {
                Storage::Owned => tokens.extend(hygienic!(let mut #slot = #rt::Some(#ident);)),
                Storage::Lent => {
                    tokens.extend(hygienic!(let #slot = #rt::Lent::new(#rt::Some(#ident));));
                }
                _ => {
                    tokens.extend(hygienic!(let #ident = &#ident;));
                    env.declare_reference(ident);
                }
            }
        }
        tokens
    }

    /// A pinned slot for the future of each branch.
    fn pins(&self) -> TokenStream {
        let rt = self.shared().rt;
        let pins = (0..self.branches.len()).filter(|&at| self.shapes[at] != Shape::Inline);
        let futures = pins.map(future_name);
        hygienic!(#(let mut #futures = #rt::pin!(#rt::None);)*)
    }

    /// Makes what the branches declared available to what follows.
    fn hand_over(&self, env: &mut Env) -> TokenStream {
        let rt = self.shared().rt;
        let mut tokens = TokenStream::new();
        for variable in self.variables.iter().filter(|variable| variable.declared_by.is_some()) {
            let Some(later) = variable.later else { continue };
            let Variable { ident, slot, .. } = variable;
            let mutable = variable.mutable.then(|| hygienic!(mut));
            if let Some(external) = variable.external {
                tokens.extend(self.emitter.bind_external(self.emitter.external(external), env));
            } else if variable.storage == Storage::Place {
                env.declare_kept(ident);
                tokens.extend(
                    hygienic!(#[allow(unused_variables)] let #ident = #rt::deferred(#slot);),
                );
            } else if variable.storage == Storage::Held {
                env.declare_reference(ident);
                tokens.extend(hygienic!(let #ident = #rt::shared(#slot);));
            } else if variable.storage == Storage::Owned {
                env.declare(ident);
                tokens.extend(hygienic!(let #mutable #ident = #rt::take(&mut #slot);));
            } else if later.consumes() {
                env.declare(ident);
                tokens.extend(hygienic!(let #mutable #ident = #rt::unwrap(#slot.into_inner());));
            } else {
                env.declare_reference(ident);
                let value = self.shared_value(variable);
                tokens.extend(hygienic!(let #ident = #value;));
            }
        }
        tokens
    }
}

/// For each branch, the branches that list it.
fn inverse<'b>(lists: impl ExactSizeIterator<Item = &'b [usize]>) -> Vec<Vec<usize>> {
    let mut inverse = vec![Vec::new(); lists.len()];
    for (branch, list) in lists.enumerate() {
        for &other in list {
            inverse[other].push(branch);
        }
    }
    inverse
}

/// The numbers of branches, as a slice.
fn numbers(branches: &[usize]) -> TokenStream {
    let numbers = branches.iter().map(|&branch| number(branch));
    hygienic!(&[#(#numbers),*])
}

fn shape(emitter: &ScopeEmitter<'_>, plan: &Plan) -> Shape {
    let Plan::Node(at) = plan else { return Shape::Block };
    match emitter.node(*at).map(|node| &node.kind) {
        None => Shape::Wait,
        // It is computed as a whole, inside a closure.
        Some(Kind::Step(call)) if call.record.is_some() => Shape::Call,
        // Only inside a block does a temporary in an argument live as long as the call.
        Some(Kind::Step(call)) if borrows_temporary(&call.expr) => Shape::Block,
        Some(Kind::Step(_)) => Shape::Call,
        // If it fails, it may have to wait for what runs beside it.
        Some(Kind::Value(expr)) if emitter.shared.settles() && has_question(expr) => Shape::Block,
        Some(Kind::Value(expr)) if may_wait(expr) => Shape::Block,
        Some(Kind::Value(_)) => Shape::Inline,
        Some(_) => Shape::Block,
    }
}

fn future_name(branch: usize) -> Ident {
    format_ident!("__branch_{branch}", span = Span::mixed_site())
}
