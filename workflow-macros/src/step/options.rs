//! The options of `#[step]`.

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::{Ident, Token};

use crate::report::{Report, similar};

/// All options, whether available yet or not.
pub(crate) const OPTIONS: [&str; 5] = ["retry", "timeout", "deadline", "blocking", "spawn"];

/// Reads the options. None of them is available yet.
pub(super) fn parse(options: TokenStream, report: &mut Report) {
    let parse = |input: ParseStream<'_>| {
        while !input.is_empty() {
            match input.call(Ident::parse_any) {
                Ok(name) => refuse(&name, report),
                Err(_) => refuse_other(input, report),
            }
            while !input.is_empty() && !input.peek(Token![,]) {
                input.parse::<TokenTree>()?;
            }
            input.parse::<Option<Token![,]>>()?;
        }
        Ok(())
    };
    if let Err(error) = parse.parse2(options) {
        report.syntax_error(&error);
    }
}

fn refuse(name: &Ident, report: &mut Report) {
    let text = name.to_string();
    if OPTIONS.contains(&&*text) {
        report.error(name, format!("the option `{text}` is not available yet")).help("remove it");
        return;
    }
    let problem = report.error(name, format!("unknown option `{text}` for the `step` attribute"));
    if let Some(near) = similar(&text, OPTIONS) {
        problem.help(&format!("an option with a similar name exists: `{near}`"));
    }
    problem.note(&list());
}

fn refuse_other(input: ParseStream<'_>, report: &mut Report) {
    let found = input.fork().parse::<TokenTree>().ok();
    report.error(found, "expected an option of the `step` attribute").note(&list());
}

fn list() -> String {
    let list: Vec<String> = OPTIONS.iter().map(|option| format!("`{option}`")).collect();
    format!("the options are {}", list.join(", "))
}
