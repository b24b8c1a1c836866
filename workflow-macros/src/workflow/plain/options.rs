//! Options in an editor: names and values that it can look up.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

use super::uses::{between_commas, used};

/// Statements that use each name in the list, found in the module `known`, and each value.
pub(crate) fn used_options(list: TokenStream, known: &TokenStream) -> TokenStream {
    let mut statements = TokenStream::new();
    for option in between_commas(list) {
        let option: Vec<TokenTree> = option.into_iter().collect();
        statements.extend(used_option(&option, known));
    }
    statements
}

fn used_option(option: &[TokenTree], known: &TokenStream) -> TokenStream {
    let [TokenTree::Ident(name), rest @ ..] = option else { return TokenStream::new() };
    // It is a keyword, and no path can end with one.
    if name == "crate" {
        return TokenStream::new();
    }
    let own = quote!(let _ = #known::#name;);
    let rest = match rest {
        [TokenTree::Punct(equals), TokenTree::Ident(kind), ..]
            if equals.as_char() == '=' && WITH_NAMES.contains(&&*name.to_string()) =>
        {
            let inside = within(known, name);
            quote!(let _ = #inside::#kind;)
        }
        [TokenTree::Punct(equals), value @ ..] if equals.as_char() == '=' => {
            used(value.iter().cloned().collect(), false)
        }
        // A former name no longer exists.
        [TokenTree::Group(_)] if name == "was" => TokenStream::new(),
        [TokenTree::Group(inner)] => used_options(inner.stream(), &within(known, name)),
        _ => TokenStream::new(),
    };
    quote!(#own #rest)
}

/// The options whose values are names of ours.
const WITH_NAMES: [&str; 2] = ["backoff", "on_failure"];

/// The module with the options of an option.
fn within(known: &TokenStream, name: &Ident) -> TokenStream {
    let module = Ident::new(&format!("in_{name}"), Span::mixed_site());
    quote!(#known::#module)
}
