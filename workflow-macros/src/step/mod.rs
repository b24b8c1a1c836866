//! `#[step]`: an `async fn` becomes a function that returns a `Step`.

mod arguments;
mod check;
mod constant;
mod expand;
mod items;
mod lent;
mod needs;
mod options;
mod policy;
mod retry;

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream};
use quote::quote;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{AttrStyle, Attribute, Signature, Token, Visibility};

pub(crate) use self::check::no_step;
pub(crate) use self::constant::Local;
pub(crate) use self::options::OPTIONS;
use self::options::Options;
pub(crate) use self::policy::{constant_name, policy_code, policy_values};
pub(crate) use self::retry::{Retry, parse as read_retry, policy as read_policy};
use crate::attribute::is_macro;
use crate::invisible::{self, see_through_types, seen_through};
use crate::paths;
use crate::report::{Report, expectation};
use crate::unsized_output::refuse_unsized;
use crate::walk;

/// A function whose body is kept as tokens: only rustc needs to understand it.
pub(crate) struct StepFn {
    pub(crate) attrs: Vec<Attribute>,
    vis: Visibility,
    sig: Signature,
    /// The braces and what is between them.
    pub(crate) body: Option<Group>,
}

impl Parse for StepFn {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let mut attrs = input.call(Attribute::parse_outer)?;
        let vis = input.parse()?;
        let mut sig = input.parse()?;
        walk::signature_mut(&mut sig, &mut see_through_types);
        // In a trait a function may have no body.
        let body = if input.peek(syn::token::Brace) {
            let (body, inner) = without_inner_attributes(invisible::braces(input)?)?;
            attrs.extend(inner);
            Some(body)
        } else {
            input.parse::<Token![;]>()?;
            None
        };
        Ok(Self { attrs, vis, sig, body })
    }
}

/// The body, and the attributes at its start, which mean the same as in front of the function.
fn without_inner_attributes(body: Group) -> syn::Result<(Group, Vec<Attribute>)> {
    let parse = |input: ParseStream<'_>| {
        let mut attrs = input.call(Attribute::parse_inner)?;
        for attr in &mut attrs {
            attr.style = AttrStyle::Outer;
        }
        Ok((attrs, input.parse::<TokenStream>()?))
    };
    let (attrs, rest) = parse.parse2(body.stream())?;
    if attrs.is_empty() {
        return Ok((body, attrs));
    }
    let mut left = Group::new(Delimiter::Brace, rest);
    left.set_span(body.span());
    Ok((left, attrs))
}

/// Expands the attribute, after other macros that are on the function. `usual` is the path to the
/// runtime unless the option `crate` gives another.
pub(crate) fn expand(options: TokenStream, item: TokenStream, usual: &TokenStream) -> TokenStream {
    let item = seen_through(invisible::opened(item));
    match syn::parse2::<StepFn>(item.clone()) {
        Ok(function) if function.attrs.iter().any(makes_workflow) => {
            let mut report = Report::default();
            no_step(Ident::new("step", Span::call_site()), &mut report);
            let errors = report.into_tokens();
            quote!(#item #errors)
        }
        Ok(function) if function.attrs.iter().any(is_macro) => {
            let StepFn { attrs, vis, sig, body } = function;
            // Problems with the options are reported after the other macros have run.
            let read = options::parse(seen_through(options.clone()), &mut Report::default());
            let runtime = runtime_by(&read, usual);
            let end = body.map_or_else(|| quote!(;), |body| quote!(#body));
            quote!(#(#attrs)* #[#runtime::step_at_last(#options)] #vis #sig #end)
        }
        _ => expand_at_last(options, item, usual),
    }
}

/// Expands the attribute. Whatever is wrong, the item stays.
pub(crate) fn expand_at_last(
    options: TokenStream,
    item: TokenStream,
    usual: &TokenStream,
) -> TokenStream {
    let mut report = Report::default();
    let options = options::parse(seen_through(options), &mut report);
    let runtime = &runtime_by(&options, usual);
    let output = match syn::parse2::<StepFn>(item.clone()) {
        Ok(mut function) => {
            if refuse_unsized(&mut function.sig.output, &mut report) {
                function.body = function.body.map(|_| unreachable_body(runtime));
                function.attrs.push(syn::parse_quote!(#[allow(unused)]));
            }
            check::check(&function, &options, &mut report);
            // Invalid options are left out, so that they cause no further errors in the step.
            let options = if report.is_empty() { options } else { Options::default() };
            expand::expand(&function, &options, runtime)
        }
        Err(error) => {
            refuse_item(&item, &error, &mut report);
            item
        }
    };
    let errors = report.into_tokens();
    quote!(#output #errors)
}

/// For a function whose type is not the one that it was written for.
fn unreachable_body(rt: &TokenStream) -> Group {
    Group::new(Delimiter::Brace, quote!(#rt::unreachable!()))
}

/// Whether the attribute is `#[workflow]`.
fn makes_workflow(attr: &Attribute) -> bool {
    attr.path().segments.last().is_some_and(|last| last.ident == "workflow")
}

/// What is wrong with a step.
pub(crate) fn problems(options: TokenStream, item: TokenStream) -> TokenStream {
    let mut report = Report::default();
    let options = options::parse(seen_through(options), &mut report);
    if let Ok(function) = syn::parse2::<StepFn>(seen_through(invisible::opened(item))) {
        check::check(&function, &options, &mut report);
    }
    report.into_tokens()
}

/// The path to the runtime from the option `crate = path`.
fn runtime_by(options: &Options, usual: &TokenStream) -> TokenStream {
    let krate = options.krate.as_ref();
    krate.map_or_else(|| usual.clone(), |path| paths::inside(&quote!(#path)))
}

fn refuse_item(item: &TokenStream, error: &syn::Error, report: &mut Report) {
    let mut tokens = item.clone().into_iter();
    let keyword = tokens.find(|token| KEYWORDS.contains(&&*token.to_string()));
    let keyword = keyword.or_else(|| item.clone().into_iter().next());
    let word = keyword.as_ref().map(ToString::to_string).unwrap_or_default();
    if word == "fn" {
        // rustc has parsed it, or else the macro would not have been called.
        let at = Ident::new("here", error.span());
        report
            .error(at, "`#[step]` cannot read this function")
            .note(&expectation(error))
            .help("write the function without a macro, or call it from a step");
        return;
    }
    let holds_functions = matches!(&*word, "impl" | "mod" | "trait");
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
