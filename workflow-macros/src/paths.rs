//! Every path into the runtime, in one place.

use proc_macro_crate::{FoundCrate, crate_name};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

/// The runtime's hidden module, by the name that the user's Cargo.toml gives the crate.
pub(crate) fn runtime() -> TokenStream {
    let name = match crate_name("workflow-runtime") {
        Ok(FoundCrate::Name(name)) => name,
        // Inside the runtime itself and its documentation tests; and where there is no
        // manifest to read.
        Ok(FoundCrate::Itself) | Err(_) => "workflow_runtime".to_owned(),
    };
    let name = Ident::new(&name, Span::call_site());
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
