//! The signals that a durable workflow waits for.

use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Expr, GenericArgument, PathArguments, Type};

use super::functions::{function_name, function_path};
use super::model::{Kind, Model, Scope};
use super::syntax::KnownSignal;
use crate::duration::text_of;
use crate::sorted::{SortedMap, SortedSet};

/// Stores the signals in the model of each workflow of one `workflow!`, including those of the
/// workflows that it calls; no names if one of them is computed.
pub(crate) fn mark(models: &mut [(String, &mut Model)]) {
    let waits: SortedMap<String, Waits> = models
        .iter()
        .map(|(name, model)| {
            let mut waits = Waits::default();
            waits.collect(&model.body);
            (name.clone(), waits)
        })
        .collect();
    for (name, model) in models {
        // Each is visited once, even if they call each other.
        let (mut open, mut seen) = (vec![name.clone()], SortedSet::new());
        let (mut known, mut computed) = (Vec::new(), false);
        while let Some(workflow) = open.pop() {
            let Some(waits) = waits.get(&workflow).filter(|_| seen.insert(workflow.clone())) else {
                continue;
            };
            computed |= waits.computed;
            known.extend(waits.known.iter().cloned());
            open.extend(waits.calls.iter().cloned());
        }
        model.known_signals = each_once(known);
        let names = model.known_signals.iter().map(|signal| signal.name.clone());
        model.signals = (!computed).then(|| names.collect());
    }
}

/// One signal for each name. Two waits for the same name can have different types.
fn each_once(mut signals: Vec<KnownSignal>) -> Vec<KnownSignal> {
    signals.sort_by(|a, b| a.name.cmp(&b.name));
    let written = |ty: &Option<Type>| ty.to_token_stream().to_string();
    signals.dedup_by(|next, first| {
        let same = next.name == first.name;
        if same && written(&next.ty) != written(&first.ty) {
            first.ty = None;
        }
        same
    });
    signals
}

/// The waits of one workflow.
#[derive(Default)]
struct Waits {
    known: Vec<KnownSignal>,
    /// The name of one of them is computed.
    computed: bool,
    calls: Vec<String>,
}

impl Waits {
    fn collect(&mut self, scope: &Scope) {
        for node in &scope.nodes {
            if let Kind::Step(call) = &node.kind {
                match argument(&call.expr).map(text) {
                    Some(Some(name)) => {
                        let ty = value_type(&call.expr);
                        self.known.push(KnownSignal { name, ty });
                    }
                    Some(None) => self.computed = true,
                    None => self.calls.extend(function_path(&call.expr)),
                }
            }
            for inner in node.scopes() {
                self.collect(inner);
            }
        }
    }
}

/// The argument of `signal::<T>("approval")`.
fn argument(call: &Expr) -> Option<&Expr> {
    match call {
        Expr::Paren(paren) => argument(&paren.expr),
        Expr::Call(inner) if inner.args.len() == 1 => {
            let is_signal = function_name(call).is_some_and(|name| name == "signal");
            inner.args.first().filter(|_| is_signal)
        }
        _ => None,
    }
}

fn text(argument: &Expr) -> Option<String> {
    match argument {
        Expr::Paren(paren) => text(&paren.expr),
        argument => text_of(argument).map(syn::LitStr::value),
    }
}

/// The type of the signal's value: that of `signal::<Approval>`.
fn value_type(call: &Expr) -> Option<Type> {
    match call {
        Expr::Paren(paren) => value_type(&paren.expr),
        Expr::Call(call) => {
            let Expr::Path(path) = &*call.func else { return None };
            let PathArguments::AngleBracketed(arguments) = &path.path.segments.last()?.arguments
            else {
                return None;
            };
            match arguments.args.first() {
                Some(GenericArgument::Type(ty)) if !is_inferred(ty.to_token_stream()) => {
                    Some(ty.clone())
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether a part of the type is `_`.
fn is_inferred(ty: TokenStream) -> bool {
    ty.into_iter().any(|token| match token {
        TokenTree::Ident(name) => name == "_",
        TokenTree::Group(group) => is_inferred(group.stream()),
        TokenTree::Punct(_) | TokenTree::Literal(_) => false,
    })
}
