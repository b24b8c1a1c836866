//! The form of options: `name`, `name = value` or `name(…)`, separated by commas.

use proc_macro2::{Group, TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Expr, Ident, Token, token};
use workflow_graph::near::similar;

use crate::report::Report;

/// One option.
pub(super) struct Item {
    pub(super) name: Ident,
    pub(super) value: Value,
}

/// What follows the option's name.
pub(super) enum Value {
    None,
    Is(Box<Expr>),
    List(Group),
}

/// What the options belong to, and what they are called.
pub(super) struct Names {
    pub(super) owner: &'static str,
    pub(super) all: &'static [&'static str],
    /// What to write in place of a name that is not one of them, if it is known what it means.
    pub(super) meant: fn(&str) -> Option<&'static str>,
}

impl Names {
    fn note(&self) -> String {
        let list: Vec<String> = self.all.iter().map(|name| format!("`{name}`")).collect();
        format!("the options are {}", list.join(", "))
    }
}

/// Reads options. Options that are unknown, do not parse or are repeated are reported and left out.
pub(super) fn items(options: TokenStream, known: &Names, report: &mut Report) -> Vec<Item> {
    let mut items: Vec<Item> = Vec::new();
    let parse = |input: ParseStream<'_>| {
        while !input.is_empty() {
            if let Some(item) = item(input, known, report) {
                let name = item.name.to_string();
                let twice = items.iter().any(|other| other.name == item.name);
                if !known.all.contains(&&*name) {
                    refuse(&item.name, known, report);
                } else if twice {
                    let text = format!("option `{name}` is given twice");
                    report.error(&item.name, text).help("remove one of the two");
                } else {
                    items.push(item);
                }
            }
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(())
    };
    if let Err(error) = parse.parse2(options) {
        report.syntax_error(&error);
    }
    items
}

fn item(input: ParseStream<'_>, known: &Names, report: &mut Report) -> Option<Item> {
    let Ok(name) = input.call(Ident::parse_any) else {
        let found = input.fork().parse::<TokenTree>().ok();
        let text = format!("expected an option of {}", known.owner);
        report.error(found, text).note(&known.note());
        skip(input);
        return None;
    };
    let value = value(input);
    let rest = skip(input);
    match value {
        Ok(value) => {
            // An unknown option need not be well formed.
            if let Some(rest) = rest.filter(|_| known.all.contains(&&*name.to_string())) {
                let text = format!("unexpected `{rest}` after option `{name}`");
                report.error(rest, text).help("options are separated by commas");
                return None;
            }
            Some(Item { name, value })
        }
        Err(error) => {
            if known.all.contains(&&*name.to_string()) {
                report.syntax_error(&error);
            } else {
                refuse(&name, known, report);
            }
            None
        }
    }
}

fn value(input: ParseStream<'_>) -> syn::Result<Value> {
    if input.peek(token::Paren) {
        return input.parse().map(Value::List);
    }
    if input.parse::<Option<Token![=]>>()?.is_none() || input.is_empty() || input.peek(Token![,]) {
        return Ok(Value::None);
    }
    input.parse().map(|value| Value::Is(Box::new(value)))
}

/// Skips to the next comma, and returns the first of the skipped tokens.
fn skip(input: ParseStream<'_>) -> Option<TokenTree> {
    let mut first = None;
    while !input.is_empty() && !input.peek(Token![,]) {
        let token = input.parse::<TokenTree>().ok();
        first = first.or(token);
    }
    first
}

fn refuse(name: &Ident, known: &Names, report: &mut Report) {
    let problem = report.error(name, format!("unknown option `{name}` for {}", known.owner));
    if let Some(near) = similar(&name.to_string(), known.all.iter().copied()) {
        problem.help(&format!("an option with a similar name exists: `{near}`"));
    } else if let Some(meant) = (known.meant)(&name.to_string()) {
        problem.help(meant);
    }
    problem.note(&known.note());
}
