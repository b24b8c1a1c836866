//! What rustc can check of a body in which something has been reported.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::Block;
use syn::parse::Parser;

use super::body::{Reader, Value, written};
use super::order::ordered;
use super::statements::{Attribute, Statement, is_value, statements};
use crate::sorted::{SortedMap, SortedSet};
use crate::tokens::{is_mark, is_word};

/// The lines that have nothing to do with the reported ones, so that rustc reports what is wrong
/// with them in the same build, and apart from them the last line, if it is the result. Of the
/// reported lines, the functions and types that they name, which would otherwise count as unused.
/// Nothing of it runs, and so borrows are not checked.
///
/// `own` are the names that the signature declares, and `value` is what becomes of the last line.
pub(crate) fn sound_lines(
    source: TokenStream,
    problems: &[Span],
    own: &SortedSet<String>,
    value: Value,
    rt: &TokenStream,
) -> (TokenStream, Option<TokenStream>) {
    let all = statements(source);
    let declared: SortedSet<String> = all.iter().flat_map(Statement::declares).collect();
    let mut unsound = SortedSet::new();
    let mut kept: Vec<bool> = all.iter().map(|one| is_sound(one, problems)).collect();
    // What needs an unsound line is unsound as well.
    loop {
        let before = unsound.len();
        for (at, statement) in all.iter().enumerate() {
            kept[at] &= statement.names_in_tokens().is_disjoint(&unsound);
            if !kept[at] {
                unsound.extend(statement.may_declare());
            }
        }
        if unsound.len() == before {
            break;
        }
    }
    let has_result = value == Value::Kept
        && kept.last().copied().unwrap_or(false)
        && all.last().is_some_and(|last| is_value(&last.tokens));
    let (mut sound, mut named) = (Vec::new(), SortedMap::new());
    for (statement, kept) in all.into_iter().zip(kept) {
        let Statement { attributes, tokens } = statement;
        let (attributes, others): (Vec<_>, Vec<_>) =
            attributes.into_iter().partition(|one| kept && can_stay(one, problems, &unsound));
        // Former names no longer exist.
        for other in others.into_iter().filter(|other| other.name != "was") {
            paths(other.arguments, &mut named);
        }
        if kept {
            sound.push(Statement { attributes, tokens });
        } else {
            paths(tokens.into_iter().collect(), &mut named);
        }
    }
    let unknown =
        named.iter().filter(|(name, _)| !declared.contains(*name) && !own.contains(*name));
    let names = unknown.map(|(_, name)| name);
    let uses = quote!(#(use #names as _;)*);
    let result = has_result
        .then(|| sound.pop())
        .flatten()
        .map(|result| written(result, Value::Kept, Reader::Rustc));
    let lines = ordered(sound).into_iter().map(|line| written(line, Value::Dropped, Reader::Rustc));
    (quote!(#uses #rt::never_built::<()>(); #(#lines)*), result)
}

/// Whether nothing has been reported in it, and rustc can parse it.
fn is_sound(statement: &Statement, problems: &[Span]) -> bool {
    let plain = Statement { attributes: Vec::new(), tokens: statement.tokens.clone() };
    let value = if is_value(&statement.tokens) { Value::Kept } else { Value::Dropped };
    !is_reported(&statement.tokens, problems)
        && Block::parse_within.parse2(written(plain, value, Reader::Rustc)).is_ok()
}

/// An attribute of which only the use of its names is left, if they are sound.
fn can_stay(attribute: &Attribute, problems: &[Span], unsound: &SortedSet<String>) -> bool {
    match &*attribute.name {
        "cfg" => !is_reported(&attribute.tokens, problems),
        "compensate" | "concurrency" => {
            let statement = Statement {
                attributes: Vec::new(),
                tokens: attribute.arguments.clone().into_iter().collect(),
            };
            !is_reported(&attribute.tokens, problems)
                && statement.names_in_tokens().is_disjoint(unsound)
        }
        _ => false,
    }
}

/// Whether one of the problems is in these tokens.
fn is_reported(tokens: &[TokenTree], problems: &[Span]) -> bool {
    let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { return false };
    let (start, end) = (first.span().start(), last.span().end());
    problems.iter().any(|problem| (start..end).contains(&problem.start()) || start.line == 0)
}

/// Adds the first names of paths to functions, types and modules.
fn paths(tokens: TokenStream, found: &mut SortedMap<String, Ident>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(_) if at > 0 && is_mark(&tokens[at - 1], '#') => {}
            // `#![after(stock)]`
            TokenTree::Group(_)
                if at > 1 && is_mark(&tokens[at - 1], '!') && is_mark(&tokens[at - 2], '#') => {}
            TokenTree::Group(group) => paths(group.stream(), found),
            TokenTree::Ident(name) if begins_path(&tokens, at) => {
                found.or_insert(name.to_string(), name.clone());
            }
            _ => {}
        }
    }
}

fn begins_path(tokens: &[TokenTree], at: usize) -> bool {
    let before = at.checked_sub(1).map(|before| &tokens[before]);
    // `order->total()`
    let is_behind_arrow = at > 1 && is_mark(&tokens[at - 1], '>') && is_mark(&tokens[at - 2], '-');
    let is_part = |before| is_mark(before, '.') || is_mark(before, ':') || is_word(before, "fn");
    if before.is_some_and(is_part) || is_behind_arrow || WORDS.contains(&&*tokens[at].to_string()) {
        return false;
    }
    match &tokens[at + 1..] {
        [TokenTree::Group(group), ..] => group.delimiter() == Delimiter::Parenthesis,
        [first, second, ..] => is_mark(first, ':') && is_mark(second, ':'),
        _ => false,
    }
}

/// Words that can stand in front of parentheses or `::` and name nothing that can be imported.
const WORDS: [&str; 16] = [
    "Self", "await", "crate", "else", "fn", "for", "if", "in", "let", "loop", "match", "move",
    "return", "self", "super", "while",
];
