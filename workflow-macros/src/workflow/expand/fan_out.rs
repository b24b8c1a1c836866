//! A `for` over items.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{Expr, Pat};

use super::emitter::Emitter;
use super::nodes::{mixed_site_at, number};
use super::scope::ScopeEmitter;
use super::variables::Env;
use crate::paths;
use crate::pattern::bound_by;
use crate::workflow::contested::consumed_by_items;
use crate::workflow::model::{Child, How, Kind, Node, Scope, Tail};
use crate::workflow::syntax::Call;
use crate::workflow::undo::undoes;

impl Emitter<'_> {
    pub(super) fn fan_out(
        &self,
        node: &Node,
        (pat, items, concurrency): (&Pat, &Expr, Option<&Expr>),
        body: &Scope,
        env: &Env,
    ) -> TokenStream {
        let Self { rt, flow, .. } = self;
        let id = number(node.id);
        let items = env.rewrite(items, rt);
        let at = mixed_site_at(items.span());
        let checked = paths::at(at, rt);
        let items = quote_spanned!(at=> #checked::Items::itself(#items));
        let limit = concurrency.map(|limit| {
            let limit = env.rewrite(limit, rt);
            let at = mixed_site_at(limit.span());
            quote_spanned!(at=> let __limit: usize = #limit;)
        });
        let any_limit =
            if limit.is_some() { hygienic!(#rt::Some(__limit)) } else { hygienic!(#rt::None) };
        let share = consumed_by_items(body, &mut self.traits.borrow_mut(), &|name| {
            let name = name.to_string();
            env.value(&name).is_some()
                && !self.copied.contains(&name)
                && !bound_by(pat).iter().any(|(bound, _)| *bound == name)
        });
        // The body runs many times, so it borrows what it uses from outside.
        let mut inner = env.clone();
        let mut borrows = TokenStream::new();
        // Names that are used only for order are already done.
        for used in body.free.iter().filter(|used| matches!(used.how, How::Value(_))) {
            let name = used.ident.to_string();
            if let Some(ident) = inner.value(&name).cloned() {
                borrows.extend(hygienic!(let #ident = &#ident;));
                inner.declare_reference(&ident);
            }
        }
        for (name, _) in bound_by(pat) {
            inner.declare(&name);
        }
        inner.repeats = true;
        // As a statement, it is a `for` like any other: the value of its body is dropped.
        let unused = node.binding.is_none() && node.vars.is_empty();
        let one_call = if unused { None } else { self.one_call(pat, body, &inner) };
        let item = one_call.unwrap_or_else(|| self.item(body, inner, unused, &any_limit));
        let items_left = if self.drains() {
            hygienic!(#rt::until_failure(__failures, __items))
        } else {
            hygienic!(__items)
        };
        let mut told = None;
        let (fan_out, arguments) = match (self.durable, &limit) {
            (true, _) => {
                let (noted, its_type) = self.noted_items(node, &hygienic!(__items));
                told = Some(its_type);
                let arguments = hygienic!(#any_limit, #items_left, #noted);
                (hygienic!(durable_fan_out::<#flow, _, _, _, _, _, _>), arguments)
            }
            (false, Some(_)) => {
                (hygienic!(fan_out_within::<#flow, _, _, _, _>), hygienic!(__limit, #items_left))
            }
            (false, None) => (hygienic!(fan_out::<#flow, _, _, _, _>), items_left),
        };
        let outcome = hygienic!(#rt::#fan_out(#id, #arguments, move |#pat| #item).await);
        let value = self.all(&outcome);
        // The value lacks the items that were never started.
        let gate = self.gate();
        // An error about the type of the value is shown at the body.
        let at = body.braces.map_or_else(Span::mixed_site, |braces| mixed_site_at(braces.join()));
        let result = quote_spanned!(at=> __value);
        hygienic!({
            #share
            let __items = #items;
            #told
            #limit
            #borrows
            let __value = #value;
            #gate
            #result
        })
    }

    /// The future of one item.
    fn item(&self, body: &Scope, env: Env, unused: bool, limit: &TokenStream) -> TokenStream {
        let Self { rt, flow, .. } = self;
        let undoes = undoes(body);
        let has_result = !unused && !matches!(body.tail, Tail::Unit);
        let body =
            self.inside(|| if unused { self.unused_body(body, env) } else { self.body(body, env) });
        let end = if has_result {
            self.ok(&hygienic!({ #body }))
        } else {
            let end = self.ok(&hygienic!(()));
            hygienic!(#body #end)
        };
        // What is undone later has to know which item it belongs to.
        let position = undoes.then(|| hygienic!(let __position = &__position;));
        let mut block = self.settled(self.braces, self.async_move(&hygienic!(#position #end)));
        if self.finish {
            block = hygienic!(#rt::finishing_item::<#flow, _>(__failures, #block));
        }
        if undoes {
            block = hygienic!({ let __position = #rt::item(__position, #limit); #block });
        }
        block
    }

    /// The item, if the body is one call that borrows nothing that the body declares. It is that
    /// call, without an async block around it, which would store all arguments a second time.
    fn one_call(&self, pat: &Pat, body: &Scope, env: &Env) -> Option<TokenStream> {
        if self.durable || self.finish || undoes(body) {
            return None;
        }
        let (node, call) = only_call(body)?;
        let Expr::Call(written) = &call.expr else { return None };
        let is_function = matches!(&*written.func, Expr::Path(_));
        let bound: Vec<String> =
            bound_by(pat).into_iter().map(|(name, _)| name.to_string()).collect();
        let outlast = written.args.iter().all(|argument| outlasts_closure(argument, &bound, env));
        let emitter = ScopeEmitter::new(self, body, env, true);
        if !is_function || !outlast || !emitter.externals.is_empty() {
            return None;
        }
        let branch = self.inside(|| emitter.step_branch(node, call, env));
        let Self { rt, flow, .. } = self;
        Some(hygienic!(#rt::item_call::<#flow, _>(#branch)))
    }
}

/// The single call that makes up the body, if it has no attributes or other additions.
fn only_call(body: &Scope) -> Option<(&Node, &Call)> {
    let [node] = body.nodes.as_slice() else { return None };
    let Kind::Step(call) = &node.kind else { return None };
    let plain = node.lints.is_empty()
        && node.compensation.is_none()
        && node.child == Child::No
        && call.record.is_none()
        && call.policy.given.is_empty();
    let is_result = match (&body.tail, &node.binding) {
        (Tail::Node(_), None) => true,
        (Tail::Expr(Expr::Path(result)), Some(binding)) => {
            let [(variable, false)] = node.vars.as_slice() else { return None };
            let named = matches!(&binding.pat, Pat::Ident(_)) && binding.ty.is_none();
            named && result.path.is_ident(variable)
        }
        _ => false,
    };
    (plain && is_result).then_some((node, call))
}

/// Whether the argument borrows neither from what the closure of an item declares nor from a
/// temporary in it.
fn outlasts_closure(argument: &Expr, bound: &[String], env: &Env) -> bool {
    let is_outside =
        |name: &String| !bound.contains(name) && env.names().any(|known| known == *name);
    match argument {
        Expr::Lit(_) | Expr::Path(_) => true,
        Expr::Field(_) => root(argument).is_some(),
        Expr::Reference(borrow) if borrow.mutability.is_none() => {
            root(&borrow.expr).is_some_and(|name| is_outside(&name))
        }
        _ => false,
    }
}

/// The variable that this is a part of.
fn root(place: &Expr) -> Option<String> {
    match place {
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string),
        Expr::Field(field) => root(&field.base),
        _ => None,
    }
}
