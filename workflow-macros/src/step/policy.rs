//! The options of a step as code that makes one value.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote_spanned;
use syn::Expr;
use syn::spanned::Spanned;

use super::StepFn;
use super::constant::Local;
use super::expand::plain_name;
use super::options::Options;
use super::retry::{Attempts, Backoff, Number, Retry};
use crate::duration::Time;
use crate::paths;

/// The policy of one step.
pub(super) struct PolicyCode<'a> {
    name: String,
    options: &'a Options,
    made: Made,
    runtime: &'a TokenStream,
}

/// When the policy is made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Made {
    /// It consists of literals, which the macro has checked.
    OfLiterals,
    /// At compile time, when it is also checked.
    OfConstants,
    /// When the step is called.
    AtCall,
}

impl<'a> PolicyCode<'a> {
    pub(super) fn new(function: &StepFn, options: &'a Options, runtime: &'a TokenStream) -> Self {
        let expressions = options.expressions();
        let local = Local::of(&function.sig);
        let made = if expressions.is_empty() {
            Made::OfLiterals
        } else if expressions.into_iter().all(|value| local.is_constant(value)) {
            Made::OfConstants
        } else {
            Made::AtCall
        };
        Self { name: plain_name(&function.sig), options, made, runtime }
    }

    /// What has to precede the step's future. `bound` binds the arguments to the names that the
    /// body uses.
    pub(super) fn declared(&self, bound: &TokenStream) -> TokenStream {
        let (mixed_site, runtime, code) = (Span::mixed_site(), self.runtime, self.code());
        match self.made {
            Made::OfLiterals => TokenStream::new(),
            Made::OfConstants => {
                let constant = constant_name();
                quote_spanned!(mixed_site=> const #constant: #runtime::Policy = #code;)
            }
            Made::AtCall if bound.is_empty() => quote_spanned!(mixed_site=> let __policy = #code;),
            Made::AtCall => quote_spanned!(mixed_site=> let __policy = { #bound #code };),
        }
    }

    /// What is passed to the attempts: a value, or a closure around a constant, which takes no
    /// space.
    pub(super) fn given(&self) -> TokenStream {
        let mixed_site = Span::mixed_site();
        match self.made {
            Made::OfLiterals => {
                let code = self.code();
                quote_spanned!(mixed_site=> || const { &#code })
            }
            Made::OfConstants => {
                let constant = constant_name();
                quote_spanned!(mixed_site=> || const { &#constant })
            }
            Made::AtCall => quote_spanned!(mixed_site=> __policy),
        }
    }

    /// The step with the limits of its attempts.
    pub(super) fn with_options(&self, limited: bool, step: &TokenStream) -> TokenStream {
        let (mixed_site, runtime) = (Span::mixed_site(), self.runtime);
        let deadline = self.options.deadline.is_some();
        let attempts = match self.made {
            Made::OfLiterals => {
                let attempts = self.options.retry.as_ref().map_or(1, literal_attempts);
                let attempts = Literal::u32_unsuffixed(attempts);
                quote_spanned!(mixed_site=> #attempts)
            }
            Made::OfConstants => {
                let constant = constant_name();
                quote_spanned!(mixed_site=> { #constant.attempts() })
            }
            Made::AtCall if limited => {
                let repeats = self.options.retry.is_some();
                return quote_spanned!(mixed_site=> #runtime::with_limiting_policy::<#repeats, _>(&__policy, #step));
            }
            Made::AtCall => {
                return quote_spanned!(mixed_site=> #runtime::with_policy(&__policy, #step));
            }
        };
        if limited {
            quote_spanned!(mixed_site=> #runtime::with_limits::<#attempts, #deadline, _>(#step))
        } else {
            quote_spanned!(mixed_site=> #runtime::with_options::<#attempts, _>(#step))
        }
    }

    fn code(&self) -> TokenStream {
        let Options { retry, timeout, deadline, .. } = self.options;
        let limits = (timeout.as_ref(), deadline.as_ref());
        let constant = self.made == Made::OfConstants;
        policy_code(&self.name, retry.as_ref(), limits, constant, self.runtime)
    }
}

/// All values in a policy that are not literals.
pub(crate) fn policy_values<'a>(
    retry: Option<&'a Retry>,
    (timeout, deadline): (Option<&'a Time>, Option<&'a Time>),
) -> Vec<&'a Expr> {
    let limits = [timeout, deadline].into_iter().flatten().filter_map(Time::given);
    retry.into_iter().flat_map(Retry::expressions).chain(limits).collect()
}

/// The policy of the step `name`. `constant` says that it is a constant, which has to be checked.
pub(crate) fn policy_code(
    name: &str,
    retry: Option<&Retry>,
    (timeout, deadline): (Option<&Time>, Option<&Time>),
    constant: bool,
    runtime: &TokenStream,
) -> TokenStream {
    let mixed_site = Span::mixed_site();
    let mut code = quote_spanned!(mixed_site=> #runtime::policy(#name));
    if let Some(retry) = retry {
        code.extend(retry_code(retry, runtime));
    }
    if let Some(timeout) = timeout {
        code.extend(match limit(timeout, constant, runtime) {
            Ok(millis) => quote_spanned!(mixed_site=> .timeout(#millis)),
            Err(value) => quote_spanned!(mixed_site=> .timeout_after(#value)),
        });
    }
    if let Some(deadline) = deadline {
        code.extend(match limit(deadline, constant, runtime) {
            Ok(millis) => quote_spanned!(mixed_site=> .deadline(#millis)),
            Err(value) => quote_spanned!(mixed_site=> .deadline_after(#value)),
        });
    }
    code
}

fn limit(time: &Time, constant: bool, runtime: &TokenStream) -> Result<Literal, TokenStream> {
    let mixed_site = Span::mixed_site();
    match time {
        Time::Millis(millis) => Ok(Literal::u64_unsuffixed(*millis)),
        Time::Given(value) if constant => {
            // Errors about the value are shown where the value is.
            let at = mixed_site.located_at(value.span());
            let runtime = paths::at(at, runtime);
            Err(quote_spanned!(at=> #runtime::some_time(#value)))
        }
        Time::Given(value) => Err(quote_spanned!(mixed_site=> #value)),
    }
}

/// The part of a policy that says how often and how fast to retry, as calls of the methods of
/// `Policy`.
fn retry_code(retry: &Retry, runtime: &TokenStream) -> TokenStream {
    let mixed_site = Span::mixed_site();
    let (max, backoff, jitter) = match &retry.attempts {
        Attempts::Given(value) => return quote_spanned!(mixed_site=> .retry(#value)),
        Attempts::Listed { max, backoff, jitter } => (max, backoff, jitter),
    };
    let max = match max {
        Number::Literal(number) => {
            let number = Literal::u32_unsuffixed(*number);
            quote_spanned!(mixed_site=> #number)
        }
        Number::Given(value) => quote_spanned!(mixed_site=> #value),
    };
    let at = mixed_site.located_at(max.span());
    let mut code = quote_spanned!(at=> .max_attempts(#max));
    let delay = |time: &Time| match time {
        Time::Millis(millis) => {
            let millis = Literal::u64_unsuffixed(*millis);
            quote_spanned!(mixed_site=> #millis)
        }
        Time::Given(value) => quote_spanned!(mixed_site=> #runtime::millis(#value)),
    };
    match backoff {
        Backoff::None => {}
        Backoff::Constant { delay: time } => {
            let time = delay(time);
            code.extend(quote_spanned!(mixed_site=> .constant(#time)));
        }
        Backoff::Exponential { first, factor, max } => {
            let first = delay(first);
            let factor = match factor {
                Number::Literal(number) => {
                    let number = Literal::f32_unsuffixed(*number);
                    quote_spanned!(mixed_site=> #number)
                }
                Number::Given(value) => quote_spanned!(mixed_site=> #value),
            };
            code.extend(quote_spanned!(mixed_site=> .exponential(#first, #factor)));
            if let Some(max) = max.as_ref().map(delay) {
                code.extend(quote_spanned!(mixed_site=> .at_most(#max)));
            }
        }
    }
    if *jitter {
        code.extend(quote_spanned!(mixed_site=> .jitter()));
    }
    code
}

fn literal_attempts(retry: &Retry) -> u32 {
    match retry.attempts {
        Attempts::Listed { max: Number::Literal(max), .. } => max,
        Attempts::Listed { .. } | Attempts::Given(_) => {
            unreachable!("what is not a literal is an expression")
        }
    }
}

/// Any code in a function can name an item in it, so none of the user's constants has this name.
pub(crate) fn constant_name() -> Ident {
    Ident::new("__WORKFLOW_POLICY", Span::mixed_site())
}
