//! A fan-out whose items keep their records by what they are.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::vec;

use workflow_journal::StoreFuture;

use crate::durable::{Identity, Items};
use crate::flow::{Flow, Outcome};
use crate::run::{Scope, enter_fan_out};
use crate::schedule::FanOut;

/// The future of [`durable_fan_out`].
pub struct DurableFanOut<R, I, F, B>(State<R, I, F, B>)
where
    I: IntoIterator,
    B: Future,
    B::Output: Outcome;

enum State<R, I, F, B>
where
    I: IntoIterator,
    B: Future,
    B::Output: Outcome,
{
    /// No record is kept of the run.
    Direct(FanOut<I::IntoIter, F, B>),
    /// Which items there are is being written.
    Writes(Box<Waiting<R, I::Item, F>>),
    Runs(FanOut<vec::IntoIter<I::Item>, F, B>),
    /// The run cannot go on.
    Over,
}

struct Waiting<R, T, F> {
    write: StoreFuture<'static, ()>,
    start: Start<R, T, F>,
}

/// What a fan-out starts with.
struct Start<R, T, F> {
    scope: Arc<Scope>,
    node: usize,
    limit: Option<usize>,
    items: Vec<T>,
    places: Vec<usize>,
    make_body: F,
    flow: std::marker::PhantomData<fn() -> R>,
}

impl<R, T, F> Start<R, T, F> {
    fn start<B>(self) -> FanOut<vec::IntoIter<T>, F, B>
    where
        F: FnMut(T) -> B,
        B: Future,
        B::Output: Outcome,
    {
        let Self { scope, node, limit, items, places, make_body, .. } = self;
        FanOut::start(Some(scope), node, limit, items.into_iter(), Some(places), make_body)
    }
}

/// Runs `make_body` for each of `items`, concurrently, and collects the values in the items'
/// order. Where a record is kept of the run, all items are taken first, and what each of them is
/// is written down before any of them starts.
pub fn durable_fan_out<R, I, F, B, V>(
    node: usize,
    limit: Option<usize>,
    items: I,
    identify: impl Fn(&I::Item) -> Option<Identity>,
    make_body: F,
) -> DurableFanOut<R, I, F, B>
where
    R: Flow,
    I: IntoIterator,
    F: FnMut(I::Item) -> B,
    B: Future<Output = R::With<V>>,
{
    let items = items.into_iter();
    let Some(scope) = enter_fan_out(node, &items) else {
        return DurableFanOut(State::Direct(FanOut::start(
            None, node, limit, items, None, make_body,
        )));
    };
    if !scope.is_recorded() {
        let direct = FanOut::start(Some(scope), node, limit, items, None, make_body);
        return DurableFanOut(State::Direct(direct));
    }
    let items: Vec<I::Item> = items.collect();
    let identities: Vec<Option<Identity>> = items.iter().map(identify).collect();
    let Items { places, write } = scope
        .items(node, &identities)
        .unwrap_or_else(|| Items { places: (0..items.len()).collect(), write: None });
    let flow = std::marker::PhantomData;
    let start = Start::<R, _, _> { scope, node, limit, items, places, make_body, flow };
    DurableFanOut(match write {
        None => State::Runs(start.start()),
        Some(write) => State::Writes(Box::new(Waiting { write, start })),
    })
}

// The items are pinned where they are.
impl<R, I, F, B> Unpin for DurableFanOut<R, I, F, B>
where
    I: IntoIterator,
    B: Future,
    B::Output: Outcome,
{
}

impl<R, I, F, B> Future for DurableFanOut<R, I, F, B>
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
                Ok(()) => self.0 = State::Runs(waiting.start.start()),
                Err(error) => waiting.start.scope.stop_at(waiting.start.node, error),
            }
        }
        match &mut self.0 {
            State::Direct(items) => Pin::new(items).poll(cx),
            State::Runs(items) => Pin::new(items).poll(cx),
            State::Writes(_) | State::Over => Poll::Pending,
        }
    }
}
