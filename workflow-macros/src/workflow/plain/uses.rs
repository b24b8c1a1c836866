//! Statements that do nothing but name what an editor is to look up.

use proc_macro2::{Punct, Spacing, TokenStream, TokenTree};
use quote::quote;

/// A statement that uses values and does nothing else: each by reference, if they are names.
pub(super) fn used(values: TokenStream, by_reference: bool) -> TokenStream {
    let borrow = by_reference.then(|| Punct::new('&', Spacing::Alone));
    let values = between_commas(values).into_iter().filter(|value| !value.is_empty());
    quote!(#(let _ = #borrow #values;)*)
}

pub(super) fn between_commas(tokens: TokenStream) -> Vec<TokenStream> {
    let mut parts = vec![TokenStream::new()];
    for token in tokens {
        match &token {
            TokenTree::Punct(comma) if comma.as_char() == ',' => parts.push(TokenStream::new()),
            _ => parts.last_mut().expect("there is one from the start").extend([token]),
        }
    }
    parts
}
