//! Attributes that are macros, such as `#[tracing::instrument]`, on steps and workflows.
//!
//! Such a macro changes the body of an `async fn`, so it has to be given one: it runs before the
//! function becomes a step or a workflow, whichever of the two attributes comes first.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::Attribute;

use crate::step::StepFn;
use crate::tokens::rebuilt;

/// The placeholder in the function for the body as the macros have changed it.
pub(crate) fn changed_body() -> Ident {
    Ident::new("__changed_body", Span::mixed_site())
}

/// The placeholder for the original body in the one that the macros change.
fn body() -> Ident {
    Ident::new("__body", Span::mixed_site())
}

/// Lets the macros change `body`, and puts the result into `function` in place of `changed_body`.
/// `signature` is that of the `async fn` that the macros see.
pub(crate) fn surround(
    macros: &[&Attribute],
    signature: &TokenStream,
    function: &TokenStream,
    content: &TokenStream,
    runtime: &TokenStream,
) -> TokenStream {
    let body = body();
    quote! {
        #(#macros)*
        #[#runtime::surrounded({ #function } { #content })]
        #signature { #body }
    }
}

/// Puts the parts together once the macros have run.
pub(crate) fn put_together(parts: TokenStream, changed: TokenStream) -> TokenStream {
    let mut parts = parts.into_iter();
    let mut part = || match parts.next() {
        Some(TokenTree::Group(group)) => group.stream(),
        _ => TokenStream::new(),
    };
    let (function, content) = (part(), part());
    match syn::parse2::<StepFn>(changed) {
        Ok(changed) => {
            let attrs = &changed.attrs;
            let surroundings = changed.body.map(|body| body.stream()).unwrap_or_default();
            let surroundings = replace(surroundings, &body(), &content);
            let function = replace(function, &changed_body(), &surroundings);
            quote!(#(#attrs)* #function)
        }
        Err(error) => error.to_compile_error(),
    }
}

fn replace(tokens: TokenStream, name: &Ident, by: &TokenStream) -> TokenStream {
    let mut replaced = TokenStream::new();
    for token in tokens {
        match token {
            TokenTree::Ident(ident) if ident == *name => replaced.extend(by.clone()),
            TokenTree::Group(group) if holds(group.stream(), name) => {
                replaced.extend([rebuilt(&group, replace(group.stream(), name, by))]);
            }
            token => replaced.extend([token]),
        }
    }
    replaced
}

fn holds(tokens: TokenStream, name: &Ident) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == *name,
        TokenTree::Group(group) => holds(group.stream(), name),
        _ => false,
    })
}
