//! A call whose declaration has options of its own, which take precedence over the function's.
//!
//! Each attempt is a call of the function, with arguments that are kept for that purpose. What the
//! declaration does not specify is specified by the function: see `caller`.

// Only generated code names these types.
#![allow(missing_debug_implementations)]

mod poll;

use core::marker::PhantomData;

use self::poll::Declared;
use crate::attempt::checks::{OutputOf, Retried, Timed};
use crate::attempt::{HasPolicy, TimedOut};
use crate::step::{Step, StepKind, Verdict};

const WHOLE: &str = "the call of a workflow is not tried again as a whole: write `#[retry(…)]` on \
                     the declarations in it, or call it in a `#[step]` function and try that again";

const RECORDED_WHOLE: &str = "in a durable workflow the call of another one has no limit of time \
                              of its own: write `#[timeout(…)]` on the declarations in it, or \
                              bound the run by `Run::deadline`";

const SIGNAL: &str = "`#[timeout(…)]` alone says how long a signal is waited for, and the call is \
                      written by its own name: `signal(…)`";

/// Which attempt a call is for.
pub struct Turn<S> {
    /// No attempt follows it.
    pub last: bool,
    step: PhantomData<fn() -> S>,
}

impl<S> Turn<S> {
    fn new(last: bool) -> Self {
        Self { last, step: PhantomData }
    }
}

/// Whether a declaration specifies how many times its call is tried.
pub trait SaysRetry {
    /// It does, instead of the function.
    const RETRY: bool;
    /// It also specifies which errors are worth another attempt.
    const JUDGES: bool = false;
}

/// It does, and also specifies which errors are worth another attempt.
pub struct OwnRetryWhen;

impl SaysRetry for OwnRetryWhen {
    const RETRY: bool = true;
    const JUDGES: bool = true;
}

/// It does.
pub struct OwnRetry;

/// It does not.
pub struct RetryOfFunction;

impl SaysRetry for OwnRetry {
    const RETRY: bool = true;
}

impl SaysRetry for RetryOfFunction {
    const RETRY: bool = false;
}

/// A call and what its declaration specifies about it.
pub struct DeclaredCall<R, S, P, K, M> {
    says: PhantomData<fn() -> R>,
    step: S,
    policy: P,
    kept: K,
    make: M,
}

/// Called by the code that `workflow!` generates. `make` calls the function, with what is `kept`
/// for it.
#[inline]
pub fn declared_call<R, const DURABLE: bool, S, P, K, M>(
    policy: P,
    mut kept: K,
    mut make: M,
) -> DeclaredCall<R, S, P, K, M>
where
    R: SaysRetry,
    S: Step,
    P: HasPolicy,
    M: FnMut(&mut K, Turn<S>) -> S,
{
    const { assert!(!(R::RETRY && S::Kind::WORKFLOW), "{}", WHOLE) }
    const { assert!(!(DURABLE && S::Kind::WORKFLOW), "{}", RECORDED_WHOLE) }
    const { assert!(!S::Kind::SIGNAL, "{}", SIGNAL) }
    let last = if R::RETRY { policy.policy().attempts() == 1 } else { !S::Kind::REPEATS };
    let step = make(&mut kept, Turn::new(last));
    DeclaredCall { says: PhantomData, step, policy, kept, make }
}

/// Checks the output of a call with `#[retry(…)]`.
#[inline]
pub fn tried_again<R, S, P, K, M>(_: &DeclaredCall<R, S, P, K, M>)
where
    S: Step,
    S::Output: Retried,
{
}

/// Checks the output of a call with `#[timeout(…)]` or `#[deadline(…)]`.
#[inline]
pub fn bounded_call<R, S, P, K, M>(_: &DeclaredCall<R, S, P, K, M>)
where
    S: Step,
    S::Output: Timed,
{
}

/// Asks for the error in a call's output.
#[inline]
pub fn output_of<R, S: Step, P, K, M>(_: &DeclaredCall<R, S, P, K, M>) -> OutputOf<S::Output> {
    OutputOf::TYPE
}

impl<R, S: Step, P: HasPolicy, K, M> DeclaredCall<R, S, P, K, M> {
    /// The call as a step. `judge` says what a failure means, and `late` turns an expired time
    /// limit into a failure.
    #[inline]
    pub fn judged<J, L>(self, judge: J, late: L) -> Declared<R, S, P, K, M, J, L>
    where
        J: Fn(&S::Output) -> Option<Verdict>,
        L: Fn(TimedOut) -> S::Output,
    {
        let Self { says, step, policy, kept, make } = self;
        Declared::new(step, Call { says, policy, kept, make, judge, late })
    }
}

/// Everything that is the same for each attempt.
pub(super) struct Call<R, P, K, M, J, L> {
    says: PhantomData<fn() -> R>,
    policy: P,
    kept: K,
    make: M,
    judge: J,
    late: L,
}
