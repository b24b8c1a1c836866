//! A step in an editor: the function as it is written.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;

use crate::step::problems;
use crate::tokens::{is_braces, is_word, rebuilt};
use crate::workflow::plain::used_options;

/// The function, which is `async` also where its body is not, with what is wrong with it. In front
/// of its body stand the options, as names and values that an editor can look up.
pub(crate) fn expand(options: TokenStream, item: TokenStream, rt: &TokenStream) -> TokenStream {
    let errors = problems(options.clone(), item.clone());
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    if let Some(last) = tokens.last_mut()
        && is_braces(last)
        && let TokenTree::Group(body) = last
    {
        let (used, content) = (used_options(options, &quote!(#rt::options)), body.stream());
        *last = rebuilt(body, quote!(#used #content));
    }
    let function = tokens.iter().position(|token| is_word(token, "fn"));
    let is_async = tokens.iter().any(|token| is_word(token, "async"));
    if let Some(at) = function.filter(|_| !is_async) {
        tokens.insert(at, Ident::new("async", Span::mixed_site()).into());
    }
    let item: TokenStream = tokens.into_iter().collect();
    quote!(#item #errors)
}
