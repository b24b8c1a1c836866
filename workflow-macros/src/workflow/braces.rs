//! What a group in braces is, as far as the tokens tell.

use proc_macro2::{Delimiter, TokenTree};

/// What the next group in braces holds.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    Block,
    /// The arms of a `match`.
    Arms,
}

/// Tells what groups in braces are from the tokens in front of them.
#[derive(Default)]
pub(super) struct Braces {
    pending: Vec<Next>,
    /// The last two tokens.
    before: [Option<TokenTree>; 2],
}

impl Braces {
    /// Takes the next token, and returns what it is if it is such a group.
    pub(super) fn next(&mut self, token: &TokenTree) -> Option<Next> {
        let [first, second] = &self.before;
        let punct = |token: &Option<TokenTree>, is: char| matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == is);
        let word = |is: &str| matches!(second, Some(TokenTree::Ident(word)) if word == is);
        let next = match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let is_arm = punct(first, '=') && punct(second, '>');
                if is_arm || word("else") || BEFORE_BLOCKS.iter().any(|is| word(is)) {
                    Some(Next::Block)
                } else {
                    self.pending.pop().or_else(|| begins(second.as_ref()).then_some(Next::Block))
                }
            }
            TokenTree::Ident(word) => {
                match &*word.to_string() {
                    "if" | "while" | "for" => self.pending.push(Next::Block),
                    "match" => self.pending.push(Next::Arms),
                    _ => {}
                }
                None
            }
            // After a pattern and its guard.
            TokenTree::Punct(end) if end.as_char() == '>' && punct(second, '=') => {
                self.pending.clear();
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

    /// The number of keywords whose groups have not followed yet.
    pub(super) fn waiting(&self) -> usize {
        self.pending.len()
    }
}

/// Keywords that a block follows, whatever else is still expected.
const BEFORE_BLOCKS: [&str; 5] = ["unsafe", "async", "move", "loop", "const"];

/// Whether a value or a statement begins after the token, so that a name there is that of a struct.
fn begins(behind: Option<&TokenTree>) -> bool {
    match behind {
        None => true,
        Some(TokenTree::Punct(punct)) => matches!(punct.as_char(), ';' | '=' | ',' | '|'),
        Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Brace,
        Some(TokenTree::Ident(_) | TokenTree::Literal(_)) => false,
    }
}
