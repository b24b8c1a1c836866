//! A block's statements, told apart by their tokens: what is half typed has to pass through whole.

use std::collections::HashSet;

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

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
    let ends_in_braces = matches!(tokens.first(), Some(first) if begins_block(first));
    for (at, token) in tokens.iter().enumerate() {
        let next = tokens.get(at + 1);
        match token {
            TokenTree::Punct(punct) if punct.as_char() == ';' => return at + 1,
            TokenTree::Group(group)
                if ends_in_braces
                    && group.delimiter() == Delimiter::Brace
                    && !matches!(next, Some(next) if continues(next)) =>
            {
                return match next {
                    Some(TokenTree::Punct(punct)) if punct.as_char() == ';' => at + 2,
                    _ => at + 1,
                };
            }
            // The one before is half typed.
            _ if matches!(next, Some(next) if is_word(next, "let")) && !takes_let(token) => {
                return at + 1;
            }
            _ => {}
        }
    }
    tokens.len()
}

/// Whether a statement that begins with it may end with a block.
pub(super) fn begins_block(token: &TokenTree) -> bool {
    let words = ["if", "match", "for", "while", "loop", "unsafe"];
    let is_block =
        matches!(token, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    is_block || words.iter().any(|word| is_word(token, word))
}

/// Whether an expression goes on after its braces.
fn continues(next: &TokenTree) -> bool {
    is_word(next, "else")
        || matches!(next, TokenTree::Punct(punct) if ".?".contains(punct.as_char()))
}

/// Whether a `let` after it is a part of a condition.
fn takes_let(token: &TokenTree) -> bool {
    let operator = matches!(token, TokenTree::Punct(punct) if punct.as_char() == '&');
    operator || is_word(token, "if") || is_word(token, "while")
}

/// Whether a statement is the value of its block if it is the last one.
pub(super) fn is_value(tokens: &[TokenTree]) -> bool {
    !matches!(tokens.last(), Some(TokenTree::Punct(end)) if end.as_char() == ';')
}

pub(crate) fn is_word(token: &TokenTree, word: &str) -> bool {
    matches!(token, TokenTree::Ident(ident) if ident == word)
}

impl Statement {
    /// The names that it declares.
    pub(super) fn declares(&self) -> HashSet<String> {
        let mut names = HashSet::new();
        if matches!(self.tokens.first(), Some(first) if is_word(first, "let")) {
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
    pub(super) fn may_declare(&self) -> HashSet<String> {
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
    pub(super) fn names(&self) -> HashSet<String> {
        let mut names = self.names_in_tokens();
        for attribute in &self.attributes {
            collect(&attribute.tokens[1], &mut names);
        }
        names
    }

    /// The same without its attributes.
    pub(super) fn names_in_tokens(&self) -> HashSet<String> {
        let mut names = HashSet::new();
        for token in &self.tokens {
            collect(token, &mut names);
        }
        names
    }
}

/// All names in some tokens.
pub(crate) fn names(tokens: TokenStream) -> HashSet<String> {
    let mut names = HashSet::new();
    for token in tokens {
        collect(&token, &mut names);
    }
    names
}

fn collect(token: &TokenTree, names: &mut HashSet<String>) {
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
