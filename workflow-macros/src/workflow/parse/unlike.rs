//! What is written as in another language, and where a word or a mark is missing: one error that says
//! how Rust writes it.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Meta, Token, token};

use crate::report::{Report, shown};
use crate::tokens::is_mark;

/// The attributes in front of a declaration. What is not the form of an attribute is reported and left
/// out.
pub(super) fn outer_attributes(
    input: ParseStream<'_>,
    report: &mut Report,
) -> syn::Result<Vec<Attribute>> {
    let mut formed = TokenStream::new();
    let ahead = input.fork();
    let mut all_formed = true;
    while ahead.peek(Token![#]) && (ahead.peek2(token::Bracket) || ahead.peek2(Token![!])) {
        let hash: Token![#] = ahead.parse()?;
        let inner: Option<Token![!]> = ahead.parse()?;
        if !ahead.peek(token::Bracket) {
            break;
        }
        let list: Group = ahead.parse()?;
        let is_formed = match inner {
            Some(mark) => inner_attribute(mark, &list, report),
            None => in_parentheses(&list, report),
        };
        all_formed &= is_formed;
        if is_formed {
            hash.to_tokens(&mut formed);
            list.to_tokens(&mut formed);
        }
    }
    if all_formed {
        return input.call(Attribute::parse_outer);
    }
    while input.cursor() < ahead.cursor() {
        input.parse::<TokenTree>()?;
    }
    Attribute::parse_outer.parse2(formed)
}

/// `#![after(payment)]` and `//! comment`
fn inner_attribute(mark: Token![!], list: &Group, report: &mut Report) -> bool {
    let is_comment = list.stream().into_iter().next().is_some_and(|word| word.to_string() == "doc");
    if is_comment {
        report
            .slip(list, "`//!` documents what is around it, and can only stand first in it")
            .help("write `//`");
    } else {
        report
            .slip(mark, "an attribute of a declaration has no `!`")
            .help(&format!("write `#{}`", shown(list)));
    }
    false
}

/// Whether the attribute has the form `name`, `name(…)` or `name = value`: not `#[after payment]`.
fn in_parentheses(list: &Group, report: &mut Report) -> bool {
    let parse = |input: ParseStream<'_>| {
        let meta: Meta = input.parse()?;
        Ok((meta, input.parse::<TokenStream>()?))
    };
    let Ok((meta, rest)) = parse.parse2(list.stream()) else { return true };
    let Some(first) = rest.clone().into_iter().next() else { return true };
    let is_name = matches!(meta, Meta::Path(_));
    let problem = match (&first, is_name) {
        (TokenTree::Group(_) | TokenTree::Punct(_), _) | (_, false) => {
            report.slip(&first, format!("unexpected `{}` in an attribute", shown(&first)))
        }
        _ => report.slip(&first, format!("expected `(`, found `{first}`")),
    };
    if is_name {
        problem.help(&format!("write `#[{}({})]`", shown(&meta), shown(&rest)));
    }
    false
}

/// `await charge(&order)?` and `await!(charge(&order))?`. Reports it, and reads it.
pub(super) fn awaited_in_front(input: ParseStream<'_>, report: &mut Report) -> syn::Result<bool> {
    if !input.peek(Token![await]) {
        return Ok(false);
    }
    let word: Token![await] = input.parse()?;
    let mark: Option<Token![!]> = input.parse()?;
    let expr: Expr = input.parse()?;
    let (call, question) = match &expr {
        Expr::Try(attempt) => (&*attempt.expr, "?"),
        call => (call, ""),
    };
    let call = match call {
        Expr::Paren(paren) if mark.is_some() => &*paren.expr,
        call => call,
    };
    report
        .slip(word, "`.await` stands behind the call")
        .help(&format!("write `{}.await{question}`", shown(call)));
    Ok(true)
}

/// Reports `order->total`, `elseif` and `a ? b : c` where the expression in front of it is over. Returns
/// whether it is one of them.
pub(super) fn unlike_rust(input: ParseStream<'_>, expr: &Expr, report: &mut Report) -> bool {
    let ahead = input.fork();
    if let Ok(arrow) = ahead.parse::<Token![->]>() {
        let rest = until_semicolon(&ahead);
        report.slip(arrow, "expected `.`, found `->`").help(&format!(
            "write `{}.{}`",
            shown(expr),
            shown(&rest)
        ));
        return true;
    }
    let ends_in_question = expr.to_token_stream().into_iter().last();
    let ends_in_question = ends_in_question.filter(|last| is_mark(last, '?'));
    if let Some(question) = ends_in_question
        && until_semicolon(&ahead).into_iter().any(|token| is_mark(&token, ':'))
    {
        report.slip(question, "there is no `? :` in Rust").help("write `if … { … } else { … }`");
        return true;
    }
    let Ok(word) = ahead.parse::<Ident>() else { return false };
    let is_else_if = matches!(&*word.to_string(), "elseif" | "elif" | "elsif");
    if is_else_if && matches!(expr, Expr::If(_)) {
        report
            .slip(&word, format!("expected `else if`, found `{word}`"))
            .help("write `else if … { … }`");
        return true;
    }
    false
}

fn until_semicolon(input: ParseStream<'_>) -> TokenStream {
    let ahead = input.fork();
    let mut tokens = TokenStream::new();
    while !ahead.is_empty() && !ahead.peek(Token![;]) && !ahead.peek(Token![let]) {
        match ahead.parse::<TokenTree>() {
            Ok(token) => tokens.extend([token]),
            Err(_) => break,
        }
    }
    tokens
}

/// Whether more stands on the line on which the expression ends.
pub(super) fn goes_on(input: ParseStream<'_>, expr: &Expr) -> bool {
    let Ok(next) = input.fork().parse::<TokenTree>() else { return false };
    let (end, start) = (expr.span().end(), next.span().start());
    end.line == start.line && end.column < start.column
}
