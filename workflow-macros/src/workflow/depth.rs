//! Bodies that are nested deeply, and expressions that are very long.
//!
//! The parser takes some 50 KB of the compiler's stack for each block inside another, and a walk
//! through `a + a + …` some KB for each operand. So what lies deeper than that, or is longer, is
//! parsed as a macro call that holds it: a block when it is its turn, a value never.

use proc_macro2::{Delimiter, Group, Ident, Punct, Spacing, Span, TokenStream, TokenTree};
use syn::{Block, Stmt};

/// So many groups inside each other are parsed at once.
const DEEP: usize = 24;

/// So many tokens side by side are walked through one by one.
const LONG: usize = 1500;

const NAME: &str = "__unparsed";

/// So many bodies with steps inside each other fit on the compiler's stack.
const MOST: usize = 100;

/// Whether a macro call only holds what is not parsed.
pub(crate) fn is_unparsed(path: &syn::Path) -> bool {
    path.is_ident(NAME)
}

/// The tokens with calls in place of what is deep or long.
pub(crate) fn shallow(tokens: TokenStream) -> TokenStream {
    if is_modest(&tokens, 0) { tokens } else { level(tokens, ';', 0) }
}

/// The first token of a body that has steps in it and lies too deep.
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

/// The block, parsed, if it was not yet.
pub(crate) fn parsed(block: Block) -> syn::Result<Block> {
    let tokens = match &block.stmts[..] {
        [Stmt::Macro(call)] if is_unparsed(&call.mac.path) => call.mac.tokens.clone(),
        _ => return Ok(block),
    };
    let parse = |input: syn::parse::ParseStream<'_>| {
        let attrs = input.call(syn::Attribute::parse_inner)?;
        if let Some(attr) = attrs.first() {
            return Err(syn::Error::new_spanned(attr, "an inner attribute cannot stand here"));
        }
        input.call(Block::parse_within)
    };
    let stmts = syn::parse::Parser::parse2(parse, shallow(tokens))?;
    Ok(Block { stmts, ..block })
}

/// The tokens with what the calls hold in their place.
pub(crate) fn restored(tokens: TokenStream) -> TokenStream {
    if !holds(&tokens, NAME) {
        return tokens;
    }
    let mut restored_tokens = TokenStream::new();
    let mut tokens = tokens.into_iter();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Ident(ident) if ident == NAME => {
                tokens.next();
                if let Some(TokenTree::Group(held)) = tokens.next() {
                    restored_tokens.extend(restored(held.stream()));
                }
            }
            TokenTree::Group(group) => {
                let inner = restored(group.stream());
                restored_tokens.extend([rebuilt(&group, inner)]);
            }
            token => restored_tokens.extend([token]),
        }
    }
    restored_tokens
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

/// What the next group in braces is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Block,
    Arms,
}

/// Tells what groups in braces are by what stands in front of them.
#[derive(Default)]
struct Braces {
    pending: Vec<Next>,
    /// The last two tokens.
    before: [Option<TokenTree>; 2],
}

impl Braces {
    /// What the token is, if it is such a group. It is the next one.
    fn next(&mut self, token: &TokenTree) -> Option<Next> {
        let [first, second] = &self.before;
        let punct = |token: &Option<TokenTree>, is: char| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == is);
        let word = |is: &str| matches!(second, Some(TokenTree::Ident(word)) if word == is);
        let next = match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let is_arm = punct(first, '=') && punct(second, '>');
                if is_arm || word("else") { Some(Next::Block) } else { self.pending.pop() }
            }
            TokenTree::Ident(word) => {
                match &*word.to_string() {
                    "if" | "while" | "for" => self.pending.push(Next::Block),
                    "match" => self.pending.push(Next::Arms),
                    _ => {}
                }
                None
            }
            // `for<'a>` begins a type.
            TokenTree::Punct(open) if open.as_char() == '<' && word("for") => {
                self.pending.pop();
                None
            }
            _ => None,
        };
        self.before.swap(0, 1);
        self.before[1] = Some(token.clone());
        next
    }
}

fn level(tokens: TokenStream, separator: char, depth: usize) -> TokenStream {
    let mut braces = Braces::default();
    let mut seen: Vec<TokenTree> = Vec::new();
    for token in tokens {
        let next = braces.next(&token);
        seen.push(match token {
            TokenTree::Group(group) if depth >= DEEP && next == Some(Next::Block) => {
                rebuilt(&group, call(group.stream()))
            }
            TokenTree::Group(group) => {
                let separator = if group.delimiter() == Delimiter::Brace { ';' } else { ',' };
                rebuilt(&group, level(group.stream(), separator, depth + 1))
            }
            token => token,
        });
    }
    if seen.len() <= LONG {
        return seen.into_iter().collect();
    }
    let parts = seen.split_inclusive(|token| is_punct(token, separator));
    parts.map(|part| short(part, separator)).collect()
}

/// A statement or an argument, with a call in place of a value that is long.
fn short(part: &[TokenTree], separator: char) -> TokenStream {
    let end = part.len() - usize::from(part.last().is_some_and(|last| is_punct(last, separator)));
    let is_let = matches!(part.first(), Some(TokenTree::Ident(word)) if word == "let");
    let start = if is_let { part.iter().position(|token| is_punct(token, '=')) } else { None };
    let start = start.map_or(0, |equals| equals + 1);
    let value: TokenStream = part[start..end].iter().cloned().collect();
    let is_value = is_let || separator == ',' || is_last_value(part);
    if end - start <= LONG || !is_value || holds(&value, "await") {
        return part.iter().cloned().collect();
    }
    let mut short: TokenStream = part[..start].iter().cloned().collect();
    short.extend(call(value));
    short.extend(part[end..].iter().cloned());
    short
}

/// Whether the last line of a block is certainly a value alone: one without blocks, or an `if`
/// with what follows it.
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

fn call(tokens: TokenStream) -> TokenStream {
    let glue = Span::mixed_site();
    let held = Group::new(Delimiter::Brace, tokens);
    let (name, bang) = (Ident::new(NAME, glue), Punct::new('!', Spacing::Alone));
    [TokenTree::Ident(name), TokenTree::Punct(bang), TokenTree::Group(held)].into_iter().collect()
}

fn rebuilt(group: &Group, inner: TokenStream) -> TokenTree {
    let mut rebuilt = Group::new(group.delimiter(), inner);
    rebuilt.set_span(group.span());
    TokenTree::Group(rebuilt)
}

fn holds(tokens: &TokenStream, word: &str) -> bool {
    tokens.clone().into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => holds(&group.stream(), word),
        _ => false,
    })
}
