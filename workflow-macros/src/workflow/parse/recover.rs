//! Errors about a line that is half typed: the caret is on the line, not on what follows it.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::ParseStream;
use syn::{Attribute, Expr, Token};

use crate::report::{Report, expectation, last_place};

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
            report.slip(dot, "expected a name after this `.`");
        }
        Some(last) if next_line => {
            let text = format!("{} after this", expectation(error));
            report.torn(end_of(&last), text);
        }
        _ => report.syntax_error(error),
    }
}

/// Reports a misspelt `let`, as in `lte payment = …`, and reads it as one.
pub(super) fn misspelt_let(input: ParseStream<'_>, report: &mut Report) -> Option<Token![let]> {
    let ahead = input.fork();
    let word: Ident = ahead.parse().ok()?;
    let _ = ahead.parse::<Option<Token![mut]>>();
    let name: Ident = ahead.parse().ok()?;
    let declares = ahead.peek(Token![=]) && !ahead.peek(Token![==]) && !ahead.peek(Token![=>])
        || ahead.peek(Token![:]) && !ahead.peek(Token![::]);
    if !declares {
        return None;
    }
    report
        .slip(&word, format!("expected `let`, found `{word}`"))
        .help(&format!("write `let {name} = …`"));
    let _ = input.parse::<Ident>();
    Some(Token![let](word.span()))
}

/// Whether the value after `=` is missing, and another declaration follows. Reports it.
pub(super) fn value_is_missing(
    input: ParseStream<'_>,
    equals: Token![=],
    report: &mut Report,
) -> bool {
    let missing = input.is_empty() || input.peek(Token![let]) || input.peek(Token![#]);
    if missing {
        report.slip(equals, "expected an expression after this");
    }
    missing
}

/// The last token before `end`.
fn last_token(start: ParseStream<'_>, end: ParseStream<'_>) -> Option<TokenTree> {
    let mut last = None;
    while start.cursor() < end.cursor() {
        last = start.parse().ok();
    }
    last
}

/// Reports that the semicolon after `expr` is missing, and skips what stands in its place: a comma,
/// or attributes.
pub(super) fn expect_semicolon(input: ParseStream<'_>, expr: &Expr, report: &mut Report) {
    let ahead = input.fork();
    if let Ok([attr, ..]) = ahead.call(Attribute::parse_outer).as_deref()
        && (ahead.is_empty() || ahead.peek(Token![;]))
    {
        report
            .slip(attr, "an attribute stands above its declaration")
            .help("move it to the line above");
        let _ = input.call(Attribute::parse_outer);
        let _ = input.parse::<Option<Token![;]>>();
        return;
    }
    if let Ok(Some(comma)) = input.parse::<Option<Token![,]>>() {
        report.slip(comma, "expected `;`, found `,`");
        return;
    }
    match expr.to_token_stream().into_iter().last() {
        Some(last) => report.slip(end_of(&last), "expected `;` after this"),
        None => report.slip(TokenStream::new(), "expected `;`"),
    };
}

/// A token to put a caret on.
fn end_of(token: &TokenTree) -> TokenStream {
    Ident::new("here", last_place(token)).into_token_stream()
}
