//! The stand-in for a workflow that has errors.

use proc_macro2::{Span, TokenStream};

use super::durable::broken_resume;
use super::graph::durable_module;
use super::lints::Part;
use super::nodes::assign;
use crate::attribute::is_macro;
use crate::signature::Output;
use crate::workflow::model::{Kind, Model};
use crate::workflow::syntax::{Call, Workflow};

/// The real signature with a body that never runs, so that callers see no second error. If some
/// lines did not parse, those that did are kept in it, so that an editor knows the types of what is
/// being typed.
pub(crate) fn expand_broken(workflow: &Workflow, model: &Model, rt: &TokenStream) -> TokenStream {
    let plain = stand_in(workflow, model, false, rt);
    if workflow.options.durable.is_none() {
        return plain;
    }
    let durable = stand_in(workflow, model, true, rt);
    hygienic!(#rt::if_durable! { { #durable } { #plain } })
}

/// The stand-in. If it is `durable`, it can also be given to a journal.
pub(super) fn stand_in(
    workflow: &Workflow,
    model: &Model,
    durable: bool,
    rt: &TokenStream,
) -> TokenStream {
    let Workflow { attrs, vis, sig, .. } = workflow;
    let attrs = attrs.iter().filter(|attr| !is_macro(attr));
    let (safety, name, generics) = (&sig.safety, &sig.ident, &sig.generics);
    let bounds = &generics.where_clause;
    let output = Output::of(&sig.output, rt);
    let settle = output.settle(rt);
    let output = &output.written;
    let text = name.to_string();
    let doc = format!("The workflow `{text}`, which has errors.");
    let inputs = &sig.inputs;
    let lines = if workflow.faulty { readable_lines(model) } else { TokenStream::new() };
    let (step, broken) = if durable {
        (hygienic!(DurableStep), hygienic!(broken_durable))
    } else {
        (hygienic!(Step), hygienic!(broken))
    };
    let resume = if durable { broken_resume(workflow, Span::mixed_site(), rt) } else { None };
    // With `self` among its inputs it is in an `impl`, which cannot contain a module.
    let graph = sig.receiver().is_none().then(|| {
        let content = hygienic! {
            #[doc = #doc]
            pub const GRAPH: #rt::Graph = #rt::Graph::new(#text, &[], &[], &[]);
            #resume
        };
        if durable {
            return durable_module(vis, name, &doc, &content);
        }
        hygienic! {
            #[doc = #doc]
            #[allow(non_snake_case)]
            #vis mod #name {
                #content
            }
        }
    });
    hygienic! {
        #(#attrs)*
        #[allow(unused, clippy::all, clippy::pedantic)]
        #vis #safety fn #name #generics (#inputs) -> impl #rt::#step<Output = #output> #bounds {
            #rt::#broken(async move {
                #settle
                #lines
                #rt::unreachable!()
            })
        }
        #graph
    }
}

/// The outermost steps and values whose names all refer to earlier lines of this kind.
fn readable_lines(model: &Model) -> TokenStream {
    let mut readable = Vec::new();
    let mut lines = TokenStream::new();
    for (at, node) in model.body.nodes.iter().enumerate() {
        let value = match &node.kind {
            Kind::Step(call) if call.record.is_none() => {
                let (expr, dot, wait, question) =
                    (&call.expr, &call.dot, &call.await_token, &call.question);
                hygienic!(#expr #dot #wait #question)
            }
            Kind::Value(expr) | Kind::Step(Call { expr, .. }) => hygienic!(#expr),
            _ => continue,
        };
        if node.needs.keys().all(|need| readable.contains(need)) {
            readable.push(at);
            lines.extend(assign(node, Part::Whole, &value));
        }
    }
    lines
}
