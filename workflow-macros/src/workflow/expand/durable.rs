//! What a durable workflow has beyond others: inputs that are recorded before it starts, and a
//! function that resumes a run.

use std::cell::RefCell;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote_spanned};
use syn::spanned::Spanned;
use syn::{FnArg, GenericParam, Pat, ReturnType, Signature, Type};

use super::broken::stand_in;
use super::emitter::Emitter;
use super::handles::handles;
use super::nodes::{mixed_site_at, number};
use crate::paths;
use crate::report::Report;
use crate::signature::{Output, without_impl};
use crate::sorted::SortedMap;
use crate::tokens::is_mark;
use crate::workflow::functions::plain;
use crate::workflow::model::Model;
use crate::workflow::parse::{borrowed_value, certainly_no_result, value_type};
use crate::workflow::syntax::Workflow;

/// An input, by its name.
pub(super) struct Input<'a> {
    pub(super) name: &'a Ident,
    /// How the body gets it.
    pattern: TokenStream,
    pub(super) ty: &'a Type,
}

impl Input<'_> {
    /// Whether it is the run's data, and not borrowed from the caller.
    pub(super) fn is_data(&self) -> bool {
        !is_reference(self.ty)
    }

    /// A name for it where the workflow's name has to be usable as well.
    fn beside(&self, workflow: &Ident) -> Ident {
        if self.name == workflow { format_ident!("__{}", self.name) } else { self.name.clone() }
    }

    pub(super) fn text(&self) -> String {
        plain(&self.name.to_string())
    }
}

/// Whether the type is written as a reference. A type that comes from another macro is inside a
/// group.
fn is_reference(ty: &Type) -> bool {
    match ty {
        Type::Group(group) => is_reference(&group.elem),
        Type::Paren(paren) => is_reference(&paren.elem),
        Type::Reference(_) => true,
        _ => false,
    }
}

/// The inputs, all of which have names.
pub(super) fn inputs(inputs: &[FnArg]) -> Vec<Input<'_>> {
    let named = inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(pat) => {
                let pattern = typed.pat.to_token_stream();
                Some(Input { name: &pat.ident, pattern, ty: &typed.ty })
            }
            _ => None,
        },
        FnArg::Receiver(_) => None,
    });
    named.collect()
}

