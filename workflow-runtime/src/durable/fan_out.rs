//! A fan-out that finds the records of its items again by what the items are.

// Only generated code names these types.
#![allow(missing_debug_implementations)]

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::vec;

use workflow_journal::StoreFuture;

use crate::durable::identity::{Identity, Noted, Tells, identity_of};
use crate::flow::{Flow, Outcome};
use crate::run::{ItemScopes, Items, Stop, enter_fan_out};
use crate::schedule::FanOutWithin;

/// The future of [`durable_fan_out`].
pub struct DurableFanOut<I, F, B>(State<I, F, B>)
where
    I: IntoIterator,
    B: Future,
    B::Output: Outcome;

enum State<I, F, B>
where
    I: IntoIterator,
    B: Future,
    B::Output: Outcome,
{
    /// No record of the run is kept.
    Direct(FanOutWithin<I::IntoIter, F, B>),
    /// The list of items is being written.
    Writes(Box<Waiting<I::Item, F>>),
    Runs(FanOutWithin<vec::IntoIter<I::Item>, F, B>, Option<Vec<usize>>),
    /// The run cannot continue.
    Over,
}

struct Waiting<T, F> {
    write: StoreFuture<'static, ()>,
    start: Start<T, F>,
}

/// What a fan-out starts with.
struct Start<T, F> {
    scopes: ItemScopes,
    limit: Option<usize>,
    items: Vec<T>,
    /// The place of each item's value in the result, if it differs from the item's own place.
    order: Option<Vec<usize>>,
    make_body: F,
}

/// The items in the order of their places in the record, with these places, and where the value of
/// each item belongs in the result. If only a limited number of items may run at once, those that
/// ran before come first.
fn in_recorded_order<T>(
    items: Vec<T>,
    places: Vec<usize>,
) -> (Vec<T>, Vec<usize>, Option<Vec<usize>>) {
    if places.is_sorted() {
        return (items, places, None);
    }
    let mut all: Vec<_> = places.into_iter().zip(items).enumerate().collect();
    all.sort_by_key(|(_, (place, _))| *place);
    let order = all.iter().map(|(at, _)| *at).collect();
    let (places, items) = all.into_iter().map(|(_, placed)| placed).unzip();
    (items, places, Some(order))
}

/// The values, each at its place in the result.
fn in_order<V>(values: Vec<V>, order: Option<&Vec<usize>>) -> Vec<V> {
    let Some(order) = order else { return values };
    let mut all: Vec<_> = order.iter().zip(values).collect();
    all.sort_by_key(|(at, _)| **at);
    all.into_iter().map(|(_, value)| value).collect()
}

impl<T, F> Start<T, F> {
    fn start<I, B>(self) -> State<I, F, B>
    where
        I: IntoIterator<Item = T>,
        F: FnMut(T) -> B,
        B: Future,
        B::Output: Outcome,
    {
        let Self { scopes, limit, items, order, make_body } = self;
        State::Runs(FanOutWithin::start(Some(scopes), limit, items.into_iter(), make_body), order)
    }
}

/// Runs `make_body` for each of `items`, concurrently, and collects the values in the items' order.
/// If a record of the run is kept, all items are collected first, and the identity of each item is
/// recorded before any of them starts.
pub fn durable_fan_out<R, I, F, B, V, E, Way>(
    node: usize,
    limit: Option<usize>,
    items: I,
    noted: Noted<E, Way>,
    make_body: F,
) -> DurableFanOut<I, F, B>
where
    R: Flow,
    I: IntoIterator,
    F: FnMut(I::Item) -> B,
    B: Future<Output = R::With<V>>,
    Way: Tells<I::Item>,
{
    let items = items.into_iter();
    let scopes = match enter_fan_out(node, &items) {
        Some(scopes) if scopes.fan_out().0.is_recorded() => scopes,
        scopes => {
            return DurableFanOut(State::Direct(FanOutWithin::start(
                scopes, limit, items, make_body,
            )));
        }
    };
    let items: Vec<I::Item> = items.collect();
    let identities: Vec<Option<Identity>> =
        items.iter().map(|item| identity_of(noted, item)).collect();
    let (scope, node) = scopes.fan_out();
    let Items { places, write, replays_only } = scope.items(node, &identities);
    let limit = limit.filter(|_| !replays_only);
    let (items, places, order) = in_recorded_order(items, places);
    let start = Start { scopes: scopes.placed(places), limit, items, order, make_body };
    DurableFanOut(match write {
        None => start.start(),
        Some(write) => State::Writes(Box::new(Waiting { write, start })),
    })
}

// The items are pinned where they are.
impl<I, F, B> Unpin for DurableFanOut<I, F, B>
where
    I: IntoIterator,
    B: Future,
    B::Output: Outcome,
{
}

impl<I, F, B> Future for DurableFanOut<I, F, B>
where
    I: IntoIterator,
    F: FnMut(I::Item) -> B,
    B: Future,
    B::Output: Outcome,
{
    type Output = Result<Vec<<B::Output as Outcome>::Value>, <B::Output as Outcome>::Failure>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let State::Writes(waiting) = &mut self.0 {
            let written = ready!(waiting.write.as_mut().poll(cx));
            let State::Writes(waiting) = std::mem::replace(&mut self.0, State::Over) else {
                unreachable!("it has just been so")
            };
            match written {
                Ok(()) => self.0 = waiting.start.start(),
                Err(error) => {
                    let (scope, node) = waiting.start.scopes.fan_out();
                    scope.stop_at(node, Stop::Store(error));
                }
            }
        }
        match &mut self.0 {
            State::Direct(items) => Pin::new(items).poll(cx),
            State::Runs(items, order) => {
                let values = ready!(Pin::new(items).poll(cx))?;
                Poll::Ready(Ok(in_order(values, order.as_ref())))
            }
            State::Writes(_) | State::Over => Poll::Pending,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_run_in_the_order_in_which_they_ran_before() {
        let (items, places, order) = in_recorded_order(vec!["c", "a", "b"], vec![2, 0, 1]);
        assert_eq!((items, places), (vec!["a", "b", "c"], vec![0, 1, 2]));
        assert_eq!(in_order(vec!["A", "B", "C"], order.as_ref()), ["C", "A", "B"]);
        let (items, _, order) = in_recorded_order(vec!["a", "b"], vec![0, 1]);
        assert_eq!((items, order), (vec!["a", "b"], None));
    }
}
