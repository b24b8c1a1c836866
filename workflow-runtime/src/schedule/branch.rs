//! What can stand side by side in a join.

use core::convert::Infallible;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use crate::budget::settled;
use crate::flow::{Flow, MayFail, Outcome};
use crate::step::{Step, poll_step};

/// A part of a workflow that runs beside others. `R` is the workflow's return type, or
/// [`crate::flow::Total`].
pub trait Branch<R: Flow> {
    /// Its value.
    type Value;

    /// Like `Future::poll`.
    fn poll_branch(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Self::Value, R::Failure>>;
}

pin_project! {
    /// A step whose output is used as it is.
    pub struct Plain<S> {
        #[pin]
        call: S,
        node: u32,
    }
}

/// A step whose output is used as it is.
#[inline]
pub fn plain<S: Step>(node: u32, call: S) -> Plain<S> {
    Plain { call, node }
}

impl<R: Flow, S: Step> Branch<R> for Plain<S> {
    type Value = S::Output;

    #[inline]
    fn poll_branch(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<S::Output, R::Failure>> {
        let this = self.project();
        poll_step(*this.node as usize, this.call, cx).map(Ok)
    }
}

pin_project! {
    /// A step whose error ends the workflow.
    pub struct Call<S, Q> {
        #[pin]
        call: S,
        question: Q,
        node: u32,
    }
}

/// A step whose error ends the workflow. `question` contains the user's `?`, which turns the
/// step's failure into a failure of the workflow.
#[inline]
pub fn attempt<S, Q, O>(node: u32, call: S, question: Q) -> Call<S, Q>
where
    S: Step,
    S::Output: MayFail,
    Q: Fn(<S::Output as MayFail>::Failure) -> O,
    O: Outcome<Value = Infallible>,
{
    Call { call, question, node }
}

impl<R, S, Q, O> Branch<R> for Call<S, Q>
where
    R: Flow,
    S: Step,
    S::Output: MayFail,
    Q: Fn(<S::Output as MayFail>::Failure) -> O,
    O: Outcome<Value = Infallible, Failure = R::Failure>,
{
    type Value = <S::Output as MayFail>::Value;

    #[inline]
    fn poll_branch(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Self::Value, R::Failure>> {
        let this = self.project();
        let output = ready!(poll_step(*this.node as usize, this.call, cx));
        Poll::Ready(output.ask(|failure| match (this.question)(failure).split() {
            Ok(never) => match never {},
            Err(failure) => failure,
        }))
    }
}

pin_project! {
    /// Several declarations.
    pub struct Block<F> {
        #[pin]
        body: F,
    }
}

/// Several declarations, as an async block that ends with `R::ok(value)`.
#[inline]
pub fn block<F>(body: F) -> Block<F>
where
    F: Future,
    F::Output: Outcome,
{
    Block { body }
}

impl<R, F> Branch<R> for Block<F>
where
    R: Flow,
    F: Future,
    F::Output: Outcome<Failure = R::Failure>,
{
    type Value = <F::Output as Outcome>::Value;

    #[inline]
    fn poll_branch(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Self::Value, R::Failure>> {
        settled(self.project().body.poll(cx)).map(Outcome::split)
    }
}
