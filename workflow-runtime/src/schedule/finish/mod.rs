//! `#[on_failure(finish)]`: what does not depend on a failed step runs to its end first. And
//! `#[on_failure(drain)]`: what is running may end first, and nothing new starts.
//!
//! These are the same joins, fan-outs and regions as without it, around branches that never fail.
//! A branch that gets an error keeps it in the workflow's [`Failures`] and is over, without a
//! value. When all branches are over and one has no value, what follows them cannot continue: it
//! [`halt`]s, which ends the branch around it in the same way. While a workflow drains, whatever
//! is about to start halts as well, because it first reaches a [`gate`].

mod all;
mod region;

use core::convert::Infallible;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use pin_project_lite::pin_project;

pub use self::all::{All, Finished, all};
pub use self::region::{FinishingRegion, FinishingTracker, finishing_region, poll_finishing};
use crate::flow::{Flow, Outcome};
use crate::run::leaves_out;
use crate::schedule::branch::Branch;

/// What has failed in one call of a workflow.
pub struct Failures<R: Flow> {
    /// The first failure; any later one has been reported by its step.
    first: Mutex<Option<R::Failure>>,
    /// What was polled last can never continue.
    halted: AtomicBool,
    /// After a failure nothing new starts.
    drains: bool,
    /// There has been one.
    closed: AtomicBool,
}

impl<R: Flow> Failures<R> {
    /// Nothing has failed.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "like the slots")]
    pub fn new() -> Self {
        Self {
            first: Mutex::new(None),
            halted: AtomicBool::new(false),
            drains: false,
            closed: AtomicBool::new(false),
        }
    }

    /// Nothing has failed; after the first failure nothing new starts.
    #[must_use]
    pub fn draining() -> Self {
        Self { drains: true, ..Self::new() }
    }

    fn keep(&self, failure: R::Failure) {
        self.first.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(failure);
        if self.drains {
            self.closed.store(true, Ordering::Relaxed);
        }
    }

    /// Whether nothing new may start. In that case the caller does not start.
    fn is_closed(&self) -> bool {
        let closed = self.closed.load(Ordering::Relaxed);
        if closed {
            leaves_out();
        }
        closed
    }

    /// What is being polled can never continue. The code that polls the enclosing async block
    /// looks at this next, and drops the block.
    fn halt(&self) {
        self.halted.store(true, Ordering::Relaxed);
    }

    /// Whether what was just polled has halted.
    fn take_halted(&self) -> bool {
        // All of a workflow is polled by one thread at a time.
        self.halted.load(Ordering::Relaxed) && self.halted.swap(false, Ordering::Relaxed)
    }

    /// The outcome of `poll`; without a value if it has failed or halted.
    fn finished<T>(&self, poll: Poll<Result<T, R::Failure>>) -> Poll<Finished<T>> {
        match poll {
            Poll::Ready(Ok(value)) => Poll::Ready(Finished::with(value)),
            Poll::Ready(Err(failure)) => {
                self.keep(failure);
                Poll::Ready(Finished::without())
            }
            Poll::Pending if self.take_halted() => Poll::Ready(Finished::without()),
            Poll::Pending => Poll::Pending,
        }
    }
}

/// Ends what awaits it: the branch around it is over, without a value.
pub fn halt<R: Flow>(failures: &Failures<R>) -> Halt<'_, R> {
    Halt(failures)
}

/// The future of [`halt`].
pub struct Halt<'f, R: Flow>(&'f Failures<R>);

impl<R: Flow> Future for Halt<'_, R> {
    type Output = Infallible;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Infallible> {
        self.0.halt();
        Poll::Pending
    }
}

/// Lets what is about to start pass, or [`halt`]s if nothing new may start.
pub fn gate<R: Flow>(failures: &Failures<R>) -> Gate<'_, R> {
    Gate(failures)
}

/// The future of [`gate`].
pub struct Gate<'f, R: Flow>(&'f Failures<R>);

impl<R: Flow> Future for Gate<'_, R> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<()> {
        if self.0.is_closed() {
            self.0.halt();
            return Poll::Pending;
        }
        Poll::Ready(())
    }
}

