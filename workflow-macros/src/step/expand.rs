//! The function that a step becomes.

use proc_macro2::{Delimiter, Group, Span, TokenStream};
use quote::quote_spanned;
use syn::{FnArg, Type};

use super::StepFn;
use super::arguments::Arguments;
use super::needs;
use super::options::{Elsewhere, Options};
use super::policy::PolicyCode;
use super::retry::Retry;
use crate::signature::{Output, kept_inputs, known_function, name_ignored_inputs};

/// `async fn f(…) -> T { … }` as `fn f(…) -> impl Step<Output = T> { … }`.
///
/// The arguments move into the future, as those of an `async fn` do.
pub(super) fn expand(function: &StepFn, options: &Options, runtime: &TokenStream) -> TokenStream {
    let StepFn { attrs, vis, sig, body } = function;
    let mut inputs = sig.inputs.clone();
    name_ignored_inputs(inputs.iter_mut());
    let output = Output::of(&sig.output, runtime);
    let mixed_site = Span::mixed_site();
    let policy = PolicyCode::new(function, options, runtime);
    let mut bound = TokenStream::new();
    let future = body.as_ref().map(|body| {
        let step = Step { output: &output, options, policy: &policy, runtime };
        match &options.retry {
            None => step.once(&kept_inputs(&mut inputs.iter()), body),
            Some(retry) => {
                let arguments =
                    Arguments::new(&inputs, &sig.generics, &options.expressions(), runtime);
                let future = step.retried(retry, &arguments, body);
                bound = arguments.bound_for_policy();
                inputs = arguments.inputs;
                future
            }
        }
    });
    // An `unsafe` step has been refused, but its callers still treat it as `unsafe`.
    let safety = &sig.safety;
    let (fn_token, ident, generics) = (&sig.fn_token, &sig.ident, &sig.generics);
    let bounds = &generics.where_clause;
    let (written, end) = (&output.written, output.closing_bracket(sig));
    // An input of which the body uses only a part does not move as a whole.
    let by_value = sig.inputs.iter().any(|input| match input {
        FnArg::Typed(typed) => !matches!(*typed.ty, Type::Reference(_)),
        FnArg::Receiver(_) => false,
    });
    let quiet =
        by_value.then(|| quote_spanned!(mixed_site=> #[allow(clippy::needless_pass_by_value)]));
    let head = quote_spanned! {mixed_site=>
        #(#attrs)*
        #quiet
        #vis #safety #fn_token #ident #generics (#inputs)
            -> impl #runtime::Step<Undo = #runtime::NoUndo, Output = #written #end #bounds
    };
    let Some(future) = future else { return quote_spanned!(mixed_site=> #head;) };
    let name = plain_name(sig);
    let future = output.settle_future(future, runtime);
    let function =
        known_function(&quote_spanned!(mixed_site=> const NAME: &'static str = #name;), runtime);
    let (before, described, future) = output.described(future, "by", runtime);
    let leaf = quote_spanned!(mixed_site=> #runtime::leaf(__Function, #described, #future));
    let (needs, leaf) = if options.retry.is_some() || options.limited() {
        let needs = needs::of(&sig.output, options, runtime);
        let declared = policy.declared(&bound);
        let with_options = policy.with_options(options.limited(), &leaf);
        (quote_spanned!(mixed_site=> #needs #declared), with_options)
    } else {
        (TokenStream::new(), leaf)
    };
    let mut content =
        Group::new(Delimiter::Brace, quote_spanned!(mixed_site=> #function #needs #before #leaf));
    content.set_span(body.as_ref().map_or(mixed_site, Group::span));
    quote_spanned!(mixed_site=> #head #content)
}

pub(super) fn plain_name(sig: &syn::Signature) -> String {
    sig.ident.to_string().trim_start_matches("r#").to_owned()
}

struct Step<'a> {
    output: &'a Output,
    options: &'a Options,
    policy: &'a PolicyCode<'a>,
    runtime: &'a TokenStream,
}

impl Step<'_> {
    /// The future of a step that runs its body once.
    fn once(&self, keep: &TokenStream, body: &Group) -> TokenStream {
        let runtime = self.runtime;
        let mixed_site = Span::mixed_site();
        let content = body.stream();
        if !self.options.limited() {
            return match self.options.elsewhere {
                None => self.block(&quote_spanned!(body.span()=> async move), keep, &content, body),
                Some(_) => {
                    let task = self.attempt(keep, &content, body);
                    quote_spanned!(mixed_site=> async move { #task.await })
                }
            };
        }
        let attempt = match self.options.elsewhere {
            None => self.block(&quote_spanned!(body.span()=> async move), keep, &content, body),
            Some(_) => self.attempt(keep, &content, body),
        };
        let policy = self.policy.given();
        let outcome = self.within(&attempt, &quote_spanned!(mixed_site=> #runtime::tasks()));
        quote_spanned! {mixed_site=>
            async move {
                let mut __attempts = #runtime::limited(#policy);
                #outcome
            }
        }
    }

    /// The future of a step that may run its body again.
    ///
    /// The loop is generated here instead of being in the runtime, so that an attempt can borrow
    /// what the step was given.
    fn retried(&self, retry: &Retry, arguments: &Arguments, body: &Group) -> TokenStream {
        let runtime = self.runtime;
        let mixed_site = Span::mixed_site();
        let Arguments { kept, fresh, bound, .. } = arguments;
        let attempt = self.attempt(bound, &arguments.renamed(body.stream()), body);
        let policy = self.policy.given();
        let when = retry.when.as_ref().map(|when| quote_spanned!(mixed_site=> , #when));
        let attempts = if self.options.limited() {
            quote_spanned!(mixed_site=> #runtime::limited)
        } else {
            quote_spanned!(mixed_site=> #runtime::attempts)
        };
        let late = self.late();
        let has_tasks = self.options.elsewhere.is_some() && self.options.limited();
        let tasks =
            has_tasks.then(|| quote_spanned!(mixed_site=> let mut __tasks = #runtime::tasks();));
        let outcome = if self.options.limited() {
            self.within(&attempt, &quote_spanned!(mixed_site=> __tasks))
        } else {
            quote_spanned!(mixed_site=> #attempt.await)
        };
        let or_late = |wait: &TokenStream| {
            quote_spanned! {mixed_site=>
                if let #runtime::Err(__error) = #wait.await { break #late; }
            }
        };
        let wait = match self.options.deadline {
            Some(_) => or_late(&quote_spanned!(mixed_site=> __attempts.pause(__delay))),
            None => quote_spanned!(mixed_site=> #runtime::pause(__delay).await;),
        };
        let stopped =
            has_tasks.then(|| or_late(&quote_spanned!(mixed_site=> __tasks.stopped(&__attempts))));
        quote_spanned! {mixed_site=>
            async move {
                #kept
                let mut __attempts = #attempts(#policy);
                #tasks
                loop {
                    #fresh
                    let __output = #outcome;
                    let #runtime::Some(__delay) = __attempts.after(
                        #runtime::verdict!(__output #when),
                        || #runtime::text!(&__output),
                    ) else {
                        break __output;
                    };
                    #runtime::drop(__output);
                    #wait
                    #stopped
                }
            }
        }
    }

    /// One attempt: the body as a future, here or elsewhere.
    fn attempt(&self, bound: &TokenStream, content: &TokenStream, body: &Group) -> TokenStream {
        let runtime = self.runtime;
        let mixed_site = Span::mixed_site();
        let span = body.span();
        match self.options.elsewhere {
            None => self.block(&quote_spanned!(span=> async), bound, content, body),
            Some(Elsewhere::Spawn) => {
                let block = self.block(&quote_spanned!(span=> async move), bound, content, body);
                quote_spanned!(mixed_site=> #runtime::spawn(#block))
            }
            Some(Elsewhere::Blocking) => {
                let block = self.block(&quote_spanned!(span=> move ||), bound, content, body);
                quote_spanned!(mixed_site=> #runtime::blocking(#block))
            }
        }
    }

    /// The body in the user's own braces. For a block at a place of the macro, rustc would not name
    /// what the block captures.
    fn block(
        &self,
        kind: &TokenStream,
        bound: &TokenStream,
        content: &TokenStream,
        body: &Group,
    ) -> TokenStream {
        let settle = self.output.settle(self.runtime);
        quote_spanned!(body.span()=> #kind { #settle #bound #content })
    }

    /// The output of an attempt with a time limit.
    fn within(&self, attempt: &TokenStream, tasks: &TokenStream) -> TokenStream {
        let runtime = self.runtime;
        let late = self.late();
        let mixed_site = Span::mixed_site();
        let outcome = match self.options.elsewhere {
            None => quote_spanned!(mixed_site=> #runtime::within(&__attempts, #attempt)),
            Some(_) => quote_spanned!(mixed_site=> #tasks.within(&__attempts, #attempt)),
        };
        quote_spanned! {mixed_site=>
            match #outcome.await {
                #runtime::Ok(__output) => __output,
                #runtime::Err(__error) => {
                    let __error = __attempts.late(__error);
                    #late
                }
            }
        }
    }

    /// The output when the time is up.
    fn late(&self) -> TokenStream {
        let runtime = self.runtime;
        let known = &self.output.nameable;
        quote_spanned!(Span::mixed_site()=> #runtime::timed_out!(#known, __error))
    }
}
