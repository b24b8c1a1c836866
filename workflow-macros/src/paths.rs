//! Every path into the runtime, in one place.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use crate::externs;

/// The runtime's hidden module, under the name that the user's Cargo.toml gives the crate.
pub(crate) fn runtime() -> TokenStream {
    let name = Ident::new(&externs::runtime_name(), Span::call_site());
    inside(&quote!(::#name))
}

/// The runtime's hidden module, for a crate with this path.
pub(crate) fn inside(krate: &TokenStream) -> TokenStream {
    quote!(#krate::__private)
}

/// The name of that module in the body of a workflow.
pub(crate) fn alias() -> TokenStream {
    Ident::new("__rt", Span::call_site()).into_token_stream()
}

/// The same path at `span`, so that an error in a call through it is shown there.
pub(crate) fn at(span: Span, runtime: &TokenStream) -> TokenStream {
    let mut moved = TokenStream::new();
    for mut token in runtime.clone() {
        token.set_span(span);
        moved.extend([token]);
    }
    moved
}

/// The macro's own code with the span of the whole of `place`, so that an error in it is shown
/// there.
pub(crate) fn over(code: &TokenStream, place: &TokenStream) -> TokenStream {
    let mut spans = place.clone().into_iter().map(|token| token.span());
    let first = spans.next().unwrap_or_else(Span::mixed_site);
    let last = spans.last().unwrap_or(first);
    let mixed_site = Span::mixed_site();
    let mut moved = TokenStream::new();
    for mut token in code.clone() {
        token.set_span(mixed_site.located_at(if moved.is_empty() { first } else { last }));
        moved.extend([token]);
    }
    moved
}
