//! `#[step]`: an `async fn` becomes a function that returns a `Step`.

mod expand;
mod options;

pub(crate) use self::options::OPTIONS;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Signature, Token, Visibility, braced};

use crate::report::Report;

/// A function whose body is kept as tokens: nobody but rustc needs to understand it.
struct StepFn {
    attrs: Vec<Attribute>,
    vis: Visibility,
    sig: Signature,
    /// What stands between the braces.
    body: Option<TokenStream>,
}

fn body(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let content;
    braced!(content in input);
    content.parse()
}

impl Parse for StepFn {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let sig = input.parse()?;
        // In a trait a function may have no body.
        let body = if input.peek(Token![;]) { None } else { Some(body(input)?) };
        input.parse::<Option<Token![;]>>()?;
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
    options::parse(options, &mut report);
    let output = match syn::parse2::<StepFn>(item.clone()) {
        Ok(function) => {
            check(&function, &mut report);
            expand::expand(&function, runtime)
        }
        Err(_) => {
            refuse_item(&item, &mut report);
            item
        }
    };
    let errors = report.into_tokens();
    quote!(#output #errors)
}

fn check(function: &StepFn, report: &mut Report) {
    let sig = &function.sig;
    if sig.asyncness.is_none() {
        let text = format!("step `{}` must be an `async fn`", sig.ident);
        report.error(sig.fn_token, text).help("add `async`");
    }
    if let Some(variadic) = &sig.variadic {
        report.error(variadic, "a step has a fixed number of arguments");
    }
}

fn refuse_item(item: &TokenStream, report: &mut Report) {
    // A function whose signature does not parse is rustc's to explain, on the tokens as
    // they are.
    let is_fn = item.clone().into_iter().any(|token| token.to_string() == "fn");
    let keyword = item.clone().into_iter().find(|token| {
        matches!(
            &*token.to_string(),
            "struct"
                | "enum"
                | "impl"
                | "mod"
                | "trait"
                | "const"
                | "static"
                | "type"
                | "use"
                | "union"
        )
    });
    if let Some(keyword) = keyword {
        report
            .error(keyword, "`#[step]` can only stand on a function")
            .help("put it on an `async fn`, free or in an `impl` block");
    } else if !is_fn {
        report
            .error(item.to_token_stream(), "`#[step]` can only stand on a function")
            .help("put it on an `async fn`, free or in an `impl` block");
    }
}
