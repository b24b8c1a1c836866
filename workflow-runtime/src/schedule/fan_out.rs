//! One body for each of many items, concurrently.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::future::{TryJoinAll, try_join_all};
use futures_util::stream::FuturesUnordered;
use pin_project_lite::pin_project;
use tokio::time::Instant;

use crate::flow::{Flow, Outcome};
use crate::run::{Entered, ItemScopes, Scope, enter_fan_out};
use crate::schedule::budget::{settled, watch};

pin_project! {
    /// The body of one item.
    struct Item<B> {
        #[pin]
        body: B,
        // Behind the body, so that what the body drops is reported first.
        scope: Option<Arc<Scope>>,
    }
}

/// What an item comes to.
type Value<B> = <<B as Future>::Output as Outcome>::Value;
/// What its failure carries.
type Failure<B> = <<B as Future>::Output as Outcome>::Failure;

impl<B> Future for Item<B>
where
    B: Future,
    B::Output: Outcome,
{
    type Output = Result<Value<B>, Failure<B>>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let Some(scope) = this.scope else {
            return settled(this.body.poll(cx)).map(Outcome::split);
        };
        let output = {
            let _entered = Entered::body(Arc::clone(scope));
            ready!(settled(this.body.poll(cx)))
        };
        scope.finish_item();
        Poll::Ready(output.split())
    }
}

pin_project! {
    /// A future that remembers which of many it is.
    pub(crate) struct Numbered<F> {
        pub(crate) index: usize,
        #[pin]
        pub(crate) future: F,
    }
}

impl<F: Future> Future for Numbered<F> {
    type Output = (usize, F::Output);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        this.future.poll(cx).map(|output| (*this.index, output))
    }
}

/// The items of a fan-out, all at once or so many at a time.
enum Items<I, F, B>
where
    B: Future,
    B::Output: Outcome,
{
    All(TryJoinAll<Item<B>>),
    Some(Window<I, F, B>),
}

/// At most `limit` items at once: the next one starts when one is done.
struct Window<I, F, B>
where
    B: Future,
    B::Output: Outcome,
{
    /// Boxed, so that a call without a run has no space for it.
    scopes: Option<Box<ItemScopes>>,
    /// 0 when there are no more items.
    limit: usize,
    items: I,
    started: usize,
    make_body: F,
    running: FuturesUnordered<Pin<Box<Numbered<Item<B>>>>>,
    results: Vec<Option<Value<B>>>,
}

/// The future of [`fan_out`].
pub struct FanOut<I, F, B>(Items<I, F, B>)
where
    B: Future,
    B::Output: Outcome;

/// Runs `make_body` for each of `items`, concurrently, and collects the values in the
/// items' order. With a `limit`, at most so many items run at once (0 counts as 1) and
/// the iterator is not asked for the next item before there is room for it.
#[inline]
pub fn fan_out<R, I, F, B, T>(
    node: usize,
    limit: Option<usize>,
    items: I,
    make_body: F,
) -> FanOut<I::IntoIter, F, B>
where
    R: Flow,
    I: IntoIterator,
    F: FnMut(I::Item) -> B,
    B: Future<Output = R::With<T>>,
{
    let items = items.into_iter();
    let scopes = enter_fan_out(node, &items);
    FanOut::start(scopes, limit, items, make_body)
}

impl<I, F, B> FanOut<I, F, B>
where
    I: Iterator,
    F: FnMut(I::Item) -> B,
    B: Future,
    B::Output: Outcome,
{
    /// The items in these scopes, if there are any.
    #[inline]
    pub(crate) fn start(
        scopes: Option<ItemScopes>,
        limit: Option<usize>,
        items: I,
        mut make_body: F,
    ) -> Self {
        Self(match limit {
            None => Items::All(try_join_all(items.enumerate().map(|(index, item)| {
                // All start at once.
                let scope = scopes.as_ref().map(|scopes| scopes.item(index, scopes.since()));
                Item { body: make_body(item), scope }
            }))),
            Some(limit) => Items::Some(Window {
                scopes: scopes.map(Box::new),
                limit: limit.max(1),
                items,
                started: 0,
                make_body,
                running: FuturesUnordered::new(),
                results: Vec::new(),
            }),
        })
    }
}

impl<I, F, B> Window<I, F, B>
where
    I: Iterator,
    F: FnMut(I::Item) -> B,
    B: Future,
    B::Output: Outcome,
{
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Vec<Value<B>>, Failure<B>>> {
        loop {
            while self.running.len() < self.limit {
                let Some(item) = self.items.next() else {
                    // An iterator need not say so twice.
                    self.limit = 0;
                    break;
                };
                self.start(item, cx)?;
            }
            match ready!(self.running.poll_next_unpin(cx)) {
                Some((index, Ok(value))) => self.results[index] = Some(value),
                Some((_, Err(failure))) => return Poll::Ready(Err(failure)),
                None => break,
            }
        }
        let results = core::mem::take(&mut self.results);
        let done = |value: Option<Value<B>>| value.expect("every item is done");
        Poll::Ready(Ok(results.into_iter().map(done).collect()))
    }

    /// Starts an item at once, before any other item is polled. The items that run are
    /// polled in the order in which they were woken.
    fn start(&mut self, item: I::Item, cx: &mut Context<'_>) -> Result<(), Failure<B>> {
        let index = self.started;
        self.started += 1;
        let scope = self.scopes.as_ref().map(|scopes| scopes.item(index, Instant::now()));
        let body = (self.make_body)(item);
        let mut item = Box::pin(Numbered { index, future: Item { body, scope } });
        match item.as_mut().poll(cx) {
            Poll::Ready((_, Ok(value))) => self.results.push(Some(value)),
            Poll::Ready((_, Err(failure))) => return Err(failure),
            Poll::Pending => {
                self.results.push(None);
                self.running.push(item);
            }
        }
        Ok(())
    }
}

// The items are pinned where they are.
impl<I, F, B> Unpin for FanOut<I, F, B>
where
    B: Future,
    B::Output: Outcome,
{
}

impl<I, F, B> Future for FanOut<I, F, B>
where
    I: Iterator,
    F: FnMut(I::Item) -> B,
    B: Future,
    B::Output: Outcome,
{
    type Output = Result<Vec<Value<B>>, Failure<B>>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let polled = match &mut self.get_mut().0 {
            Items::All(all) => Pin::new(all).poll(cx),
            Items::Some(window) => window.poll(cx),
        };
        if polled.is_pending() {
            watch();
        }
        polled
    }
}
