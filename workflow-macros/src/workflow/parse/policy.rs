//! `#[retry(…)]`, `#[timeout(…)]` and `#[deadline(…)]` on a declaration.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Meta};

use super::super::functions::function_name;
use super::super::syntax::{Call, CallPolicy, Form};
use crate::duration::{self, Time, peeled};
use crate::report::Report;
use crate::step::{Retry, read_policy, read_retry};

/// The options of a step that a declaration can override.
pub(super) const POLICIES: [&str; 3] = ["retry", "timeout", "deadline"];

/// Reads one of them.
pub(super) fn policy(attr: &Attribute, policy: &mut CallPolicy, report: &mut Report) {
    let Some(name) = attr.path().get_ident() else { return };
    if policy.given.contains(name) {
        report.error(name, format!("`{name}` is given twice")).help("remove one of them");
        return;
    }
    match &*name.to_string() {
        "retry" => policy.retry = retry(attr, name, report),
        "timeout" => policy.timeout = time(attr, name, "#[timeout(\"10s\")]", report),
        _ => policy.deadline = time(attr, name, "#[deadline(\"1m\")]", report),
    }
    policy.given.push(name.clone());
}

fn retry(attr: &Attribute, name: &Ident, report: &mut Report) -> Option<Retry> {
    let value = match &attr.meta {
        Meta::Path(_) => {
            report
                .error(name, "`retry` says how often the call is tried")
                .help("write `#[retry(max_attempts = 3)]`, or give a constant: `#[retry(CALM)]`");
            return None;
        }
        Meta::List(list) if is_one_expression(&list.tokens) => match attr.parse_args::<Expr>() {
            Ok(value) => value,
            Err(error) => {
                report.syntax_error(&error);
                return None;
            }
        },
        Meta::List(list) => return read_retry(name, list.tokens.clone(), report),
        Meta::NameValue(given) => given.value.clone(),
    };
    read_policy(value, report).map(Retry::given)
}

/// Whether it is an expression of type `Retry`, and not a list such as `max_attempts = 3, jitter`.
fn is_one_expression(tokens: &TokenStream) -> bool {
    let mut tokens = tokens.clone().into_iter();
    let (first, second) = (tokens.next(), tokens.next());
    let starts_option = match (&first, &second) {
        (Some(TokenTree::Ident(_)), Some(TokenTree::Punct(punct))) => punct.as_char() == '=',
        (Some(TokenTree::Ident(option)), None) => option == "jitter" || option == "max_attempts",
        (None, _) => true,
        _ => false,
    };
    let is_comma =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',');
    !starts_option && !second.iter().chain(&tokens.collect::<Vec<_>>()).any(is_comma)
}

fn time(attr: &Attribute, name: &Ident, example: &str, report: &mut Report) -> Option<Time> {
    let value = match &attr.meta {
        Meta::NameValue(given) => Some(given.value.clone()),
        _ => attr.parse_args::<Expr>().ok(),
    };
    let Some(value) = value else {
        let what = if name == "timeout" {
            "`timeout` says how long one attempt may take, or how long a signal is waited for"
        } else {
            "`deadline` says how long all attempts may take"
        };
        report.error(name, what).help(&format!("write `{example}`"));
        return None;
    };
    duration::time(&value, example, report)
}

/// Applies the attributes above a call to it.
pub(super) fn above_call(form: &mut Form, policy: Box<CallPolicy>, report: &mut Report) {
    let Some(first) = policy.given.first() else { return };
    match form {
        Form::Step(call) if call.record.is_none() => {
            if let Some(problem) = problem_with(call, &policy) {
                report.error(problem.0, problem.1).help(problem.2);
                return;
            }
            call.policy = policy;
        }
        Form::Step(_) | Form::Value(_) => {
            report
                .error(first, format!("`{first}` belongs on the call of a step"))
                .note("a plain value is computed once, and takes no time of its own")
                .help("remove it; the whole run is bounded by `Run::deadline`");
        }
        Form::Branch(_) | Form::FanOut(_) | Form::Block(_) => {
            report
                .error(first, format!("`{first}` belongs on the call of a step"))
                .note("it says something of the attempts of one call")
                .help("write it on the declarations inside");
        }
    }
}

/// Why a call cannot have this policy, and what to write instead, if it cannot.
fn problem_with(call: &Call, policy: &CallPolicy) -> Option<(Ident, String, &'static str)> {
    let is_signal = function_name(&call.expr).is_some_and(|name| name == "signal");
    if is_signal && let Some(other) = policy.given.iter().find(|name| *name != "timeout") {
        let help = "write `#[timeout(\"3d\")]`, which says how long it is waited for";
        return Some((other.clone(), format!("a signal has no `{other}`"), help));
    }
    let retry = policy.given.iter().find(|name| *name == "retry")?;
    match peeled(&call.expr) {
        Expr::Call(call) => changing(&call.args),
        Expr::MethodCall(call) => changing(&call.args),
        other => {
            let name = Ident::new("call", other.span());
            let text = format!("`{retry}` needs a call that can be made again");
            Some((name, text, "write the call of the step itself in this declaration"))
        }
    }
}

/// Reports an argument that is borrowed mutably.
fn changing<'a>(
    arguments: impl IntoIterator<Item = &'a Expr>,
) -> Option<(Ident, String, &'static str)> {
    let changing = arguments.into_iter().find_map(|argument| match peeled(argument) {
        Expr::Reference(reference) => reference.mutability,
        _ => None,
    })?;
    let text = "a call that is tried again here cannot be given a `&mut`".to_owned();
    let help =
        "write `retry` in the `#[step(…)]` of its function, whose attempts borrow it in turn";
    Some((Ident::new("mutable", changing.span), text, help))
}
