//! What a workflow keeps so that it can be undone.

use std::cell::RefCell;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::spanned::Spanned;

use super::emitter::Emitter;
use super::lints::Part;
use super::nodes::{Captures, assign, mixed_site_at, number, unbound};
use super::scope::ScopeEmitter;
use super::variables::Env;
use crate::paths;
use crate::sorted::SortedMap;
use crate::workflow::model::{Child, Compensation, Kind, Node, Scope};
use crate::workflow::plan::Plan;

/// What is outside of the body of a workflow that can be undone.
#[derive(Default)]
pub(super) struct Outside {
    /// The places of values that outlast the body.
    places: RefCell<TokenStream>,
    /// The lists of what is to be undone; they borrow from the places.
    lists: RefCell<TokenStream>,
    names: RefCell<Vec<Ident>>,
}

impl Outside {
    pub(super) fn declarations(&self) -> TokenStream {
        let (places, lists) = (&*self.places.borrow(), &*self.lists.borrow());
        hygienic!(#places #lists)
    }

    /// All lists as one value: `(first, (second, ()))`.
    pub(super) fn lists(&self) -> TokenStream {
        let names = self.names.borrow();
        names.iter().rev().fold(hygienic!(()), |rest, name| hygienic!((#name, #rest)))
    }

    fn add_list(&self, name: &Ident, list: &TokenStream) {
        self.lists.borrow_mut().extend(hygienic!(let #name = &#list;));
        self.names.borrow_mut().push(name.clone());
    }
}

/// The places of a scope's variables, by their names.
pub(super) type Places = SortedMap<String, Ident>;

impl Emitter<'_> {
    /// Places for what a scope declares and keeps.
    pub(super) fn places(&self, scope: &Scope, env: &Env) -> Places {
        let rt = self.rt;
        let declared = scope.nodes.iter().flat_map(|node| &node.kept);
        let mut places = Places::new();
        for variable in declared.chain(&scope.kept_bound) {
            let place = self.slot_of(variable);
            let new =
                if env.repeats { hygienic!(Arena::new()) } else { hygienic!(Deferred::new()) };
            self.outside.places.borrow_mut().extend(hygienic!(let #place = &#rt::#new;));
            places.insert(variable.to_string(), place);
        }
        places
    }

    /// The code at the beginning of a scope's body.
    pub(super) fn enter(&self, scope: &Scope, places: &Places, env: &mut Env) -> TokenStream {
        let rt = self.rt;
        let mut tokens = TokenStream::new();
        if env.repeats {
            // Each item has its own place.
            let places = places.values();
            tokens.extend(hygienic!(#(let #places = #rt::Arena::add(#places);)*));
        }
        for name in &scope.kept_bound {
            tokens.extend(keep(rt, name, &places[&name.to_string()]));
            env.declare_kept(name);
        }
        tokens
    }
}

impl ScopeEmitter<'_> {
    /// The place of a variable that outlasts the body.
    pub(super) fn place_of(&self, variable: &Ident) -> Option<&Ident> {
        self.places.get(&variable.to_string())
    }

    /// The code after a node that has completed.
    pub(super) fn completed(&self, node: &Node, env: &mut Env) -> TokenStream {
        let rt = self.shared.rt;
        let mut tokens = self.put(&mut node.vars.iter().map(|(var, _)| var), env);
        for variable in &node.kept {
            tokens.extend(keep(rt, variable, &self.places[&variable.to_string()]));
            env.declare_kept(variable);
        }
        if let Some(compensation) = node.compensation.as_ref().filter(|it| !it.maybe) {
            let add = self.compensation(node, compensation, env);
            tokens.extend(if may_have_failed(node) {
                hygienic!(if !__failed { #add; })
            } else {
                hygienic!(#add;)
            });
        }
        tokens
    }

    /// The value of a node, bound as the user's `let` says. If the value may be a failure,
    /// `__failed` then says whether it is one.
    pub(super) fn assign(&self, node: &Node, part: Part, value: &TokenStream) -> TokenStream {
        if !may_have_failed(node) {
            return assign(node, part, value);
        }
        let rt = self.shared.rt;
        if node.binding.is_some() {
            // The pattern may leave nothing of the output to inspect.
            let value =
                hygienic!({ let __output = #value; __failed = #rt::failed!(&__output); __output });
            let assigned = assign(node, part, &value);
            return hygienic!(let __failed; #assigned);
        }
        match node.vars.first() {
            Some((result, _)) => {
                let ty = self.result_type();
                hygienic!(let #result #ty = #value; let __failed = #rt::failed!(&#result);)
            }
            None => {
                let output = unbound(node);
                hygienic!(let #output = #value; let __failed = #rt::failed!(&#output); #output;)
            }
        }
    }

    /// Adds what undoes the node to what is undone.
    fn compensation(&self, node: &Node, compensation: &Compensation, env: &Env) -> TokenStream {
        let rt = self.shared.rt;
        let list = format_ident!("__undo_{}", node.id, span = Span::mixed_site());
        let id = number(node.id);
        self.shared.outside.add_list(&list, &hygienic!(#rt::Undo::new(#id)));
        let call = env.rewrite(&compensation.expr, rt);
        let at = mixed_site_at(call.span());
        let here = paths::at(at, rt);
        let compensation =
            quote_spanned!(at=> #here::compensate(#here::WorkflowStep::itself(#call)).await);
        let block = quote_spanned!(call.span()=> async move { #compensation });
        hygienic!(#rt::Undo::add(#list, __position, #block))
    }

    /// The call of a step, with what undoes it even if it may not have happened.
    pub(super) fn checked_call(
        &self,
        node: &Node,
        call: &syn::Expr,
        env: &Env,
        captures: Captures,
    ) -> TokenStream {
        let checked = self.checked(node, call, env, captures);
        let Some(compensation) = node.compensation.as_ref().filter(|it| it.maybe) else {
            return checked;
        };
        let add = self.compensation(node, compensation, env);
        let at = mixed_site_at(call.span());
        let here = paths::at(at, self.shared.rt);
        quote_spanned!(at=> #here::may_happen(#checked, #add))
    }

    /// The call of a step, which is kept if it is a workflow that undoes its own steps.
    fn checked(&self, node: &Node, call: &syn::Expr, env: &Env, captures: Captures) -> TokenStream {
        let rt = self.shared.rt;
        if node.child == Child::No {
            let step = match node.record() {
                Some(_) => self.shared.value(node, call, captures),
                None => self.shared.attempted(node, call, env, captures),
            };
            return self.shared.recorded(node, call, step);
        }
        let id = number(node.id);
        let as_one = node.child == Child::UndoneAsOne;
        let list = format_ident!("__children_{id}", span = Span::mixed_site());
        self.shared.outside.add_list(&list, &hygienic!(#rt::Children::new(#id, #as_one)));
        let at = mixed_site_at(call.span());
        let here = paths::at(at, rt);
        let (list, position) = (hygienic!(#list), hygienic!(__position));
        let child = quote_spanned!(at=> #here::child(#list, #position, #here::Called(#here::WorkflowStep::itself(#call)).child()));
        self.shared.settled_call(node, call, child)
    }

    /// Makes the kept variables of a part available to what follows the part.
    pub(super) fn found_again(
        &self,
        plan: &Plan,
        env: &mut Env,
        used: impl Fn(&str) -> bool,
    ) -> TokenStream {
        let rt = self.shared.rt;
        let nodes = plan.nodes().into_iter().filter_map(|at| self.node(at));
        let mut tokens = self.held_again(plan, env, &used);
        for variable in nodes.flat_map(|node| &node.kept) {
            if used(&variable.to_string()) {
                let place = &self.places[&variable.to_string()];
                tokens.extend(
                    hygienic!(#[allow(unused_variables)] let #variable = #rt::deferred(#place);),
                );
                env.declare_kept(variable);
            }
        }
        tokens
    }
}

/// Whether a node's value may be a failure that the workflow inspects, in which case the node has
/// done nothing that could be undone. That is so for a step without `?`, and for the value of a
/// body.
fn may_have_failed(node: &Node) -> bool {
    let undone = node.compensation.as_ref().is_some_and(|it| !it.maybe);
    undone
        && match &node.kind {
            Kind::Step(call) => call.question.is_none() && call.record.is_none(),
            _ => node.binding.is_none() && !node.vars.is_empty(),
        }
}

/// Whether the node's value has to be handled at once, whatever else happens.
pub(super) fn is_tracked(node: &Node) -> bool {
    !node.kept.is_empty() || node.compensation.is_some()
}

fn keep(rt: &TokenStream, variable: &Ident, place: &Ident) -> TokenStream {
    // Others may get it from the place.
    hygienic!(#[allow(unused_variables)] let #variable = #rt::keep(#place, #variable);)
}
