//! A branch that continues when those beside it are done.
//!
//! It takes over their values, and what needs all of them is in it. So what it holds can be
//! borrowed until the end.

use core::future::poll_fn;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::sync::{Mutex, MutexGuard, PoisonError};

use pin_project_lite::pin_project;

use crate::budget::watch;
use crate::flow::Flow;
use crate::schedule::branch::Branch;
use crate::schedule::join::MaybeDone;

/// Where the values of branches wait for the branch that takes them over. It is used by one
/// thread at a time; a mutex asks for no more of the values than that they are `Send`.
pub struct Handed<T>(Mutex<Option<T>>);

impl<T> Handed<T> {
    /// Nothing is there yet.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "like the slots")]
    pub fn new() -> Self {
        Self(Mutex::new(None))
    }

    fn values(&self) -> MutexGuard<'_, Option<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Waits for the values and takes them. [`Beside`] polls this again when they are there, so it
/// registers nothing.
#[inline]
pub async fn handed<T>(values: &Handed<T>) -> T {
    poll_fn(|_| values.values().take().map_or(Poll::Pending, Poll::Ready)).await
}

pin_project! {
    /// The future of [`beside`].
    pub struct Beside<'h, R, O, B>
    where
        R: Flow,
        O: Branch<R>,
        B: Branch<R>,
    {
        handed: &'h Handed<O::Value>,
        #[pin]
        others: Option<O>,
        #[pin]
        branch: MaybeDone<B, B::Value>,
        first: bool,
        flow: PhantomData<fn() -> R>,
    }
}

/// Runs `branch` beside `others`, whose values it takes from `handed`, until all are done, or
/// until one fails.
#[inline]
pub fn beside<R, O, B>(handed: &Handed<O::Value>, others: O, branch: B) -> Beside<'_, R, O, B>
where
    R: Flow,
    O: Branch<R>,
    B: Branch<R>,
{
    let branch = MaybeDone::Running { branch };
    Beside { handed, others: Some(others), branch, first: false, flow: PhantomData }
}

/// Like [`beside`], but `branch` starts first.
#[inline]
pub fn beside_first<R, O, B>(handed: &Handed<O::Value>, others: O, branch: B) -> Beside<'_, R, O, B>
where
    R: Flow,
    O: Branch<R>,
    B: Branch<R>,
{
    Beside { first: true, ..beside(handed, others, branch) }
}

impl<R, O, B> Future for Beside<'_, R, O, B>
where
    R: Flow,
    O: Branch<R>,
    B: Branch<R>,
{
    type Output = Result<B::Value, R::Failure>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        if *this.first && this.others.is_some() {
            this.branch.as_mut().poll::<R>(cx)?;
        }
        if let Some(others) = this.others.as_mut().as_pin_mut() {
            match others.poll_branch(cx) {
                Poll::Ready(values) => {
                    *this.handed.values() = Some(values?);
                    this.others.set(None);
                }
                Poll::Pending if *this.first => {
                    watch();
                    return Poll::Pending;
                }
                Poll::Pending => {}
            }
        }
        // It may wait for the values that the others have just produced.
        let done = this.branch.as_mut().poll::<R>(cx)?;
        if done && this.others.is_none() {
            return Poll::Ready(Ok(this.branch.take()));
        }
        watch();
        Poll::Pending
    }
}
