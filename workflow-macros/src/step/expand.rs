//! The function that a step becomes.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::StepFn;
use crate::signature::{kept_inputs, name_ignored_inputs, output_type, settle_output};

/// `async fn f(…) -> T { … }` as `fn f(…) -> impl Step<Output = T> { … }`.
///
/// The arguments move into the future, as those of an `async fn` do.
pub(super) fn expand(function: &StepFn, runtime: &TokenStream) -> TokenStream {
    let StepFn { attrs, vis, sig, body } = function;
    let mut sig = sig.clone();
    let mut inputs = sig.inputs.clone();
    name_ignored_inputs(inputs.iter_mut());
    let keep = kept_inputs(inputs.iter());
    sig.asyncness = None;
    let output = output_type(&sig.output);
    let settle = settle_output(&output, runtime);
    let name = sig.ident.to_string();
    let name = name.trim_start_matches("r#");
    let (constness, safety, abi) = (&sig.constness, &sig.safety, &sig.abi);
    let (fn_token, ident, generics) = (&sig.fn_token, &sig.ident, &sig.generics);
    let bounds = &generics.where_clause;
    let glue = Span::mixed_site();
    let Some(body) = body else {
        return quote_spanned! {glue=>
            #(#attrs)*
            #vis #constness #safety #abi #fn_token #ident #generics (#inputs)
                -> impl #runtime::Step<Output = #output> #bounds;
        };
    };
    // In the user's own braces: of what a block in a place of the macro's own captures, rustc
    // would not tell the name.
    let content = body.stream();
    let body = quote_spanned!(body.span()=> async move { #settle #keep #content });
    let body = quote_spanned! {glue=>
        #runtime::leaf(
            #body,
            |question| match question {
                #runtime::Question::Name => #runtime::Answer::Name(#name),
                #runtime::Question::Graph => #runtime::Answer::NoGraph,
                #runtime::Question::Failure(output) => #runtime::failure!(output),
            },
        )
    };
    quote_spanned! {glue=>
        #(#attrs)*
        #vis #constness #safety #abi #fn_token #ident #generics (#inputs)
            -> impl #runtime::Step<Output = #output> #bounds
        {
            #body
        }
    }
}
