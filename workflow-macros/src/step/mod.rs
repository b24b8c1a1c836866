//! `#[step]`: an `async fn` becomes a function that returns a `Step`.

mod arguments;
mod check;
mod constant;
mod expand;
mod items;
mod needs;
mod options;
mod policy;
mod retry;

use proc_macro2::{Group, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Signature, Token, Visibility};

pub(crate) use self::options::OPTIONS;
use self::options::Options;
use crate::report::Report;

/// A function whose body is kept as tokens: nobody but rustc needs to understand it.
struct StepFn {
    attrs: Vec<Attribute>,
    vis: Visibility,
    sig: Signature,
    /// The braces and what stands between them.
    body: Option<Group>,
}

impl Parse for StepFn {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let sig = input.parse()?;
        // In a trait a function may have no body.
        let body = if input.peek(syn::token::Brace) { Some(input.parse()?) } else { None };
        if body.is_none() {
            input.parse::<Token![;]>()?;
        }
        Ok(Self { attrs, vis, sig, body })
    }
}

/// Expands the attribute. Whatever is wrong, the item stays.
pub(crate) fn expand(
    options: TokenStream,
    item: TokenStream,
    runtime: &TokenStream,
) -> TokenStream {
    let mut report = Report::default();
    let options = options::parse(options, &mut report);
    let output = match syn::parse2::<StepFn>(item.clone()) {
        Ok(function) => {
            check::check(&function, &options, &mut report);
            // Options that are wrong are left out: so nothing else is wrong with the step.
            let options = if report.is_empty() { options } else { Options::default() };
            expand::expand(&function, &options, runtime)
        }
        Err(_) => {
            refuse_item(&item, &mut report);
            item
        }
    };
    let errors = report.into_tokens();
    quote!(#output #errors)
}

fn refuse_item(item: &TokenStream, report: &mut Report) {
    let mut tokens = item.clone().into_iter();
    let keyword = tokens.find(|token| KEYWORDS.contains(&&*token.to_string()));
    // A function that does not parse is rustc's to explain, on the tokens as they are.
    let Some(keyword) = keyword.filter(|keyword| keyword.to_string() != "fn") else { return };
    let holds_functions = matches!(&*keyword.to_string(), "impl" | "mod" | "trait");
    let problem = report.error(keyword, "`#[step]` can only stand on a function");
    if holds_functions {
        problem.help("put it on each of the `async fn`s inside that is to be a step");
    } else {
        problem.help("put it on an `async fn`, free or in an `impl` block");
    }
}

/// Words that begin an item.
const KEYWORDS: [&str; 12] = [
    "fn", "struct", "enum", "union", "impl", "mod", "trait", "const", "static", "type", "use",
    "let",
];
