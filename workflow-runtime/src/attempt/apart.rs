//! A step that has something to report of itself.

use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::attempt::{Limited, Limits};
use crate::graph::Graph;
use crate::run::{Entered, Place, may_report};
use crate::step::{Failure, Nothing, Step};

pin_project! {
    /// A step with options. Awaited inside another step's own code, it is no part of the run
    /// and must not report as that other step.
    pub struct Apart<S, L> {
        #[pin]
        step: S,
        limits: PhantomData<fn() -> L>,
    }
}

/// Called by the code that `#[step]` generates for a step without limits.
#[inline]
pub fn apart<S: Step>(step: S) -> Apart<S, ()> {
    Apart { step, limits: PhantomData }
}

/// Called by the code that `#[step]` generates for a step with limits.
#[inline]
pub fn apart_limited<S: Step>(step: S) -> Apart<S, Limits> {
    Apart { step, limits: PhantomData }
}

impl<S: Step, L> Future for Apart<S, L> {
    type Output = S::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<S::Output> {
        let step = self.project().step;
        if may_report() { poll_apart(step, cx) } else { step.poll(cx) }
    }
}

#[cold]
#[inline(never)]
fn poll_apart<S: Step>(step: Pin<&mut S>, cx: &mut Context<'_>) -> Poll<S::Output> {
    let _entered = Entered::nothing();
    step.poll(cx)
}

#[diagnostic::do_not_recommend]
impl<S: Step, L: Limited> Step for Apart<S, L> {
    type Undoes = Nothing;

    #[inline]
    fn poll_in(self: Pin<&mut Self>, cx: &mut Context<'_>, place: Place<'_>) -> Poll<S::Output> {
        self.project().step.poll_in(cx, place)
    }

    fn failure(self: Pin<&mut Self>, output: &S::Output) -> Option<Failure> {
        self.project().step.failure(output)
    }

    fn name(&self) -> &'static str {
        self.step.name()
    }

    fn delays_itself(&self) -> bool {
        L::DELAYS_ITSELF
    }

    fn graph(&self) -> Option<&'static Graph> {
        self.step.graph()
    }
}
