//! A block's statements, told apart by their tokens: what is half typed has to pass through whole.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use crate::sorted::SortedSet;
use crate::tokens::{is_braces, is_mark, is_word};
use crate::workflow::names::captured_names;

/// One statement.
pub(super) struct Statement {
    pub(super) attributes: Vec<Attribute>,
    /// With its semicolon.
    pub(super) tokens: Vec<TokenTree>,
}

/// `#[name(…)]`
pub(crate) struct Attribute {
    pub(crate) name: String,
    /// What stands in the parentheses.
    pub(crate) arguments: TokenStream,
    pub(crate) tokens: [TokenTree; 2],
}

/// The statements of a block.
pub(super) fn statements(block: TokenStream) -> Vec<Statement> {
    let tokens: Vec<TokenTree> = block.into_iter().collect();
    let mut statements = Vec::new();
    let mut rest = &tokens[..];
    while !rest.is_empty() {
        let attributes = attributes(&mut rest);
        let length = length(rest);
        let (tokens, after) = rest.split_at(length);
        statements.push(Statement { attributes, tokens: tokens.to_vec() });
        rest = after;
    }
    statements
}

/// The attributes at the beginning.
pub(crate) fn attributes(tokens: &mut &[TokenTree]) -> Vec<Attribute> {
    let mut attributes = Vec::new();
    while let [hash @ TokenTree::Punct(punct), list @ TokenTree::Group(group), rest @ ..] = *tokens
        && punct.as_char() == '#'
        && group.delimiter() == Delimiter::Bracket
    {
        attributes.push(attribute(hash, list, group));
        *tokens = rest;
    }
    attributes
}

fn attribute(hash: &TokenTree, list: &TokenTree, group: &Group) -> Attribute {
    let mut content = group.stream().into_iter();
    let name = content.next().map(|name| name.to_string()).unwrap_or_default();
    let arguments = match content.next() {
        Some(TokenTree::Group(arguments)) => arguments.stream(),
        _ => TokenStream::new(),
    };
    Attribute { name, arguments, tokens: [hash.clone(), list.clone()] }
}

/// How many tokens the first statement has.
fn length(tokens: &[TokenTree]) -> usize {
    let ends_in_braces = tokens.first().is_some_and(begins_block);
    for (at, token) in tokens.iter().enumerate() {
        let next = tokens.get(at + 1);
        if is_mark(token, ';') {
            return at + 1;
        }
        if ends_in_braces && is_braces(token) && !next.is_some_and(continues) {
            let has_semicolon = next.is_some_and(|next| is_mark(next, ';'));
            return if has_semicolon { at + 2 } else { at + 1 };
        }
        // The one before is half typed.
        if next.is_some_and(|next| is_word(next, "let")) && !takes_let(token) {
            return at + 1;
        }
    }
    tokens.len()
}

/// Whether a statement that begins with it may end with a block.
pub(super) fn begins_block(token: &TokenTree) -> bool {
    let words = ["if", "match", "for", "while", "loop", "unsafe"];
    is_braces(token) || words.iter().any(|word| is_word(token, word))
}

/// Whether an expression goes on after its braces.
fn continues(next: &TokenTree) -> bool {
    is_word(next, "else") || is_mark(next, '.') || is_mark(next, '?')
}

/// Whether a `let` after it is a part of a condition.
fn takes_let(token: &TokenTree) -> bool {
    is_mark(token, '&') || is_word(token, "if") || is_word(token, "while")
}

/// Whether a statement is the value of its block if it is the last one.
pub(super) fn is_value(tokens: &[TokenTree]) -> bool {
    !tokens.last().is_some_and(|end| is_mark(end, ';'))
}

impl Statement {
    /// The names that it declares.
    pub(super) fn declares(&self) -> SortedSet<String> {
        let mut names = SortedSet::new();
        if self.tokens.first().is_some_and(|first| is_word(first, "let")) {
            let pattern = self.tokens[1..].iter().take_while(
                |token| !matches!(token, TokenTree::Punct(punct) if "=:;".contains(punct.as_char())),
            );
            for token in pattern {
                collect(token, &mut names);
            }
        }
        names.retain(|name| name != "_" && !name.starts_with(char::is_uppercase));
        names
    }

    /// The names that it declares, also where `let` is misspelt.
    pub(super) fn may_declare(&self) -> SortedSet<String> {
        let mut names = self.declares();
        if let [TokenTree::Ident(_), TokenTree::Ident(name), TokenTree::Punct(punct), ..] =
            &self.tokens[..]
            && "=:".contains(punct.as_char())
        {
            names.insert(name.to_string());
        }
        names
    }

    /// All names in it, also of what it does not declare.
    pub(super) fn names(&self) -> SortedSet<String> {
        let mut names = self.names_in_tokens();
        for attribute in &self.attributes {
            collect(&attribute.tokens[1], &mut names);
        }
        names
    }

    /// The same without its attributes.
    pub(super) fn names_in_tokens(&self) -> SortedSet<String> {
        let mut names = SortedSet::new();
        for token in &self.tokens {
            collect(token, &mut names);
        }
        names
    }
}

/// All names in some tokens.
pub(crate) fn names(tokens: TokenStream) -> SortedSet<String> {
    let mut names = SortedSet::new();
    for token in tokens {
        collect(&token, &mut names);
    }
    names
}

fn collect(token: &TokenTree, names: &mut SortedSet<String>) {
    match token {
        TokenTree::Ident(name) => {
            names.insert(name.to_string());
        }
        TokenTree::Group(group) => {
            for token in group.stream() {
                collect(&token, names);
            }
        }
        TokenTree::Literal(literal) => names.extend(captured_names(&literal.to_string())),
        TokenTree::Punct(_) => {}
    }
}