pin_project! {
    /// A branch of a join that is a step after a gate.
    pub struct Starting<'f, R: Flow, B> {
        failures: &'f Failures<R>,
        started: bool,
        #[pin]
        branch: B,
    }
}

/// Makes a branch of a join one that does not start if nothing new may start.
pub fn starting<R, B>(failures: &Failures<R>, branch: B) -> Starting<'_, R, B>
where
    R: Flow,
    B: Branch<R>,
{
    Starting { failures, started: false, branch }
}

impl<R, B> Branch<R> for Starting<'_, R, B>
where
    R: Flow,
    B: Branch<R>,
{
    type Value = B::Value;

    fn poll_branch(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Self::Value, R::Failure>> {
        let this = self.project();
        if !*this.started && this.failures.is_closed() {
            this.failures.halt();
            return Poll::Pending;
        }
        *this.started = true;
        this.branch.poll_branch(cx)
    }
}

/// Items up to the first failure: after it none starts.
pub struct UntilFailure<'f, R: Flow, I> {
    failures: &'f Failures<R>,
    items: I,
}

/// Ends the items of a fan-out once nothing new may start.
pub fn until_failure<R, I>(failures: &Failures<R>, items: I) -> UntilFailure<'_, R, I::IntoIter>
where
    R: Flow,
    I: IntoIterator,
{
    UntilFailure { failures, items: items.into_iter() }
}

impl<R: Flow, I: Iterator> Iterator for UntilFailure<'_, R, I> {
    type Item = I::Item;

    fn next(&mut self) -> Option<I::Item> {
        if self.failures.is_closed() { None } else { self.items.next() }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }
}

pin_project! {
    /// The future of [`finish`].
    pub struct Finish<'f, R: Flow, B> {
        failures: &'f Failures<R>,
        #[pin]
        body: B,
    }
}

/// Runs the whole body of a workflow; if it halts, the workflow returns its first failure.
pub fn finish<R, B>(failures: &Failures<R>, body: B) -> Finish<'_, R, B>
where
    R: Flow,
    B: Future,
{
    Finish { failures, body }
}

impl<R, B> Future for Finish<'_, R, B>
where
    R: Flow,
    B: Future<Output = R>,
{
    type Output = R;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<R> {
        let this = self.project();
        let poll = this.body.poll(cx);
        if poll.is_pending() && this.failures.take_halted() {
            let mut first = this.failures.first.lock().unwrap_or_else(PoisonError::into_inner);
            let failure = first.take().expect("only a failure can halt the body");
            return Poll::Ready(R::failed(failure));
        }
        poll
    }
}

pin_project! {
    /// A branch of a join that never fails.
    pub struct Finishing<'f, R: Flow, B> {
        failures: &'f Failures<R>,
        #[pin]
        branch: B,
    }
}

/// Makes a branch of a join one that never fails.
pub fn finishing<R, B>(failures: &Failures<R>, branch: B) -> Finishing<'_, R, B>
where
    R: Flow,
    B: Branch<R>,
{
    Finishing { failures, branch }
}

impl<R, B> Branch<R> for Finishing<'_, R, B>
where
    R: Flow,
    B: Branch<R>,
{
    type Value = Finished<B::Value>;

    fn poll_branch(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Result<Self::Value, R::Failure>> {
        let this = self.project();
        this.failures.finished(this.branch.poll_branch(cx)).map(Ok)
    }
}

pin_project! {
    /// The body of an item that never fails.
    pub struct FinishingItem<'f, R: Flow, B> {
        failures: &'f Failures<R>,
        #[pin]
        body: B,
    }
}

/// Makes the body of an item one that never fails.
pub fn finishing_item<R, B>(failures: &Failures<R>, body: B) -> FinishingItem<'_, R, B>
where
    R: Flow,
    B: Future,
    B::Output: Outcome<Failure = R::Failure>,
{
    FinishingItem { failures, body }
}

impl<R, B> Future for FinishingItem<'_, R, B>
where
    R: Flow,
    B: Future,
    B::Output: Outcome<Failure = R::Failure>,
{
    type Output = R::With<Finished<<B::Output as Outcome>::Value>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let poll = this.body.poll(cx).map(Outcome::split);
        Poll::Ready(R::ok(ready!(this.failures.finished(poll))))
    }
}
