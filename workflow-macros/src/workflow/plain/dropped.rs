//! Branches and fan-outs whose value is dropped. A workflow takes any value there; a statement of
//! Rust has to be `()`.

use proc_macro2::{Delimiter, Group, Punct, Spacing, TokenStream, TokenTree};

use super::statements::{Statement, begins_block, is_value, statements};
use crate::tokens::{is_braces, is_mark, is_word, rebuilt};

/// The statement with a semicolon at the end of each of its blocks.
pub(super) fn dropped(tokens: Vec<TokenTree>) -> Vec<TokenTree> {
    match tokens.first() {
        Some(first) if !begins_block(first) => tokens,
        Some(first) if is_word(first, "match") => last_braces(tokens, arms),
        Some(first) if is_word(first, "for") => last_braces(tokens, ended),
        _ => tokens.into_iter().map(|token| in_braces(token, ended)).collect(),
    }
}

/// Changes what the last braces hold: the others belong to the value that is matched or looped over.
fn last_braces(
    mut tokens: Vec<TokenTree>,
    change: fn(TokenStream) -> TokenStream,
) -> Vec<TokenTree> {
    if let Some(at) = tokens.iter().rposition(is_braces) {
        tokens[at] = in_braces(tokens[at].clone(), change);
    }
    tokens
}

fn in_braces(token: TokenTree, change: fn(TokenStream) -> TokenStream) -> TokenTree {
    match token {
        TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
            rebuilt(&group, change(group.stream()))
        }
        token => token,
    }
}

/// A block's content, with a semicolon at its end.
fn ended(content: TokenStream) -> TokenStream {
    let mut statements = statements(content);
    if let Some(last) = statements.last_mut() {
        last.tokens = dropped(std::mem::take(&mut last.tokens));
        if is_value(&last.tokens) {
            last.tokens.push(Punct::new(';', Spacing::Alone).into());
        }
    }
    let mut whole = TokenStream::new();
    for Statement { attributes, tokens } in statements {
        for attribute in attributes {
            whole.extend(attribute.tokens);
        }
        whole.extend(tokens);
    }
    whole
}

/// The arms of a `match`, each as a block that ends with a semicolon.
fn arms(content: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = content.into_iter().collect();
    let mut arms = TokenStream::new();
    let mut rest = &tokens[..];
    while let Some(arrow) = rest.windows(2).position(is_arrow) {
        let (pattern, value) = rest.split_at(arrow + 2);
        arms.extend(pattern.iter().cloned());
        let end = value.iter().position(|token| is_mark(token, ',')).unwrap_or(value.len());
        let (value, after) = match value {
            [TokenTree::Group(block), after @ ..] if block.delimiter() == Delimiter::Brace => {
                (block.stream(), after)
            }
            value => (value[..end].iter().cloned().collect(), &value[end..]),
        };
        arms.extend([TokenTree::from(Group::new(Delimiter::Brace, ended(value)))]);
        rest = after;
    }
    arms.extend(rest.iter().cloned());
    arms
}

fn is_arrow(pair: &[TokenTree]) -> bool {
    matches!(pair, [TokenTree::Punct(equals), TokenTree::Punct(greater)]
        if equals.as_char() == '=' && equals.spacing() == Spacing::Joint && greater.as_char() == '>')
}
