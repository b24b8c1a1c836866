//! Bodies that are nested deeply, and expressions that are very long or deep.
//!
//! The parser takes some 50 KB of the compiler's stack for each block inside another, some for each
//! parenthesis and each `else if`, and a walk through `a + a + …` takes some KB for each operand.
//! So whatever is nested deeper than that, or is longer, is parsed as a macro call that holds it. A
//! block or the rest of an `else if` chain is parsed when its turn comes; a value never is.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use quote::quote;
use syn::{Block, Expr, Stmt};

use super::braces::{Braces, Next};
use crate::tokens::rebuilt;

/// At most this many nested groups are parsed at once.
const DEEP: usize = 24;

/// At most this many tokens side by side are walked one by one.
const LONG: usize = 1500;

/// At most this many consecutive `else if` are parsed at once.
const CHAIN: usize = 32;

/// At most this many nested bodies with steps in them fit on the compiler's stack.
const MOST: usize = 100;

/// The macro that holds what is not parsed yet.
const HELD: &str = "__unparsed";

/// The macro that holds an `if`, inside braces after an `else` that the user did not write.
const HELD_IF: &str = "__unparsed_if";

/// Whether a macro call only holds code that is not parsed yet.
pub(crate) fn is_unparsed(path: &syn::Path) -> bool {
    path.is_ident(HELD) || path.is_ident(HELD_IF)
}

/// Whether a macro call holds a step that is not parsed yet.
pub(crate) fn holds_step(call: &syn::Macro) -> bool {
    is_unparsed(&call.path) && holds(&call.tokens, "await")
}

/// The workflows, with calls in place of whatever is deep or long.
pub(crate) fn shallow(tokens: TokenStream) -> TokenStream {
    if is_modest(&tokens, 0) { tokens } else { level(tokens, Holds::Functions, 0) }
}

/// The same for the contents of a block.
fn shallow_block(tokens: TokenStream) -> TokenStream {
    if is_modest(&tokens, 0) { tokens } else { level(tokens, Holds::Statements, 0) }
}

/// Replaces layers of parentheses or braces that hold nothing but each other, if there are too
/// many, with two layers: they mean the same.
pub(crate) fn without_layers(tokens: TokenStream) -> TokenStream {
    if is_flat(&tokens, 0) {
        return tokens;
    }
    let mut of_macro = false;
    let layered = tokens.into_iter().map(|token| {
        let TokenTree::Group(group) = &token else {
            of_macro = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '!');
            return token;
        };
        if std::mem::take(&mut of_macro) {
            return token;
        }
        let (innermost, layers) = innermost(group);
        if layers <= DEEP {
            return rebuilt(group, without_layers(group.stream()));
        }
        let inner = rebuilt(&innermost, without_layers(innermost.stream()));
        rebuilt(group, inner.into())
    });
    quote!(#(#layered)*)
}

/// The last of the groups that each hold nothing but the next one, and how many layers it is
/// inside.
fn innermost(group: &Group) -> (Group, usize) {
    let (mut innermost, mut layers) = (group.clone(), 0);
    loop {
        let mut inner = innermost.stream().into_iter();
        match (inner.next(), inner.next()) {
            (Some(TokenTree::Group(only)), None) if only.delimiter() == group.delimiter() => {
                innermost = only;
                layers += 1;
            }
            _ => return (innermost, layers),
        }
    }
}

fn is_flat(tokens: &TokenStream, depth: usize) -> bool {
    depth <= DEEP
        && tokens.clone().into_iter().all(|token| match token {
            TokenTree::Group(group) => is_flat(&group.stream(), depth + 1),
            _ => true,
        })
}

/// The first token of a body that has steps in it and is nested too deeply.
pub(crate) fn too_deep(tokens: &TokenStream) -> Option<TokenTree> {
    body_below(tokens.clone(), MOST)
}

