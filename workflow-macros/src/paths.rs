//! Every path into the runtime, in one place.

use proc_macro_crate::{FoundCrate, crate_name};
use proc_macro2::{Ident, Span, TokenStream};
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
