//! Every path into the runtime, in one place.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

use crate::manifest;

/// The runtime's hidden module, by the name that the user's Cargo.toml gives the crate.
pub(crate) fn runtime() -> TokenStream {
    let name = Ident::new(&manifest::runtime_name(), Span::call_site());
    quote!(::#name::__private)
}

/// The same path where `span` is, so that an error in a call through it is shown there.
pub(crate) fn at(span: Span, runtime: &TokenStream) -> TokenStream {
    let respan = |mut token: TokenTree| {
        token.set_span(span);
        token
    };
    runtime.clone().into_iter().map(respan).collect()
}

/// Code of the macro's own that lies over the whole of `place`, so that an error in it is shown
/// there.
pub(crate) fn over(code: &TokenStream, place: &TokenStream) -> TokenStream {
    let mut spans = place.clone().into_iter().map(|token| token.span());
    let first = spans.next().unwrap_or_else(Span::mixed_site);
    let last = spans.last().unwrap_or(first);
    let glue = Span::mixed_site();
    let respan = |(at, mut token): (usize, TokenTree)| {
        token.set_span(glue.located_at(if at == 0 { first } else { last }));
        token
    };
    code.clone().into_iter().enumerate().map(respan).collect()
}
