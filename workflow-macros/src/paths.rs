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