fn body_below(tokens: TokenStream, left: usize) -> Option<TokenTree> {
    let mut braces = Braces::default();
    for token in tokens {
        let next = braces.next(&token);
        let TokenTree::Group(group) = &token else { continue };
        let inner = group.stream();
        let left = if next == Some(Next::Block) { left.checked_sub(1) } else { Some(left) };
        let found = match left {
            Some(left) => body_below(inner, left),
            None if holds(&inner, "await") => inner.into_iter().next(),
            None => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The block, which is parsed now if it was not yet.
pub(crate) fn parsed(block: Block) -> syn::Result<Block> {
    let Some(tokens) = held(&block, HELD) else { return Ok(block) };
    let parse = |input: syn::parse::ParseStream<'_>| {
        let attrs = input.call(syn::Attribute::parse_inner)?;
        if let Some(attr) = attrs.first() {
            return Err(syn::Error::new_spanned(attr, "an inner attribute cannot stand here"));
        }
        input.call(Block::parse_within)
    };
    let stmts = syn::parse::Parser::parse2(parse, shallow_block(tokens))?;
    Ok(Block { stmts, ..block })
}

/// The `if` after an `else`, which is parsed now as far as it was not yet.
pub(crate) fn parsed_if(otherwise: Expr) -> syn::Result<Expr> {
    match &otherwise {
        Expr::Block(block) => match held(&block.block, HELD_IF) {
            Some(tokens) => syn::parse2(shallow_block(tokens)),
            None => Ok(otherwise),
        },
        _ => Ok(otherwise),
    }
}

/// The contents of the one call in a block.
fn held(block: &Block, name: &str) -> Option<TokenStream> {
    match &block.stmts[..] {
        [Stmt::Macro(call)] if call.mac.path.is_ident(name) => Some(call.mac.tokens.clone()),
        _ => None,
    }
}

/// The tokens, with the calls replaced by their contents.
pub(crate) fn restored(tokens: TokenStream) -> TokenStream {
    restored_if_needed(&tokens).unwrap_or(tokens)
}

/// The same, or `None` if there is no such call.
fn restored_if_needed(tokens: &TokenStream) -> Option<TokenStream> {
    let mut restored_tokens = Vec::new();
    let mut differs = false;
    let mut tokens = tokens.clone().into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(ident) if ident == HELD || ident == HELD_IF => {
                tokens.next();
                differs = true;
                if let Some(TokenTree::Group(held)) = tokens.next() {
                    restored_tokens.extend(restored(held.stream()));
                }
            }
            TokenTree::Group(group) => match restored_if_needed(&group.stream()) {
                None => restored_tokens.push(TokenTree::Group(group)),
                Some(inner) => {
                    differs = true;
                    let first = group.stream().into_iter().next();
                    if matches!(first, Some(TokenTree::Ident(first)) if first == HELD_IF) {
                        restored_tokens.extend(inner);
                    } else {
                        restored_tokens.push(rebuilt(&group, inner));
                    }
                }
            },
            token => restored_tokens.push(token),
        }
    }
    differs.then(|| restored_tokens.into_iter().collect())
}

fn is_modest(tokens: &TokenStream, depth: usize) -> bool {
    let mut count = 0;
    depth <= DEEP
        && tokens.clone().into_iter().all(|token| {
            count += 1;
            let inner = match token {
                TokenTree::Group(group) => is_modest(&group.stream(), depth + 1),
                _ => true,
            };
            inner && count <= LONG
        })
}

/// What a group holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Functions,
    Statements,
    /// Arguments, or elements.
    List,
    /// Arms, fields, or something unknown.
    Other,
}

fn level(tokens: TokenStream, holds: Holds, depth: usize) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let separator = if matches!(holds, Holds::Functions | Holds::Statements) { ';' } else { ',' };
    let parts = tokens.split_inclusive(|token| is_punct(token, separator));
    let mut braces = Braces::default();
    let mut level = TokenStream::new();
    for part in parts {
        if matches!(holds, Holds::Statements | Holds::List)
            && let Some(short) = short(part, separator, depth)
        {
            // Its contents do not affect what follows.
            braces = Braces::default();
            level.extend(short);
            continue;
        }
        let seen = part.iter().enumerate().map(|(at, token)| {
            let next = braces.next(token);
            if is_held(&part[..at]) { token.clone() } else { inside(token, next, holds, depth) }
        });
        level.extend(split(seen.collect()));
    }
    level
}

/// The token, with calls in place of whatever is deep or long in it.
fn inside(token: &TokenTree, next: Option<Next>, around: Holds, depth: usize) -> TokenTree {
    let TokenTree::Group(group) = token else { return token.clone() };
    let holds = match (group.delimiter(), next) {
        (Delimiter::Brace, Some(Next::Block)) if depth >= DEEP => {
            return rebuilt(group, call(HELD, group.stream()));
        }
        (Delimiter::Brace, Some(Next::Block)) => Holds::Statements,
        (Delimiter::Brace, None) if around == Holds::Functions => Holds::Statements,
        (Delimiter::Parenthesis | Delimiter::Bracket, _) => Holds::List,
        _ => Holds::Other,
    };
    rebuilt(group, level(group.stream(), holds, depth + 1))
}

/// Whether this is the beginning of a call that holds unparsed code.
fn is_held(before: &[TokenTree]) -> bool {
    matches!(before, [.., TokenTree::Ident(name), TokenTree::Punct(_)]
        if name == HELD || name == HELD_IF)
}

/// A statement or an argument with a call in place of its value, if that is long or deep.
fn short(part: &[TokenTree], separator: char, depth: usize) -> Option<TokenStream> {
    let end = part.len() - usize::from(part.last().is_some_and(|last| is_punct(last, separator)));
    let is_let = matches!(part.first(), Some(TokenTree::Ident(word)) if word == "let");
    let start = if is_let { part.iter().position(|token| is_punct(token, '=')) } else { None };
    let start = start.map_or(0, |equals| equals + 1);
    let value: TokenStream = part[start..end].iter().cloned().collect();
    let is_value = is_let || if separator == ',' { is_argument(part) } else { is_last_value(part) };
    let left = DEEP.saturating_sub(depth).max(DEEP / 3);
    if !is_value
        || is_held(&part[..end.min(start + 2)])
        || is_modest(&value, DEEP - left)
        || holds(&value, "await")
    {
        return None;
    }
    let mut short: TokenStream = part[..start].iter().cloned().collect();
    short.extend(call(HELD, value));
    short.extend(part[end..].iter().cloned());
    Some(short)
}

