//! `#[compensate(…)]`.

use proc_macro2::Ident;
use syn::parse::ParseStream;
use syn::{Attribute, Expr, Meta, Token};

use super::super::awaits::first_await;
use super::super::syntax::Compensate;
use crate::report::{Report, shown};

/// What undoes a declaration.
pub(super) fn compensate(attr: Attribute, report: &mut Report) -> Option<(Attribute, Compensate)> {
    if matches!(attr.meta, Meta::Path(_)) {
        return Some((attr, Compensate::Itself));
    }
    let Ok((maybe, expr)) = attr.parse_args_with(argument) else {
        report
            .error(attr.path(), "`compensate` takes the step that undoes this one")
            .help("write a call: `#[compensate(refund(&payment))]`");
        return None;
    };
    if first_await(&expr).is_some() || matches!(expr, Expr::Try(_)) {
        report
            .error(&expr, "a compensation is awaited by the workflow, when it is needed")
            .help("write the call alone: `#[compensate(refund(&payment))]`");
        return None;
    }
    if matches!(expr, Expr::Path(_) | Expr::Lit(_) | Expr::Closure(_)) {
        let problem = report.error(&expr, "`compensate` takes a call of a step");
        match &expr {
            Expr::Path(path) if path.path.get_ident().is_some() => {
                let name = shown(&expr);
                let maybe = if maybe { "maybe " } else { "" };
                problem.help(&format!("write a call: `#[compensate({maybe}{name}(…))]`"));
            }
            _ => {
                problem.help("write a call: `#[compensate(refund(&payment))]`");
            }
        }
        return None;
    }
    Some((attr, if maybe { Compensate::Maybe(expr) } else { Compensate::With(expr) }))
}

/// `maybe` in front of a call is a keyword; otherwise it is a name like any other.
fn argument(input: ParseStream<'_>) -> syn::Result<(bool, Expr)> {
    let word = input.fork();
    let is_word = word.parse::<Ident>().is_ok_and(|word| word == "maybe");
    let maybe = is_word && call_follows(&word);
    if maybe {
        input.parse::<Ident>()?;
    }
    Ok((maybe, input.parse()?))
}

fn call_follows(input: ParseStream<'_>) -> bool {
    let starts = input.peek(syn::Ident) || input.peek(Token![self]) || input.peek(Token![Self]);
    starts || input.peek(Token![crate]) || input.peek(Token![super])
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;
    use syn::parse::Parser;

    use super::argument;

    #[test]
    fn maybe_is_a_word_only_in_front_of_a_call() {
        let read = |text: &str| {
            let tokens = text.parse().expect("it is Rust");
            let (maybe, expr) = argument.parse2(tokens).expect("an expression");
            (maybe, expr.to_token_stream().to_string().replace(' ', ""))
        };
        for (text, maybe, call) in [
            ("maybe refund(&order)", true, "refund(&order)"),
            ("maybe bank.refund(&order)", true, "bank.refund(&order)"),
            ("maybe crate::refund(&order)", true, "crate::refund(&order)"),
            ("maybe self::refund(&order)", true, "self::refund(&order)"),
            ("maybe maybe(&order)", true, "maybe(&order)"),
            ("maybe(&order)", false, "maybe(&order)"),
            ("maybe.refund(&order)", false, "maybe.refund(&order)"),
            ("maybe::refund(&order)", false, "maybe::refund(&order)"),
            ("refund(&maybe)", false, "refund(&maybe)"),
        ] {
            assert_eq!(read(text), (maybe, call.to_owned()), "{text}");
        }
    }
}
