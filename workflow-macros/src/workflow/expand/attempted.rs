//! The call of a step, with what its declaration says about attempts.

use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::Expr;
use syn::spanned::Spanned;

use super::emitter::Emitter;
use super::nodes::{Captures, mixed_site_at};
use super::variables::Env;
use crate::duration::{Time, peeled};
use crate::paths;
use crate::step::{constant_name, policy_code};
use crate::workflow::functions::function_name;
use crate::workflow::model::{Kind, Node};
use crate::workflow::syntax::CallPolicy;

/// A call that can be repeated, with its arguments taken out of it.
#[derive(Default)]
struct Repeatable {
    /// How the arguments are kept.
    kept: Vec<TokenStream>,
    /// The arguments that are passed by value, each with its number.
    by_value: Vec<(usize, TokenStream)>,
}

impl Repeatable {
    /// What replaces the argument in the call.
    fn take(&mut self, argument: &Expr, rt: &TokenStream) -> Expr {
        let at = mixed_site_at(argument.span());
        let number = Literal::usize_unsuffixed(self.kept.len());
        let number = quote_spanned!(at=> #number);
        match peeled(argument) {
            Expr::Lit(_) => argument.clone(),
            Expr::Reference(reference) if reference.mutability.is_none() => {
                self.kept.push(argument.to_token_stream());
                Expr::Verbatim(quote_spanned!(at=> __kept.#number))
            }
            _ => {
                let here = paths::at(at, rt);
                self.by_value.push((self.kept.len(), argument.to_token_stream()));
                self.kept.push(quote_spanned!(at=> #here::kept(#argument)));
                Expr::Verbatim(quote_spanned!(at=> #here::argument_for!(__kept.#number, __turn)))
            }
        }
    }

    /// The call, which takes its arguments from where they are kept.
    fn call(&mut self, call: &Expr, rt: &TokenStream) -> Expr {
        match peeled(call) {
            Expr::Call(call) => {
                let mut call = call.clone();
                for argument in &mut call.args {
                    *argument = self.take(argument, rt);
                }
                Expr::Call(call)
            }
            Expr::MethodCall(call) => {
                let mut call = call.clone();
                for argument in &mut call.args {
                    *argument = self.take(argument, rt);
                }
                Expr::MethodCall(call)
            }
            other => self.take(other, rt),
        }
    }
}

impl Emitter<'_> {
    /// The step, with the attempts that its declaration asks for.
    pub(super) fn attempted(
        &self,
        node: &Node,
        call: &Expr,
        env: &Env,
        captures: Captures,
    ) -> TokenStream {
        let Kind::Step(declared) = &node.kind else { return self.is_step(node, call) };
        let policy = &declared.policy;
        if policy.given.is_empty() {
            return self.is_step(node, call);
        }
        let mut policy = policy.clone();
        let local = self.local.with(env.names());
        let constant = policy.code().into_iter().all(|value| local.is_constant(value));
        for code in policy.code_mut() {
            *code = env.rewrite(code, self.rt);
        }
        match &*policy {
            CallPolicy { retry: None, deadline: None, timeout: Some(limit), .. }
                if function_name(call).is_some_and(|name| name == "signal") =>
            {
                self.awaited(node, call, limit)
            }
            _ => self.repeated(node, call, &policy, constant, captures),
        }
    }

    /// The signal, with a limit on how long it is waited for.
    fn awaited(&self, node: &Node, call: &Expr, limit: &Time) -> TokenStream {
        let step = self.is_step(node, call);
        let at = mixed_site_at(call.span());
        let rt = paths::at(at, self.rt);
        match limit {
            Time::Millis(millis) => quote_spanned!(at=> #rt::Bounded::at_most(#step, #millis)),
            Time::Given(limit) => quote_spanned!(at=> #rt::Bounded::within(#step, #limit)),
        }
    }

    fn repeated(
        &self,
        node: &Node,
        call: &Expr,
        policy: &CallPolicy,
        constant: bool,
        captures: Captures,
    ) -> TokenStream {
        let at = mixed_site_at(call.span());
        let rt = paths::at(at, self.rt);
        let mut repeatable = Repeatable::default();
        let made = self.is_step(node, &repeatable.call(call, self.rt));
        let Repeatable { kept, by_value } = repeatable;
        let CallPolicy { retry, timeout, deadline, .. } = policy;
        let name = function_name(call).unwrap_or_else(|| node.name.clone());
        let limits = (timeout.as_ref(), deadline.as_ref());
        let literal = policy.code().is_empty();
        let code = policy_code(&name, retry.as_ref(), limits, constant && !literal, self.rt);
        let (mut before, mut item) = (TokenStream::new(), TokenStream::new());
        let given = if literal {
            quote_spanned!(at=> || const { &#code })
        } else if constant {
            let constant = constant_name();
            item = quote_spanned!(at=> const #constant: #rt::Policy = #code;);
            quote_spanned!(at=> || const { &#constant })
        } else {
            before = quote_spanned!(at=> #code,);
            quote_spanned!(at=> __policy)
        };
        let named = (!before.is_empty()).then(|| quote_spanned!(at=> __policy,));
        let names: Vec<_> =
            (0..kept.len()).map(|at_place| format_ident!("__kept_{at_place}", span = at)).collect();
        let moves = (captures == Captures::Moved).then(|| quote_spanned!(at=> move));
        let says = match retry {
            None => quote_spanned!(at=> #rt::RetryOfFunction),
            Some(retry) if retry.when.is_some() => quote_spanned!(at=> #rt::OwnRetryWhen),
            Some(_) => quote_spanned!(at=> #rt::OwnRetry),
        };
        let durable = self.durable;
        let clones = retry.iter().flat_map(|_| &by_value).map(|(number, argument)| {
            let name = &names[*number];
            let kept = paths::over(&quote!(#name.argument), argument);
            let rt = self.rt;
            hygienic!(#rt::retry_argument(#kept);)
        });
        let checks = self.checks(call, policy);
        let when = retry.as_ref().and_then(|retry| retry.when.as_ref());
        let judge = match (retry, when) {
            (None, _) => quote_spanned!(at=> |_| #rt::None),
            (Some(_), None) => quote_spanned!(at=> |__output| #rt::judged!(__output)),
            (Some(_), Some(when)) => {
                quote_spanned!(at=> #moves |__output| #rt::judged!(__output, #when))
            }
        };
        quote_spanned! {at=>
            match (#before #(#kept,)*) {
                (#named #(#names,)*) => {
                    #item
                    #(#clones)*
                    let __call = #rt::declared_call::<#says, #durable, _, _, _, _>(
                        #given,
                        (#(#names,)*),
                        #moves |#[allow(unused_variables)] __kept, #[allow(unused_variables)] __turn| #made,
                    );
                    let __of = #rt::output_of(&__call);
                    #checks
                    __call.judged(#judge, move |__error| #rt::call_timed_out!(__of, __error))
                }
            }
        }
    }

    /// Checks that the types support what is said about attempts, each with its own error.
    fn checks(&self, call: &Expr, policy: &CallPolicy) -> TokenStream {
        let at = mixed_site_at(call.span());
        let rt = paths::at(at, self.rt);
        let mut checks = TokenStream::new();
        if let Some(retry) = &policy.retry {
            checks.extend(quote_spanned!(at=> #rt::tried_again(&__call);));
            if retry.when.is_none() {
                checks
                    .extend(quote_spanned!(at=> #rt::says_transient(#rt::error_in!(__of).error);));
            }
        } else {
            checks.extend(quote_spanned!(at=> #rt::bounded_call(&__call);));
        }
        if policy.timeout.is_some() || policy.deadline.is_some() {
            checks.extend(quote_spanned!(at=> #rt::says_timed_out(#rt::error_in!(__of).error);));
        }
        checks
    }
}