/// The workflow, or an error if the runtime lacks what it names.
pub(super) fn if_available(
    workflow: &Workflow,
    available: &TokenStream,
    rt: &TokenStream,
) -> TokenStream {
    let mut report = Report::default();
    let place = Ident::new("durable", workflow.options.durable.unwrap_or_else(Span::call_site));
    report.error(place, "`#[durable]` needs a feature of `workflow-runtime`").help(
        "add it in Cargo.toml: `features = [\"durable\"]`, or `\"sqlite\"` for a store in a file",
    );
    let (missing, broken) = (report.into_tokens(), stand_in(workflow, false, rt));
    hygienic!(#rt::if_durable! { { #available } { #missing #broken } })
}

/// Stand-ins for the types of the recorded outputs, outside of the body, where they can be queried
/// without running it.
#[derive(Default)]
pub(super) struct Outputs {
    names: RefCell<SortedMap<usize, Ident>>,
}

impl Outputs {
    /// The one for the node `id`.
    pub(super) fn of(&self, id: usize) -> Ident {
        let mut names = self.names.borrow_mut();
        let name = format_ident!("__output_{id}", span = Span::mixed_site());
        names.or_insert(id, name).clone()
    }

    fn declarations(&self, rt: &TokenStream) -> TokenStream {
        let names = self.names.borrow();
        let declarations = names.iter().map(|(id, name)| {
            let id = number(*id);
            hygienic!(let #name = #rt::Output::<#id, _, _>::new();)
        });
        hygienic!(#(#declarations)*)
    }

    /// All of them as one value: `(first, (second, ()))`.
    fn list(&self) -> TokenStream {
        let names = self.names.borrow();
        names.values().rev().fold(hygienic!(()), |rest, name| hygienic!((#name, #rest)))
    }
}

/// The call of a durable workflow, given the future that `workflow` makes of its inputs.
pub(super) fn call(
    name: &Ident,
    arguments: &[FnArg],
    workflow: &TokenStream,
    emitter: &Emitter<'_>,
    rt: &TokenStream,
) -> TokenStream {
    let inputs = inputs(arguments);
    let names = inputs.iter().map(|input| input.name);
    let patterns = inputs.iter().map(|input| &input.pattern);
    let recorded = inputs.iter().map(|input| {
        let name = input.name;
        if input.is_data() { hygienic!(#name) } else { hygienic!(_) }
    });
    // An error about a lifetime is shown at the type.
    let data = inputs.iter().filter(|input| input.is_data());
    let recorded_data = data.clone().fold(hygienic!(#rt::Inputs::new()), |before, input| {
        let (name, text) = (input.name, input.text());
        let at = mixed_site_at(input.ty.span());
        let here = paths::at(at, rt);
        quote_spanned!(at=> #here::Inputs::with(#before, #text, #name))
    });
    let read = data.map(|input| {
        let (name, text) = (input.name, input.text());
        let at = mixed_site_at(input.ty.span());
        let here = paths::at(at, rt);
        let read = quote_spanned!(at=> (&#here::ReadBack(&*#name)).read_back());
        hygienic! {
            match #read {
                #rt::Ok(__value) => *#name = __value,
                #rt::Err(__error) => return #rt::Err((#text, __error)),
            }
        }
    });
    let read = hygienic!(#(#read)*);
    let uses = (!read.is_empty()).then(|| {
        hygienic! {
            #[allow(unused_imports)]
            use #rt::{KeepsIt as _, ReadsBack as _};
        }
    });
    let changed = inputs.iter().map(|input| {
        let name = input.name;
        if input.is_data() { hygienic!(#name) } else { hygienic!(_) }
    });
    let Emitter { outputs, noted_values, .. } = emitter;
    let (outputs, all_outputs) = (outputs.declarations(rt), outputs.list());
    let at = lifetime(&inputs).map_or_else(Span::mixed_site, mixed_site_at);
    let here = paths::at(at, rt);
    let call = quote_spanned! {at=>
        #here::durable(
            (#(#names,)*),
            move |(#(#patterns,)*)| { #workflow },
            |(#(#recorded,)*)| #recorded_data,
            |(#(#changed,)*)| {
                #uses
                #read
                #rt::Ok(())
            },
            (|| &#name::GRAPH, ::core::module_path!()),
            #all_outputs,
        )
    };
    let declarations = noted_values.declarations(rt);
    match noted_values.told(rt) {
        None => hygienic!(#outputs #call),
        Some(told) => hygienic!(#outputs #declarations let __call = #call; #told __call),
    }
}

/// Applies the lint levels that are set on inputs to the variables of the body, which are different
/// ones here.
pub(super) fn levels(inputs: &mut [FnArg]) -> TokenStream {
    let mut levels = TokenStream::new();
    for input in inputs {
        let FnArg::Typed(typed) = input else { continue };
        let Pat::Ident(pat) = &mut *typed.pat else { continue };
        if typed.attrs.is_empty() {
            continue;
        }
        let (attrs, name) = (std::mem::take(&mut typed.attrs), &pat.ident);
        let mutability = pat.mutability.take();
        levels.extend(hygienic!(#(#attrs)* let #mutability #name = #name;));
    }
    levels
}

/// Removes `mut` from the inputs: the body has it where it receives them.
pub(super) fn immutable(inputs: &mut [FnArg]) {
    for input in inputs {
        if let FnArg::Typed(typed) = input
            && let Pat::Ident(pat) = &mut *typed.pat
        {
            pat.mutability = None;
        }
    }
}

/// The types and constants that the call cannot infer from its arguments. None can be given if
/// there is an `impl Trait` among those.
fn turbofish(sig: &Signature) -> Option<TokenStream> {
    let names = sig.generics.params.iter().filter_map(|param| match param {
        GenericParam::Type(param) => Some(&param.ident),
        GenericParam::Const(param) => Some(&param.ident),
        GenericParam::Lifetime(_) => None,
    });
    let names: Vec<_> = names.collect();
    (!names.is_empty() && !sig.inputs.iter().any(has_impl)).then(|| hygienic!(::<#(#names),*>))
}

/// The function that resumes a run, at `place`, for a workflow that has errors, as far as its inputs are
/// known.
pub(crate) fn broken_resume(
    workflow: &Workflow,
    place: Span,
    rt: &TokenStream,
) -> Option<TokenStream> {
    let ReturnType::Type(_, output) = &workflow.sig.output else { return None };
    if certainly_no_result(output) || borrowed_value(output).is_some() {
        return None;
    }
    let (generics, bounds) = (&workflow.sig.generics, &workflow.sig.generics.where_clause);
    let arguments: Vec<_> = workflow.sig.inputs.iter().cloned().collect();
    let inputs = inputs(&arguments);
    let resources = inputs.iter().filter(|input| !input.is_data()).map(|input| {
        let (resource, ty) = (input.beside(&workflow.sig.ident), input.ty);
        hygienic!(#resource: #ty)
    });
    let resume = Ident::new("resume", place);
    let resume_all = resume_all(workflow, &inputs, &Ident::new("resume_all", place), true, rt);
    let handles = handles(workflow, &inputs, place, None, rt);
    Some(hygienic! {
        /// Goes on with a run.
        #[allow(unused, clippy::all, clippy::pedantic)]
        pub async fn #resume #generics (
            __journal: &#rt::Journal,
            __id: &str,
            #(#resources),*
        ) -> <#output as #rt::DurableReturn>::Durable #bounds {
            #rt::unreachable!()
        }

        #resume_all

        #handles

        #[doc(hidden)]
        pub fn __locked() -> #rt::LockedWorkflow {
            #rt::unreachable!()
        }
    })
}

/// The function that resumes a run, for the module beside the workflow.
pub(super) fn resume(
    workflow: &Workflow,
    model: &Model,
    arguments: &[FnArg],
    rt: &TokenStream,
) -> TokenStream {
    let (name, generics) = (&workflow.sig.ident, &workflow.sig.generics);
    let bounds = &generics.where_clause;
    let output = Output::of(&workflow.sig.output, rt).written;
    let inputs = inputs(arguments);
    let resources = inputs.iter().filter(|input| !input.is_data()).map(|input| {
        let (resource, ty) = (input.beside(name), input.ty);
        hygienic!(#resource: #ty)
    });
    let values = inputs.iter().map(|input| {
        let (ty, text) = (input.ty, input.text());
        if input.is_data() {
            let stored = hygienic!(__stored);
            let at = mixed_site_at(ty.span());
            {
                let here = paths::at(at, rt);
                quote_spanned!(at=> (&#here::Read::<#ty>::new()).read(#stored, #text)?)
            }
        } else {
            input.beside(name).to_token_stream()
        }
    });
    let reads = inputs.iter().any(Input::is_data);
    let stored = if reads { hygienic!(__stored) } else { hygienic!(_) };
    let uses = reads.then(|| {
        hygienic! {
            #[allow(unused_imports)]
            use #rt::{ReadNothing as _, ReadRecorded as _};
        }
    });
    let turbofish = turbofish(&workflow.sig);
    // An error in a call of it is shown at the workflow's name.
    let resume = Ident::new("resume", mixed_site_at(name.span()));
    let name_of_all = Ident::new("resume_all", mixed_site_at(name.span()));
    let at = lifetime(&inputs).or_else(|| value_place(&workflow.sig.output));
    let at = at.map_or_else(Span::mixed_site, mixed_site_at);
    let here = paths::at(at, rt);
    let (stored, journal, id, workflow_name) =
        (stored, hygienic!(__journal), hygienic!(__id), hygienic!(__workflow));
    let durable = quote_spanned!(at=> <#output as #here::DurableReturn>::Durable);
    let resumed = quote_spanned!(at=> #here::resume(#journal, #id, #workflow_name, |#stored| #here::Ok(#name #turbofish (#(#values),*))).await);
    let resume_all = resume_all(workflow, &inputs, &name_of_all, false, rt);
    let handles = handles(workflow, &inputs, Span::mixed_site(), Some(model), rt);
    let locked = locked(workflow, &inputs, rt);
    let text = plain(&name.to_string());
    let doc = format!(
        " Goes on with a run of the workflow `{text}`, by its id: its inputs are the recorded \
         ones.\n\n # Errors\n\n Those of the workflow, and of the journal."
    );
    let identity = identity(workflow);
    let graph = hygienic!(let __workflow = #identity;);
    let body = quote_spanned!(at=> { #uses #graph #resumed });
    hygienic! {
        #[doc = #doc]
        #[allow(deprecated, clippy::too_many_arguments)]
        pub async fn #resume #generics (
            __journal: &#rt::Journal,
            __id: &str,
            #(#resources),*
        ) -> #durable #bounds #body

        #resume_all

        #handles

        #locked
    }
}

/// The graph of the workflow, and the path of its type.
pub(super) fn identity(workflow: &Workflow) -> TokenStream {
    let name = &workflow.sig.ident;
    let text = plain(&name.to_string());
    hygienic!((&#name::GRAPH, ::core::concat!(::core::module_path!(), "::", #text)))
}

/// The first input whose type has a lifetime, so that it may not be readable from a record.
fn lifetime(inputs: &[Input<'_>]) -> Option<Span> {
    let borrows = |ty: &Type| ty.to_token_stream().into_iter().any(|token| is_mark(&token, '\''));
    inputs.iter().find(|input| input.is_data() && borrows(input.ty)).map(|input| input.ty.span())
}

/// Where the value in the workflow's `Result` is written.
fn value_place(output: &ReturnType) -> Option<Span> {
    let ReturnType::Type(_, ty) = output else { return None };
    Some(value_type(ty).unwrap_or(ty).span())
}

/// What `graph_lock!` asks of the workflow besides its graph. It accepts no workflow with types or
/// constants to infer.
fn locked(workflow: &Workflow, inputs: &[Input<'_>], rt: &TokenStream) -> Option<TokenStream> {
    if has_parameters(&workflow.sig) {
        return None;
    }
    let (generics, bounds) = (&workflow.sig.generics, &workflow.sig.generics.where_clause);
    let text = plain(&workflow.sig.ident.to_string());
    let data: Vec<_> = inputs.iter().filter(|input| input.is_data()).collect();
    let reads = data.iter().map(|input| {
        let (ty, text) = (input.ty, input.text());
        let stored = hygienic!(__stored);
        let at = mixed_site_at(ty.span());
        let here = paths::at(at, rt);
        let read = quote_spanned!(at=> (&#here::Read::<#ty>::new()).read(#stored, #text));
        hygienic!(.input(#text, |#stored| #read.is_ok()))
    });
    let uses = (!data.is_empty()).then(|| {
        hygienic! {
            #[allow(unused_imports)]
            use #rt::{ReadNothing as _, ReadRecorded as _};
        }
    });
    Some(hygienic! {
        #[doc(hidden)]
        #[allow(clippy::all, clippy::pedantic)]
        pub fn __locked #generics () -> #rt::LockedWorkflow #bounds {
            #uses
            #rt::LockedWorkflow::in_module(::core::concat!(::core::module_path!(), "::", #text))
                #(#reads)*
        }
    })
}

/// Whether it has types or constants that a caller chooses, by name or by an `impl Trait`.
pub(super) fn has_parameters(sig: &Signature) -> bool {
    let is_lifetime = |param: &GenericParam| matches!(param, GenericParam::Lifetime(_));
    !sig.generics.params.iter().all(is_lifetime) || sig.inputs.iter().any(has_impl)
}

fn has_impl(input: &FnArg) -> bool {
    match input {
        FnArg::Typed(typed) => {
            without_impl(&typed.ty).to_string() != typed.ty.to_token_stream().to_string()
        }
        FnArg::Receiver(_) => false,
    }
}

/// The function that resumes all runs; `None` if they cannot share what they are given.
fn resume_all(
    workflow: &Workflow,
    inputs: &[Input<'_>],
    function: &Ident,
    broken: bool,
    rt: &TokenStream,
) -> Option<TokenStream> {
    let (name, generics) = (&workflow.sig.ident, &workflow.sig.generics);
    let bounds = &generics.where_clause;
    let output = Output::of(&workflow.sig.output, rt).written;
    let resources: Vec<_> = inputs.iter().filter(|input| !input.is_data()).collect();
    if resources.iter().any(|input| is_mutable(input.ty)) {
        return None;
    }
    let arguments = resources.iter().map(|input| {
        let (resource, ty) = (input.beside(name), input.ty);
        hygienic!(#resource: #ty)
    });
    let names: Vec<_> = resources.iter().map(|input| input.beside(name)).collect();
    let turbofish = turbofish(&workflow.sig);
    let text = plain(&name.to_string());
    let doc = format!(
        " Goes on with all unfinished runs of the workflow `{text}`, some at the same time: at the \
         start of a process, those that others have left.\n\n A run that another process holds is \
         taken over when its lease runs out, and left to that process if it renews the lease. What \
         one run comes to does not keep the others from going on. Gives the ids of the runs, with \
         what each has come to.\n\n # Errors\n\n If the journal cannot tell which runs there are."
    );
    let at = lifetime(inputs).map_or_else(Span::mixed_site, mixed_site_at);
    let body = if broken {
        hygienic!({ #rt::unreachable!() })
    } else {
        let here = paths::at(at, rt);
        let journal = hygienic!(__journal);
        quote_spanned! {at=> {
            #here::resume_all(#journal, &#name::GRAPH, |__id: #here::String| async move {
                let __come_to = #name::resume #turbofish (#journal, &__id, #(#names),*).await;
                (__id, __come_to)
            }).await
        }}
    };
    let place = value_place(&workflow.sig.output).map_or_else(Span::mixed_site, mixed_site_at);
    let here = paths::at(place, rt);
    let durable = quote_spanned!(place=> <#output as #here::DurableReturn>::Durable);
    Some(hygienic! {
        #[doc = #doc]
        #[allow(deprecated, clippy::too_many_arguments, clippy::type_complexity)]
        pub async fn #function #generics (
            __journal: &#rt::Journal,
            #(#arguments),*
        ) -> #rt::Result<#rt::Vec<(#rt::String, #durable)>, #rt::JournalError> #bounds #body
    })
}

fn is_mutable(ty: &Type) -> bool {
    match ty {
        Type::Group(group) => is_mutable(&group.elem),
        Type::Paren(paren) => is_mutable(&paren.elem),
        Type::Reference(reference) => reference.mutability.is_some(),
        _ => false,
    }
}
