//! Workflows in an editor: an `async fn` each, and the module beside it.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::{quote, quote_spanned};
use syn::Visibility;
use syn::parse::{ParseStream, Parser};

use crate::report::Report;
use crate::tokens::{is_braces, is_word};
use crate::workflow::plain::{Attribute, Value, attributes, body, used_options};
use crate::workflow::{
    OPTIONS, Workflow, attributes as as_attributes, broken_resume, durable_module, is_configured,
    signal_methods, understood,
};

/// The functions of one `workflow!`, with what is wrong with them.
pub(crate) fn expand(input: &TokenStream, runtime: &TokenStream) -> TokenStream {
    functions(input, &TokenStream::new(), |report| report, runtime)
}

/// The functions, each with the statements of `front` at the beginning of its body, and the errors
/// that `shown` leaves of all.
fn functions(
    input: &TokenStream,
    front: &TokenStream,
    shown: impl Fn(Report) -> Report,
    runtime: &TokenStream,
) -> TokenStream {
    let (workflows, report) = understood(input.clone());
    let tokens: Vec<TokenTree> = input.clone().into_iter().collect();
    let mut rest = &tokens[..];
    let mut written = TokenStream::new();
    while !rest.is_empty() {
        let attributes = attributes(&mut rest);
        let end = rest.iter().position(is_braces).unwrap_or(rest.len());
        let (signature, after) = rest.split_at(end);
        written.extend(function(&attributes, signature, after.first(), front, &workflows, runtime));
        rest = after.get(1..).unwrap_or_default();
    }
    // What is configured out may be at odds with what is not.
    if !is_configured(input) {
        written.extend(shown(report).into_tokens());
    }
    written
}

/// The same for the attribute.
pub(crate) fn expand_attribute(
    options: TokenStream,
    item: &TokenStream,
    runtime: &TokenStream,
) -> TokenStream {
    let mut report = Report::default();
    let attributes = as_attributes(options.clone(), &mut report);
    let front = used_options(options, &quote!(#runtime::options::in_workflow));
    let written = functions(&quote!(#attributes #item), &front, Report::without_slips, runtime);
    let errors = report.into_tokens();
    quote!(#written #errors)
}

fn function(
    attributes: &[Attribute],
    signature: &[TokenTree],
    braces: Option<&TokenTree>,
    front: &TokenStream,
    workflows: &[Workflow],
    rt: &TokenStream,
) -> TokenStream {
    let kept = attributes.iter().filter(|attribute| !OPTIONS.contains(&&*attribute.name));
    let kept = kept.flat_map(|attribute| &attribute.tokens);
    let front_and_signature = quote!(#(#kept)* #(#signature)*);
    let Some(TokenTree::Group(braces)) = braces else { return front_and_signature };
    let returns = signature.windows(2).any(|pair| {
        matches!(pair, [TokenTree::Punct(dash), TokenTree::Punct(greater)]
            if dash.as_char() == '-' && greater.as_char() == '>')
    });
    let value = if returns { Value::Kept } else { Value::Dropped };
    let body = body(braces, value, front, rt);
    let module = module(signature, workflows, rt);
    quote!(#front_and_signature #body #module)
}

/// The module beside the function. The graph has the place of the opening parenthesis, for which an
/// editor shows nothing else.
fn module(signature: &[TokenTree], workflows: &[Workflow], rt: &TokenStream) -> TokenStream {
    let mut tokens = signature.iter().skip_while(|token| !is_word(token, "fn")).skip(1);
    let Some(TokenTree::Ident(name)) = tokens.next() else { return TokenStream::new() };
    let inputs = tokens.find_map(|token| match token {
        TokenTree::Group(group) => Some(group),
        _ => None,
    });
    let place = inputs.map_or_else(|| name.span(), Group::span_open);
    let vis = visibility(signature);
    let text = name.to_string();
    let doc = format!("What is known of the workflow `{text}` before it runs.");
    let graph_doc = format!("The graph of the workflow `{text}`.");
    let graph = Ident::new("GRAPH", place);
    let graph = quote_spanned! {Span::mixed_site()=>
        #[doc = #graph_doc]
        pub const #graph: #rt::Graph = #rt::Graph::new(#text, &[], &[], &[]);
    };
    let durable = workflows.iter().find(|workflow| workflow.sig.ident == *name);
    if let Some(workflow) = durable.filter(|workflow| workflow.options.durable.is_some()) {
        let resume = broken_resume(workflow, place, rt);
        let module = durable_module(&workflow.vis, name, &doc, &quote!(#graph #resume));
        let signals = signal_methods(workflow, rt);
        return quote!(#module #signals);
    }
    quote_spanned! {Span::mixed_site()=>
        #[doc = #doc]
        #[allow(non_snake_case)]
        #vis mod #name { #graph }
    }
}

fn visibility(signature: &[TokenTree]) -> Option<Visibility> {
    let parse = |input: ParseStream<'_>| {
        let vis = input.parse();
        input.parse::<TokenStream>()?;
        vis
    };
    parse.parse2(signature.iter().cloned().collect()).ok()
}
