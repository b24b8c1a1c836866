//! A step in an editor: the function as it is written.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::quote;

use crate::step::problems;
use crate::workflow::plain::{is_word, used_options};

/// The function, which is `async` also where its body is not, with what is wrong with it. In front
/// of its body stand the options, as names and values that an editor can look up.
pub(crate) fn expand(options: TokenStream, item: TokenStream, rt: &TokenStream) -> TokenStream {
    let errors = problems(options.clone(), item.clone());
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    if let Some(TokenTree::Group(body)) = tokens.last()
        && body.delimiter() == Delimiter::Brace
    {
        let (used, content) = (used_options(options, &quote!(#rt::options)), body.stream());
        let mut with_options = Group::new(Delimiter::Brace, quote!(#used #content));
        with_options.set_span(body.span());
        tokens.pop();
        tokens.push(with_options.into());
    }
    let function = tokens.iter().position(|token| is_word(token, "fn"));
    let is_async = tokens.iter().any(|token| is_word(token, "async"));
    if let Some(at) = function.filter(|_| !is_async) {
        tokens.insert(at, Ident::new("async", Span::mixed_site()).into());
    }
    let item: TokenStream = tokens.into_iter().collect();
    quote!(#item #errors)
}
