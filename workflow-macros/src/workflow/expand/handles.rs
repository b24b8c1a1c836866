//! What starts and finds runs of a durable workflow, and sends them signals.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::format_ident;
use syn::ReturnType;

use super::durable::{Input, has_parameters, identity};
use super::nodes::number;
use crate::signature::Output;
use crate::sorted::SortedSet;
use crate::workflow::functions::plain;
use crate::workflow::model::{Child, Model, Scope};
use crate::workflow::syntax::{KnownSignal, Workflow};

/// The functions that start and find a run, at `place`. A workflow with errors has no `model`.
pub(super) fn handles(
    workflow: &Workflow,
    inputs: &[Input<'_>],
    place: Span,
    model: Option<&Model>,
    rt: &TokenStream,
) -> TokenStream {
    let (name, generics) = (&workflow.sig.ident, &workflow.sig.generics);
    let bounds = &generics.where_clause;
    let output = Output::of(&workflow.sig.output, rt).written;
    let value = hygienic!(<#output as #rt::DurableReturn>::Value);
    let data: Vec<_> = inputs.iter().filter(|input| input.is_data()).collect();
    let arguments = data.iter().map(|input| {
        let (name, ty) = (input.name, input.ty);
        hygienic!(#name: #ty)
    });
    let added = data.iter().filter(|_| model.is_some()).map(|input| {
        let (name, text) = (input.name, input.text());
        hygienic! {
            let #name = &#name;
            let __inputs = __inputs.with(#text, #name);
        }
    });
    let text = plain(&name.to_string());
    let start_doc = format!(
        " Records a run of the workflow `{text}` with these inputs, under this id, and returns its \
         handle. Nothing runs here: the next process that resumes runs works on it. A run with this \
         id and the same inputs is not started again.\n\n # Errors\n\n \
         `JournalError::InputChanged` if there is such a run with other inputs, and others of the \
         journal."
    );
    let handle_doc = format!(
        " The handle of the run of the workflow `{text}` with this id. Whether there is such a run \
         shows when the handle is used."
    );
    let mut undone = Vec::new();
    if let Some(model) = model {
        collect_undone(&model.body, &mut undone);
    }
    let identity = identity(workflow);
    let found = hygienic!(#rt::handle(__journal, __id.as_ref(), #identity, &[#(#undone),*]));
    let (start, handle) = (Ident::new("start", place), Ident::new("handle", place));
    let unused = model.is_none().then(|| hygienic!(unused,));
    let lints = hygienic! {
        #[allow(
            #unused
            deprecated,
            clippy::too_many_arguments,
            clippy::extra_unused_lifetimes,
            clippy::extra_unused_type_parameters
        )]
    };
    hygienic! {
        #[doc = #start_doc]
        #lints
        pub async fn #start #generics (
            __journal: &#rt::Journal,
            __id: impl ::core::convert::AsRef<::core::primitive::str>,
            #(#arguments),*
        ) -> #rt::Result<#rt::Handle<Self, #value>, #rt::JournalError> #bounds {
            let __inputs = #rt::Inputs::new();
            #(#added)*
            #rt::start(#found, __inputs).await
        }

        #[doc = #handle_doc]
        #[must_use]
        #lints
        pub fn #handle #generics (
            __journal: &#rt::Journal,
            __id: impl ::core::convert::AsRef<::core::primitive::str>,
        ) -> #rt::Handle<Self, #value> #bounds {
            #found
        }
    }
}

/// The numbers of the nodes that are undone when the workflow fails.
fn collect_undone(scope: &Scope, undone: &mut Vec<Literal>) {
    for node in scope.nodes.iter().filter(|node| !node.early) {
        if node.compensation.is_some() || node.child != Child::No {
            undone.push(number(node.id));
        }
        node.scopes().into_iter().for_each(|inner| collect_undone(inner, undone));
    }
}

/// The type beside a durable workflow that has a method for each signal whose name is known.
pub(crate) fn signal_methods(workflow: &Workflow, rt: &TokenStream) -> Option<TokenStream> {
    let returns = !matches!(workflow.sig.output, ReturnType::Default);
    let (vis, name) = (&workflow.vis, &workflow.sig.ident);
    let has_parameters = has_parameters(&workflow.sig);
    let mut taken = SortedSet::new();
    let methods = workflow.signals.iter().filter_map(|KnownSignal { name: signal, ty }| {
        let method = method_name(signal).filter(|method| taken.insert(method.clone()))?;
        let doc = format!("Sends the signal `{signal}`.");
        // A type could name a parameter of the workflow, which this type does not have.
        let (parameter, ty) = match ty.as_ref().filter(|_| !has_parameters) {
            Some(ty) => (None, hygienic!(#ty)),
            None => (Some(hygienic!(<__Value: #rt::Serialize>)), hygienic!(__Value)),
        };
        Some(hygienic! {
            #[doc = #doc]
            ///
            /// # Errors
            ///
            /// Those of `Journal::signal`.
            pub async fn #method #parameter (&self, __value: #ty) -> #rt::Result<(), #rt::JournalError> {
                self.sender.send(#signal, __value).await
            }
        })
    });
    let methods: Vec<_> = methods.collect();
    if methods.is_empty() || !returns {
        return None;
    }
    let text = plain(&name.to_string());
    let signals = format_ident!("__{text}_signals");
    let doc = format!("Sends the signals that the workflow `{text}` waits for.");
    Some(hygienic! {
        #[doc = #doc]
        #[allow(non_camel_case_types, dead_code)]
        #vis struct #signals {
            sender: #rt::SignalSender,
        }

        #[allow(dead_code)]
        impl #signals {
            #(#methods)*
        }

        impl #rt::SignalsOf for #name {
            type Signals = #signals;

            fn signals(__sender: #rt::SignalSender) -> #signals {
                #signals { sender: __sender }
            }
        }
    })
}

/// The name of the method that sends a signal.
fn method_name(signal: &str) -> Option<Ident> {
    let is_part = |letter: char| letter == '_' || letter.is_alphanumeric();
    let name: String =
        signal.chars().map(|letter| if is_part(letter) { letter } else { '_' }).collect();
    let parse = |name: &str| syn::parse_str::<Ident>(name).ok();
    parse(&name).or_else(|| parse(&format!("r#{name}"))).filter(|name| name != "_")
}

#[cfg(test)]
mod tests {
    use super::method_name;

    #[test]
    fn a_signal_is_sent_by_a_method_of_its_name() {
        let name = |signal: &str| method_name(signal).map(|name| name.to_string());
        assert_eq!(name("approval").as_deref(), Some("approval"));
        assert_eq!(name("order-paid.2").as_deref(), Some("order_paid_2"));
        assert_eq!(name("type").as_deref(), Some("r#type"));
        assert_eq!(name("größe").as_deref(), Some("größe"));
        for odd in ["", "2nd", "-", "_", "self", "crate"] {
            assert_eq!(name(odd), None, "{odd}");
        }
    }
}
