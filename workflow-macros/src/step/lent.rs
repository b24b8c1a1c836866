//! What a retried step may not return: what it has borrowed for one attempt alone.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{FnArg, Lifetime, ReceiverKind, ReturnType, Token, Type};

use super::StepFn;
use super::check::{first_borrow, is_of_function};
use crate::report::Report;
use crate::sorted::SortedSet;
use crate::walk::{self, Part};

/// If an attempt could return a `&mut` argument, or what borrows from one, the next attempt would
/// lack it.
pub(super) fn check_output(function: &StepFn, report: &mut Report) {
    let ReturnType::Type(_, output) = &function.sig.output else { return };
    let mutable = from_mutable(&function.sig.inputs);
    let problem = match (first_borrow(output, true), first_kept(output, &mutable)) {
        (Some(borrow), _) => report.error(borrow, "a retried step cannot return a `&mut`"),
        (None, Some(lifetime)) => {
            report.error(lifetime, "a retried step cannot return what borrows from a `&mut`")
        }
        (None, None) => return,
    };
    problem
        .note("each attempt borrows the arguments anew, and gives them back for the next one")
        .help("return an owned value, or a shared reference to what is passed as one");
}

/// Which lifetimes of an output are those of `&mut` inputs.
struct MutableLifetimes {
    named: SortedSet<String>,
    /// One that is not written is.
    elided: bool,
}

fn from_mutable(inputs: &Punctuated<FnArg, Token![,]>) -> MutableLifetimes {
    let references: Vec<_> = inputs.iter().filter_map(reference).collect();
    let mutable = references.iter().filter(|(_, _, mutable)| *mutable);
    let named = mutable.filter_map(|(_, lifetime, _)| *lifetime);
    let named = named.map(|lifetime| lifetime.ident.to_string()).collect();
    // What is not written is that of `self`, or else of the only one.
    let of_self = references.iter().find(|(of_self, ..)| *of_self);
    let only = (references.len() == 1).then(|| &references[0]);
    let elided = of_self.or(only).is_some_and(|(_, lifetime, mutable)| {
        *mutable && lifetime.is_none_or(|lifetime| lifetime.ident == "_")
    });
    MutableLifetimes { named, elided }
}

/// An input that is a reference: whether it is `self`, its lifetime, and whether it is `&mut`.
fn reference<'a>(input: &'a FnArg) -> Option<(bool, Option<&'a Lifetime>, bool)> {
    let of_type = |ty: &'a Type| match ty {
        Type::Reference(reference) => {
            Some((reference.lifetime.as_ref(), reference.mutability.is_some()))
        }
        _ => None,
    };
    let (of_self, reference) = match input {
        FnArg::Receiver(receiver) => match &receiver.kind {
            ReceiverKind::Reference(_, lifetime, mutability) => {
                (true, Some((lifetime.as_ref(), mutability.is_some())))
            }
            ReceiverKind::Typed(_, ty) => (true, of_type(ty)),
            _ => (true, None),
        },
        FnArg::Typed(typed) => (false, of_type(&typed.ty)),
    };
    reference.map(|(lifetime, mutable)| (of_self, lifetime, mutable))
}

/// The first lifetime or reference in an output that is that of a `&mut` input.
fn first_kept(output: &Type, from: &MutableLifetimes) -> Option<TokenStream> {
    let mut first = None;
    walk::ty(output, &mut |part| {
        let kept = match part {
            Part::Type(Type::Reference(reference)) => {
                let elided = reference.lifetime.is_none() && from.elided;
                elided.then(|| reference.to_token_stream())
            }
            Part::Lifetime(lifetime) => {
                let name = lifetime.ident.to_string();
                let kept = if name == "_" { from.elided } else { from.named.contains(&name) };
                kept.then(|| lifetime.to_token_stream())
            }
            _ => None,
        };
        first = first.take().or(kept);
        first.is_none() && !is_of_function(part)
    });
    first
}