/// Whether the tokens between two commas are certainly a whole value and not a part of one: the
/// commas in a closure or between types do not separate the elements of the list.
fn is_argument(part: &[TokenTree]) -> bool {
    let count = |is: char| {
        let puncts = part
            .iter()
            .filter(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == is));
        puncts.count()
    };
    count('|') == 0 && count('<') == count('>') && count('#') == 0
}

/// The tokens, with calls in place of long heads of `if`, `match` and `for`, and of what follows
/// many `else if`.
fn split(tokens: Vec<TokenTree>) -> TokenStream {
    if tokens.len() <= CHAIN {
        return tokens.into_iter().collect();
    }
    let word = |token: Option<&TokenTree>, is: &str| matches!(token, Some(TokenTree::Ident(word)) if word == is);
    let mut braces = Braces::default();
    let mut split: Vec<TokenTree> = Vec::new();
    // Where the heads begin whose braces have not been reached yet.
    let mut heads: Vec<usize> = Vec::new();
    // How many heads enclose a chain, and where the chain and its links begin.
    let mut chains: Vec<(usize, Vec<usize>)> = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let next = braces.next(token);
        if word(Some(token), "if") {
            match chains.last_mut() {
                Some((around, links)) if *around == heads.len() && word(split.last(), "else") => {
                    links.push(split.len());
                }
                _ => chains.push((heads.len(), vec![split.len()])),
            }
        }
        if next.is_some() && braces.waiting() < heads.len() {
            let start = heads.pop().unwrap_or(split.len());
            let head = split.split_off(start);
            let names = head.iter().any(|token| word(Some(token), "let"));
            if head.len() > LONG && !names {
                split.extend(call(HELD, head.into_iter().collect()));
            } else {
                split.extend(head);
            }
        }
        if next.is_none() && braces.waiting() < heads.len() {
            // They were guards of arms.
            heads.clear();
            chains.clear();
        }
        split.push(token.clone());
        if braces.waiting() > heads.len() {
            heads.push(split.len());
        } else if let (Some(start), true) = (heads.last_mut(), word(Some(token), "in")) {
            // The tokens in front of it are a pattern.
            *start = split.len();
        }
        let over = next.is_some() && !word(tokens.get(at + 1), "else");
        let ends = over && chains.last().is_some_and(|(around, _)| *around == heads.len());
        if let (true, Some((_, links))) = (ends, chains.last()) {
            split_chain(&mut split, links);
            chains.pop();
        }
    }
    split.into_iter().collect()
}

/// Puts the rest of a chain of `else if`, at the end of `tokens`, into calls.
fn split_chain(tokens: &mut Vec<TokenTree>, links: &[usize]) {
    let holds_step =
        || tokens[links[0]..].iter().any(|token| holds(&token.clone().into(), "await"));
    if links.len() <= CHAIN || !holds_step() {
        return;
    }
    let mut ends: Vec<usize> = links.iter().copied().step_by(CHAIN).skip(1).collect();
    while let Some(start) = ends.pop() {
        let rest = tokens.split_off(start);
        let held = call(HELD_IF, rest.into_iter().collect());
        tokens.push(TokenTree::Group(Group::new(Delimiter::Brace, held)));
    }
}

/// Whether the last line of a block is certainly a whole value: one without blocks, or an `if` and
/// its continuation.
fn is_last_value(part: &[TokenTree]) -> bool {
    let is_block = |token: &TokenTree| matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    let word = |token: Option<&TokenTree>, is: &str| matches!(token, Some(TokenTree::Ident(word)) if word == is);
    let branches = word(part.first(), "if");
    let one = part.iter().enumerate().all(|(at, token)| {
        !is_block(token) || branches && (at + 1 == part.len() || word(part.get(at + 1), "else"))
    });
    one && !part.iter().any(|token| is_punct(token, '#'))
}

fn is_punct(token: &TokenTree, character: char) -> bool {
    matches!(token, TokenTree::Punct(punct)
        if punct.as_char() == character && punct.spacing() == Spacing::Alone)
}

fn call(name: &str, tokens: TokenStream) -> TokenStream {
    let mixed_site = Span::mixed_site();
    let held = Group::new(Delimiter::Brace, tokens);
    let (name, bang) = (Ident::new(name, mixed_site), Punct::new('!', Spacing::Alone));
    [TokenTree::Ident(name), TokenTree::Punct(bang), TokenTree::Group(held)].into_iter().collect()
}

fn holds(tokens: &TokenStream, word: &str) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => holds(&group.stream(), word),
        _ => false,
    })
}
