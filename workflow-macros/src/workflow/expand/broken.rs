//! The stand-in for a workflow that has errors.

use proc_macro2::{Span, TokenStream};
use syn::{FnArg, GenericParam, ReturnType, Signature};

use super::durable::broken_resume;
use super::graph::durable_module;
use super::handles::signal_methods;
use super::not_locked;
use crate::attribute::is_macro;
use crate::pattern::bound_by;
use crate::signature::Output;
use crate::sorted::SortedSet;
use crate::workflow::plain::{Value, sound_lines};
use crate::workflow::syntax::Workflow;

/// The real signature with a body that never runs, so that callers see no second error. The lines
/// that have nothing to do with the errors are in it, so that theirs are reported in the same build.
pub(crate) fn expand_broken(workflow: &Workflow, rt: &TokenStream) -> TokenStream {
    let plain = stand_in(workflow, false, rt);
    if workflow.options.durable.is_none() {
        return plain;
    }
    let durable = stand_in(workflow, true, rt);
    hygienic!(#rt::if_durable! { { #durable } { #plain } })
}

/// The stand-in. If it is `durable`, it can also be given to a journal.
pub(super) fn stand_in(workflow: &Workflow, durable: bool, rt: &TokenStream) -> TokenStream {
    let Workflow { attrs, vis, sig, .. } = workflow;
    let attrs = attrs.iter().filter(|attr| !is_macro(attr));
    let (safety, name, generics) = (&sig.safety, &sig.ident, &sig.generics);
    let bounds = &generics.where_clause;
    let output = Output::of(&sig.output, rt);
    let settle = output.settle(rt);
    let written = &output.written;
    let text = name.to_string();
    let doc = format!("The workflow `{text}`, which has errors.");
    let inputs = &sig.inputs;
    let value = match sig.output {
        ReturnType::Default => Value::Dropped,
        ReturnType::Type(..) => Value::Kept,
    };
    let (lines, result) =
        sound_lines(workflow.source.clone(), &workflow.problems, &own_names(sig), value, rt);
    let end = result.map(|result| output.stated(&result));
    let end = end.unwrap_or_else(|| hygienic!(#rt::unreachable!()));
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
            let module = durable_module(vis, name, &doc, &content);
            let signals = resume.is_some().then(|| signal_methods(workflow, rt));
            return hygienic!(#module #signals);
        }
        let not_locked = not_locked(rt);
        hygienic! {
            #[doc = #doc]
            #[allow(non_snake_case)]
            #vis mod #name {
                #content
                #not_locked
            }
        }
    });
    hygienic! {
        #(#attrs)*
        #[allow(unused, clippy::all, clippy::pedantic)]
        #vis #safety fn #name #generics (#inputs) -> impl #rt::#step<Output = #written> #bounds {
            #rt::#broken(async move {
                #settle
                #lines
                #end
            })
        }
        #graph
    }
}

/// The names of the signature: inputs and parameters.
fn own_names(sig: &Signature) -> SortedSet<String> {
    let params = sig.generics.params.iter().filter_map(|param| match param {
        GenericParam::Type(param) => Some(param.ident.to_string()),
        GenericParam::Const(param) => Some(param.ident.to_string()),
        GenericParam::Lifetime(_) => None,
    });
    let inputs = sig.inputs.iter().flat_map(|input| match input {
        FnArg::Typed(typed) => bound_by(&typed.pat),
        FnArg::Receiver(_) => Vec::new(),
    });
    params.chain(inputs.map(|(name, _)| name.to_string())).collect()
}
