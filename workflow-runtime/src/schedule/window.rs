//! A limited number of items of a fan-out at once.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::sync::Arc;

use super::fan_out::{Failure, Item, Value};
use crate::budget::watch;
use crate::flow::Outcome;
use crate::run::ItemScopes;
use crate::schedule::in_order::InOrder;
use crate::schedule::woken::{OwnWaker, Woken};

/// Up to this many items are all polled whenever the task is: knowing which of them was woken
/// would cost more.
pub(super) const FEW: usize = 30;

/// At most `limit` items at once: the next one starts when one is done.
pub(super) struct Window<I, F, B>
where
    B: Future,
    B::Output: Outcome,
{
    scopes: Option<ItemScopes>,
    /// How many may run at once: 0 when there are no more items, `None` if all may.
    limit: Option<usize>,
    items: I,
    make_body: F,
    /// How many are running.
    running: usize,
    places: Vec<Place<B>>,
    /// The places in which no item runs.
    free: Vec<usize>,
    /// Which have been woken, where there may be many.
    woken: Option<Arc<Woken>>,
    /// How many have started.
    started: usize,
    values: InOrder<Value<B>>,
}

/// A place for one item after the other.
struct Place<B> {
    item: Pin<Box<Option<Item<B>>>>,
    /// Which one it is.
    index: usize,
    waker: Option<OwnWaker>,
}

impl<I, F, B> Window<I, F, B>
where
    I: Iterator,
    F: FnMut(I::Item) -> B,
    B: Future,
    B::Output: Outcome,
{
    pub(super) fn new(
        scopes: Option<ItemScopes>,
        limit: Option<usize>,
        items: I,
        make_body: F,
    ) -> Self {
        let (least, most) = items.size_hint();
        let most = most.unwrap_or(usize::MAX).min(limit.unwrap_or(usize::MAX));
        Self {
            scopes,
            limit: limit.map(|limit| limit.max(1)),
            items,
            make_body,
            running: 0,
            places: Vec::new(),
            free: Vec::new(),
            woken: if most > FEW { Some(Arc::default()) } else { None },
            started: 0,
            // The iterator may be an endless one.
            values: InOrder::of(least.min(1024)),
        }
    }

    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<Vec<Value<B>>, Failure<B>>> {
        let over = match self.woken.clone() {
            None => self.poll_all(cx)?,
            Some(woken) => self.poll_woken(&woken, cx)?,
        };
        if !over {
            watch();
            return Poll::Pending;
        }
        Poll::Ready(Ok(self.values.take()))
    }

    /// Polls each running item. Returns whether all are over.
    fn poll_all(&mut self, cx: &mut Context<'_>) -> Result<bool, Failure<B>> {
        for at in 0..self.places.len() {
            self.poll_item(at, cx)?;
            // In the place that has become free, which is therefore not polled twice.
            self.fill(cx)?;
        }
        self.fill(cx)?;
        Ok(self.running == 0)
    }

    /// Polls the items that have been woken, in the order in which they were woken. Returns
    /// whether all are over.
    fn poll_woken(&mut self, woken: &Woken, cx: &mut Context<'_>) -> Result<bool, Failure<B>> {
        woken.poll_by(cx.waker());
        // A task that keeps polling items that wake each other lets nothing else run.
        let (mut polls, mut yields) = (self.running.max(1), 2);
        loop {
            self.fill(cx)?;
            if self.running == 0 {
                return Ok(true);
            }
            let Some(at) = woken.next() else { return Ok(false) };
            self.poll_item(at, cx)?;
            polls -= 1;
            let rings_again = |waker: &OwnWaker| waker.has_rung();
            yields -= u32::from(self.places[at].waker.as_ref().is_some_and(rings_again));
            if polls == 0 || yields == 0 {
                cx.waker().wake_by_ref();
                return Ok(false);
            }
        }
    }

    /// Starts items as long as there is room for them, each at once: before any other is polled.
    fn fill(&mut self, cx: &mut Context<'_>) -> Result<(), Failure<B>> {
        let Some(limit) = self.limit else { return self.start_all(cx) };
        while self.running < limit {
            let Some(item) = self.items.next() else {
                // An iterator does not have to return `None` a second time.
                self.limit = Some(0);
                break;
            };
            let at = self.place(item, ItemScopes::now);
            self.poll_item(at, cx)?;
        }
        Ok(())
    }

    /// Starts all items: they are there before the first of them is polled.
    fn start_all(&mut self, cx: &mut Context<'_>) -> Result<(), Failure<B>> {
        self.limit = Some(0);
        while let Some(item) = self.items.next() {
            self.place(item, ItemScopes::since);
        }
        for at in 0..self.places.len() {
            self.poll_item(at, cx)?;
        }
        Ok(())
    }

    /// Creates an item, in a place that is free. Returns the place.
    fn place(&mut self, item: I::Item, since: fn(&ItemScopes) -> u64) -> usize {
        let index = self.started;
        self.started += 1;
        self.running += 1;
        let scope = self.scopes.as_ref().map(|scopes| scopes.item(index, since(scopes)));
        let item = Item { body: (self.make_body)(item), scope };
        let at = self.free.pop().unwrap_or_else(|| {
            let waker = self.woken.as_ref().map(|woken| woken.waker(self.places.len()));
            self.places.push(Place { item: Box::pin(None), index, waker });
            self.places.len() - 1
        });
        self.places[at].index = index;
        self.places[at].item.set(Some(item));
        at
    }

    /// Polls the item in this place, if there is one: an earlier item there may have been woken
    /// late.
    fn poll_item(&mut self, at: usize, cx: &mut Context<'_>) -> Result<(), Failure<B>> {
        let place = &mut self.places[at];
        let Some(item) = place.item.as_mut().as_pin_mut() else { return Ok(()) };
        let polled = match &place.waker {
            None => item.poll(cx),
            Some(own) => {
                own.answered();
                item.poll(&mut Context::from_waker(&own.waker))
            }
        };
        if let Poll::Ready(output) = polled {
            place.item.set(None);
            self.values.put(place.index, output?);
            self.free.push(at);
            self.running -= 1;
        }
        Ok(())
    }
}
