//! Errors about a line that is half typed: the caret is on the line, not on what follows it.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::{Expr, Token};

use crate::report::{Report, expectation};

/// Reports that the statement from `start` does not parse beyond `end`.
pub(super) fn syntax_error(
    start: ParseStream<'_>,
    end: ParseStream<'_>,
    error: &syn::Error,
    report: &mut Report,
) {
    let next_line = end.is_empty() || end.peek(Token![let]) || end.peek(Token![#]);
    let last = last_token(start, end);
    match last {
        Some(TokenTree::Punct(dot)) if dot.as_char() == '.' => {
            report.torn(dot, "expected a name after this `.`");
        }
        Some(last) if next_line => {
            let text = format!("{} after this", expectation(error));
            report.torn(end_of(&last), text);
        }
        _ => report.syntax_error(error),
    }
}

/// The last token before `end`.
fn last_token(start: ParseStream<'_>, end: ParseStream<'_>) -> Option<TokenTree> {
    let mut last = None;
    while start.cursor() < end.cursor() {
        last = start.parse().ok();
    }
    last
}

/// Reports that the semicolon after `expr` is missing, and skips a comma in its place.
pub(super) fn expect_semicolon(input: ParseStream<'_>, expr: &Expr, report: &mut Report) {
    if let Ok(Some(comma)) = input.parse::<Option<Token![,]>>() {
        report.torn(comma, "expected `;`, found `,`");
        return;
    }
    match expr.to_token_stream().into_iter().last() {
        Some(last) => report.torn(end_of(&last), "expected `;` after this"),
        None => report.torn(TokenStream::new(), "expected `;`"),
    };
}

/// A token to put a caret on: the closing delimiter of a group, or else the whole token.
fn end_of(token: &TokenTree) -> TokenStream {
    let span: Span = match token {
        TokenTree::Group(group) => group.span_close(),
        token => token.span(),
    };
    proc_macro2::Ident::new("here", span).into_token_stream()
}
