//! The expansion of each pattern, kept in files that a person can review. They are in the runtime
//! crate, whose documentation shows them.
//!
//! `UPDATE_GOLDEN=1 cargo test -p workflow-macros golden` rewrites them.

use std::fs;
use std::path::Path;

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::quote;

#[test]
fn linear() {
    compare("linear");
}

#[test]
fn parallel() {
    compare("parallel");
}

#[test]
fn diamond() {
    compare("diamond");
}

#[test]
fn conditional() {
    compare("conditional");
}

#[test]
fn pipeline() {
    compare("pipeline");
}

#[test]
fn irreducible() {
    compare("irreducible");
}

#[test]
fn finish() {
    compare("finish");
}

#[test]
fn compensation() {
    compare("compensation");
}

#[test]
fn durable() {
    compare("durable");
}

#[test]
fn maybe() {
    compare("maybe");
}

#[test]
fn record() {
    compare("record");
}

#[test]
fn step() {
    compare("step");
}

#[test]
fn step_retry() {
    compare("step_retry");
}

/// Expands `NAME.in.rs` and compares with `NAME.out.rs`.
fn compare(name: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../workflow-runtime/docs/generated");
    let source = fs::read_to_string(folder.join(format!("{name}.in.rs"))).expect("the input");
    let file = syn::parse_file(&source).expect("the input parses");
    // In a user's crate this is `::workflow_runtime::__private`.
    let runtime = quote!(rt);
    let expanded: TokenStream = file.items.into_iter().map(|item| expand(item, &runtime)).collect();
    let mut expanded = syn::parse2(readable(expanded)).expect("the expansion parses");
    unwrap_durable(&mut expanded);
    let text = prettyplease::unparse(&expanded);
    let path = folder.join(format!("{name}.out.rs"));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, &text).expect("the golden file can be written");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        text == expected,
        "the expansion of `{name}` has changed: run `UPDATE_GOLDEN=1 cargo test -p \
         workflow-macros golden` and review the difference"
    );
}

/// Names that the macro introduces begin with `__`, so that they cannot refer to one of the user's
/// constants. The names are easier to read without it.
fn readable(tokens: TokenStream) -> TokenStream {
    let read = |token| match token {
        TokenTree::Ident(ident) if is_of_the_macro(&ident.to_string()) => {
            Ident::new(&ident.to_string()[2..], ident.span()).into()
        }
        TokenTree::Group(group) => {
            TokenTree::Group(Group::new(group.delimiter(), readable(group.stream())))
        }
        token => token,
    };
    tokens.into_iter().map(read).collect()
}

/// A function is called by its full name.
fn is_of_the_macro(name: &str) -> bool {
    name.starts_with("__") && name != "__locked"
}

/// Keeps what the feature `durable` enables.
fn unwrap_durable(file: &mut syn::File) {
    let items = std::mem::take(&mut file.items).into_iter().flat_map(|item| match item {
        syn::Item::Macro(call) => {
            let first = call.mac.tokens.into_iter().next();
            let Some(TokenTree::Group(durable)) = first else { panic!("not `if_durable!`") };
            syn::parse2::<syn::File>(durable.stream()).expect("the workflow parses").items
        }
        item => vec![item],
    });
    file.items = items.collect();
}

fn expand(item: syn::Item, runtime: &TokenStream) -> TokenStream {
    match item {
        syn::Item::Macro(call) => super::expand(call.mac.tokens, runtime),
        syn::Item::Fn(mut function) => {
            let at = function.attrs.iter().position(|attr| attr.path().is_ident("step"));
            let step = function.attrs.remove(at.expect("a step"));
            let options = match step.meta {
                syn::Meta::List(list) => list.tokens,
                _ => TokenStream::new(),
            };
            crate::step::expand(options, quote!(#function), runtime)
        }
        item => quote!(#item),
    }
}
