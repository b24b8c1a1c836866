//! All items of a fan-out at once, with no run to observe them.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use futures_util::future::{TryJoinAll, try_join_all};
use futures_util::stream::{FuturesUnordered, Stream};
use pin_project_lite::pin_project;

use super::fan_out::{Failure, Value};
use super::in_order::InOrder;
use super::window::FEW;
use crate::budget::{settle, settled, watch};
use crate::flow::Outcome;

pin_project! {
    /// The body of one item.
    pub(super) struct Plain<B> {
        #[pin]
        body: B,
    }
}

impl<B> Future for Plain<B>
where
    B: Future,
    B::Output: Outcome,
{
    type Output = Result<Value<B>, Failure<B>>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().body.poll(cx) {
            Poll::Ready(output) => Poll::Ready(output.split()),
            Poll::Pending => {
                settle();
                Poll::Pending
            }
        }
    }
}

pin_project! {
    /// The body of one of many items.
    pub(super) struct Numbered<B> {
        #[pin]
        body: B,
        index: usize,
    }
}

impl<B> Future for Numbered<B>
where
    B: Future,
    B::Output: Outcome,
{
    type Output = (usize, B::Output);

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let index = *this.index;
        settled(this.body.poll(cx)).map(|output| (index, output))
    }
}

/// All items at once.
pub(super) enum AllAtOnce<B>
where
    B: Future,
    B::Output: Outcome,
{
    /// Each is polled whenever the task is.
    Few(TryJoinAll<Plain<B>>),
    /// Each is polled when it has been woken. `try_join_all` would not see the failure of one
    /// before all items in front of it are done.
    Many { running: FuturesUnordered<Numbered<B>>, values: InOrder<Value<B>> },
}

impl<B> AllAtOnce<B>
where
    B: Future,
    B::Output: Outcome,
{
    #[inline]
    pub(super) fn new(bodies: impl Iterator<Item = B>) -> Self {
        if bodies.size_hint().1.is_some_and(|most| most <= FEW) {
            return Self::Few(try_join_all(bodies.map(|body| Plain { body })));
        }
        let numbered = bodies.enumerate().map(|(index, body)| Numbered { body, index });
        let running: FuturesUnordered<_> = numbered.collect();
        Self::Many { values: InOrder::of(running.len()), running }
    }

    #[inline]
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Vec<Value<B>>, Failure<B>>> {
        let polled = match self {
            Self::Few(all) => Pin::new(all).poll(cx),
            Self::Many { running, values } => poll_many(running, values, cx),
        };
        if polled.is_pending() {
            watch();
        }
        polled
    }
}

fn poll_many<B>(
    running: &mut FuturesUnordered<Numbered<B>>,
    values: &mut InOrder<Value<B>>,
    cx: &mut Context<'_>,
) -> Poll<Result<Vec<Value<B>>, Failure<B>>>
where
    B: Future,
    B::Output: Outcome,
{
    while let Some((index, output)) = ready!(Pin::new(&mut *running).poll_next(cx)) {
        values.put(index, output.split()?);
    }
    Poll::Ready(Ok(values.take()))
}
