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
            let name = input.call(Ident::parse_any)?;
            refuse(&name, report);
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
    let list: Vec<String> = OPTIONS.iter().map(|option| format!("`{option}`")).collect();
    problem.note(&format!("the options are {}", list.join(", ")));
}
