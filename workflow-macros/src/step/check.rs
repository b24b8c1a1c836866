//! Whether a function can be the step that its options describe.

use quote::ToTokens;
use syn::{FnArg, ReceiverKind, ReturnType, Type, TypeReference};

use super::StepFn;
use super::lent::check_output;
use super::options::{Elsewhere, Options};
use crate::report::{Report, shown};
use crate::signature::refuse_qualifiers;
use crate::walk::{self, Part};

/// Reports what is wrong with the function.
pub(super) fn check(function: &StepFn, options: &Options, report: &mut Report) {
    let sig = &function.sig;
    if let Some(variadic) = &sig.variadic {
        report.error(variadic, "a step has a fixed number of arguments");
    }
    refuse_qualifiers(sig, "step", report);
    if function.body.is_none() {
        if let Some(option) = options.given.first() {
            report
                .error(option, "options of a step belong on its body")
                .note("a trait only declares this one")
                .help("put them on the function in each `impl` of the trait");
        }
        check_async(function, options, report);
        return;
    }
    match (options.given("blocking"), options.given("spawn")) {
        (Some(blocking), Some(spawn)) => {
            let second = options.given.iter().rfind(|name| *name == blocking || *name == spawn);
            report
                .error(second, format!("step `{}` cannot run in two places", sig.ident))
                .note("`blocking` is for a `fn` that blocks, `spawn` for an `async fn`")
                .help("remove one of the two");
        }
        _ => {
            check_async(function, options, report);
            if let Some(elsewhere) = options.elsewhere {
                check_owned(function, elsewhere, report);
            }
        }
    }
    check_fallible(function, options, report);
    if options.retry.is_some() {
        check_output(function, report);
    }
}

fn check_async(function: &StepFn, options: &Options, report: &mut Report) {
    let sig = &function.sig;
    let name = &sig.ident;
    match (&sig.asyncness, options.elsewhere) {
        (Some(asyncness), Some(Elsewhere::Blocking)) => {
            report
                .error(asyncness, format!("step `{name}` blocks, so it cannot be `async`"))
                .note("a function with `blocking` runs on a thread where it may wait as it likes")
                .help("remove `async`, or remove `blocking`");
        }
        (None, None) => {
            report
                .error(sig.fn_token, format!("step `{name}` must be an `async fn`"))
                .help("add `async`, or write `#[step(blocking)]` to run it on the blocking pool");
        }
        (None, Some(Elsewhere::Spawn)) => {
            report
                .error(sig.fn_token, format!("step `{name}` must be an `async fn`"))
                .help("add `async`, or write `blocking` in place of `spawn`");
        }
        (Some(_), None | Some(Elsewhere::Spawn)) | (None, Some(Elsewhere::Blocking)) => {}
    }
}

/// A task may outlive the call, so it must not borrow.
fn check_owned(function: &StepFn, elsewhere: Elsewhere, report: &mut Report) {
    let name = &function.sig.ident;
    let (option, place) = match elsewhere {
        Elsewhere::Blocking => ("blocking", "a thread"),
        Elsewhere::Spawn => ("spawn", "a task"),
    };
    let note = format!("with `{option}` it runs on {place} of its own, which may outlive the call");
    for input in &function.sig.inputs {
        match input {
            FnArg::Receiver(receiver) if is_borrowed(input) => {
                report
                    .error(receiver, format!("step `{name}` cannot borrow `self`"))
                    .note(&note)
                    .help("take `self: Arc<Self>`, or what the step needs as arguments");
            }
            FnArg::Receiver(_) => {}
            FnArg::Typed(typed) => {
                if let Some(borrow) = first_borrow(&typed.ty, false) {
                    let target = &borrow.elem;
                    report
                        .error(borrow, format!("step `{name}` cannot borrow its arguments"))
                        .note(&note)
                        .help(&format!("take {}", owned(target)));
                }
            }
        }
    }
}

fn is_borrowed(input: &FnArg) -> bool {
    match input {
        FnArg::Receiver(receiver) => match &receiver.kind {
            ReceiverKind::Reference(..) => true,
            ReceiverKind::Typed(_, ty) => matches!(**ty, Type::Reference(_)),
            _ => false,
        },
        FnArg::Typed(_) => false,
    }
}

fn owned(target: &Type) -> String {
    let shown = shown(target);
    match target {
        Type::Slice(slice) => {
            let element = crate::report::shown(&slice.elem);
            format!("an owned `Vec<{element}>`, or an `Arc<{shown}>`")
        }
        _ if shown == "str" => "an owned `String`, or an `Arc<str>`".to_owned(),
        _ => format!("an owned `{shown}`, or an `Arc<{shown}>`"),
    }
}

/// The first reference in a type that is not `'static`.
pub(super) fn first_borrow(ty: &Type, mutable_only: bool) -> Option<&TypeReference> {
    let mut first = None;
    walk::ty(ty, &mut |part| {
        if let Part::Type(Type::Reference(reference)) = part {
            let lifetime = reference.lifetime.as_ref();
            let is_static = lifetime.is_some_and(|lifetime| lifetime.ident == "static");
            if !is_static && (!mutable_only || reference.mutability.is_some()) {
                first = first.or(Some(reference));
            }
        }
        first.is_none() && !is_of_function(part)
    });
    first
}

/// What a function takes is not borrowed yet.
pub(super) fn is_of_function(part: Part<'_>) -> bool {
    matches!(part, Part::Type(Type::FnPtr(_)) | Part::Signature)
}

/// Checks what the signature alone tells; the rest is checked by trait.
fn check_fallible(function: &StepFn, options: &Options, report: &mut Report) {
    let sig = &function.sig;
    let at = match &sig.output {
        ReturnType::Default => sig.ident.to_token_stream(),
        ReturnType::Type(_, ty) if matches!(**ty, Type::ImplTrait(_)) => ty.to_token_stream(),
        ReturnType::Type(..) => return,
    };
    if options.retry.is_some() {
        report
            .error(at, "retry needs a step that can fail")
            .note("a step is tried again when it returns an error")
            .help("return a `Result`, or remove `retry`");
    } else if options.limited() {
        report
            .error(at, "a limit of time needs a step that can fail")
            .note("a step whose time is up returns an error")
            .help("return a `Result`, or remove `timeout` and `deadline`");
    }
}

/// `#[step]` on a workflow.
pub(crate) fn no_step(attr: impl ToTokens, report: &mut Report) {
    report
        .error(attr, "a workflow does not take `#[step]`")
        .note("it is a step already, which other workflows can call")
        .help(
            "remove it; or, if the function is to be a step and no workflow, keep only `#[step]`",
        );
}
