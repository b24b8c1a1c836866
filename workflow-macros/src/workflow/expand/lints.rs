//! Lint levels that the user has set on a declaration, put where the lints look.
//!
//! A declaration that becomes one statement keeps its attributes in front of it. If the call
//! becomes part of a join and the variable part of the pattern that takes the join's values, both
//! get the levels. But an expectation has to be in one place only, so the name of the lint decides
//! which.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::{Attribute, Meta, Token};

use crate::workflow::model::Node;

/// A part of a declaration, as it is written somewhere.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it, in one statement.
    Whole,
    /// The pattern that takes the value.
    Binding,
    /// The expression that makes the value.
    Call,
    /// The expression that makes the value, repeated in code that never runs: nothing is expected
    /// there.
    Copy,
}

/// Lints about variables and patterns. All others are about expressions.
const OF_BINDINGS: [&str; 16] = [
    "let_underscore_drop",
    "let_underscore_lock",
    "let_underscore_must_use",
    "let_underscore_untyped",
    "let_unit_value",
    "many_single_char_names",
    "no_effect_underscore_binding",
    "non_snake_case",
    "shadow_reuse",
    "shadow_same",
    "shadow_unrelated",
    "similar_names",
    "unused",
    "unused_assignments",
    "unused_mut",
    "unused_variables",
];

/// The attributes in front of a part of the declaration.
pub(super) fn of(node: &Node, part: Part) -> TokenStream {
    let lints = node.lints.iter().map(|attr| of_part(attr, part));
    hygienic!(#(#lints)*)
}

fn of_part(attr: &Attribute, part: Part) -> TokenStream {
    if part == Part::Whole || !attr.path().is_ident("expect") {
        return attr.to_token_stream();
    }
    if part == Part::Copy {
        let Meta::List(list) = &attr.meta else { return TokenStream::new() };
        let lints = &list.tokens;
        return hygienic!(#[allow(#lints)]);
    }
    let lints = attr.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated);
    let Ok(lints) = lints else { return attr.to_token_stream() };
    let (reasons, lints): (Vec<Meta>, Vec<Meta>) =
        lints.into_iter().partition(|meta| matches!(meta, Meta::NameValue(_)));
    let of_binding = |lint: &Meta| {
        let name = lint.path().segments.last().map(|name| name.ident.to_string());
        name.is_some_and(|name| OF_BINDINGS.contains(&&*name))
    };
    let lints = lints.into_iter().filter(|lint| of_binding(lint) == (part == Part::Binding));
    let lints: Vec<Meta> = lints.collect();
    if lints.is_empty() {
        return TokenStream::new();
    }
    let path = attr.path();
    hygienic!(#[#path(#(#lints,)* #(#reasons),*)])
}
