//! A step that has something to report about itself.

// Only generated code names these types.
#![allow(missing_debug_implementations)]

use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::attempt::caller::told;
use crate::attempt::{Limited, Limits, Policy};
use crate::run::{Entered, Place, may_report};
#[cfg(feature = "durable")]
use crate::step::Bounds;
use crate::step::{Failure, Info, NoUndo, Said, Step, StepKind, poll_at};

pin_project! {
    /// A step with options. When it is awaited inside another step's own code, it is not part of
    /// the run and must not report as that other step.
    pub struct WithOptions<S, L, B> {
        #[pin]
        step: S,
        bounds: B,
        limits: PhantomData<fn() -> L>,
    }
}

/// The bounds of a step's attempts, as a type, so that they take no space.
pub struct Bounded<const ATTEMPTS: u32, const DEADLINE: bool>;

/// See [`Bounded`].
pub trait KnownBounds {
    /// Whether there may be more than one attempt.
    const REPEATS: bool;

    /// The bounds.
    #[cfg(feature = "durable")]
    fn bounds(&self) -> Bounds;
}

impl<const ATTEMPTS: u32, const DEADLINE: bool> KnownBounds for Bounded<ATTEMPTS, DEADLINE> {
    const REPEATS: bool = ATTEMPTS > 1;

    #[cfg(feature = "durable")]
    fn bounds(&self) -> Bounds {
        Bounds { max_attempts: ATTEMPTS, deadline: DEADLINE }
    }
}

/// The bounds of a step's attempts, if they are known only when the step is called.
pub struct BoundedBy<const REPEATS: bool> {
    #[cfg(feature = "durable")]
    bounds: Bounds,
}

impl<const REPEATS: bool> BoundedBy<REPEATS> {
    fn new(policy: &Policy) -> Self {
        #[cfg(not(feature = "durable"))]
        let _ = policy;
        Self {
            #[cfg(feature = "durable")]
            bounds: Bounds { max_attempts: policy.attempts(), deadline: policy.has_deadline() },
        }
    }
}

impl<const REPEATS: bool> KnownBounds for BoundedBy<REPEATS> {
    const REPEATS: bool = REPEATS;

    #[cfg(feature = "durable")]
    fn bounds(&self) -> Bounds {
        self.bounds
    }
}

/// Called by the code that `#[step]` generates for a step without limits.
#[inline]
pub fn with_options<const ATTEMPTS: u32, S: Step>(
    step: S,
) -> WithOptions<S, (), Bounded<ATTEMPTS, false>> {
    WithOptions { step, bounds: Bounded, limits: PhantomData }
}

/// Called by the code that `#[step]` generates for a step with limits.
#[inline]
pub fn with_limits<const ATTEMPTS: u32, const DEADLINE: bool, S: Step>(
    step: S,
) -> WithOptions<S, Limits, Bounded<ATTEMPTS, DEADLINE>> {
    WithOptions { step, bounds: Bounded, limits: PhantomData }
}

/// [`with_options`], for a policy that is a value.
#[inline]
pub fn with_policy<S: Step>(policy: &Policy, step: S) -> WithOptions<S, (), BoundedBy<true>> {
    WithOptions { step, bounds: BoundedBy::new(policy), limits: PhantomData }
}

/// [`with_limits`], for a policy that is a value. `REPEATS` says whether it has `retry`.
#[inline]
pub fn with_limiting_policy<const REPEATS: bool, S: Step>(
    policy: &Policy,
    step: S,
) -> WithOptions<S, Limits, BoundedBy<REPEATS>> {
    WithOptions { step, bounds: BoundedBy::new(policy), limits: PhantomData }
}

/// What a caller has to know about a step with these bounds.
pub struct Attempted<B>(PhantomData<B>);

impl<B: KnownBounds> StepKind for Attempted<B> {
    const REPEATS: bool = B::REPEATS;
}

impl<S: Step, L, B> Future for WithOptions<S, L, B> {
    type Output = S::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<S::Output> {
        let step = self.project().step;
        if may_report() { poll_detached(step, cx) } else { step.poll(cx) }
    }
}

#[cold]
#[inline(never)]
fn poll_detached<S: Step>(step: Pin<&mut S>, cx: &mut Context<'_>) -> Poll<S::Output> {
    let _entered = Entered::detached();
    step.poll(cx)
}

#[diagnostic::do_not_recommend]
impl<S: Step, L: Limited, B: KnownBounds> Step for WithOptions<S, L, B> {
    type Undo = NoUndo;
    type Kind = Attempted<B>;

    #[inline]
    fn poll_in(self: Pin<&mut Self>, cx: &mut Context<'_>, place: Place<'_>) -> Poll<S::Output> {
        self.project().step.poll_in(cx, place)
    }

    fn poll_attempt(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        place: Option<Place<'_>>,
        said: Said,
    ) -> Poll<S::Output> {
        told(said, || poll_at(self.project().step, cx, place))
    }

    fn failure(self: Pin<&mut Self>, output: &S::Output) -> Option<Failure> {
        self.project().step.failure(output)
    }

    fn info(&self) -> Info {
        Info {
            delays_itself: L::DELAYS_ITSELF,
            undoes: false,
            #[cfg(feature = "durable")]
            bounds: self.bounds.bounds(),
            ..self.step.info()
        }
    }
}
