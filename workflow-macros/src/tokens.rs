//! Small questions about tokens.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The group with another content.
pub(crate) fn rebuilt(group: &Group, content: TokenStream) -> TokenTree {
    let mut rebuilt = Group::new(group.delimiter(), content);
    rebuilt.set_span(group.span());
    TokenTree::Group(rebuilt)
}

pub(crate) fn is_braces(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
}

pub(crate) fn is_mark(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == character)
}

pub(crate) fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}
