//! One body for each of many items, concurrently.

use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::sync::Arc;

use pin_project_lite::pin_project;

use crate::budget::settled;
use crate::flow::{Flow, Outcome};
use crate::run::{Entered, ItemScopes, Scope, enter_fan_out};
use crate::schedule::all_at_once::AllAtOnce;
use crate::schedule::branch::Branch;
use crate::schedule::window::Window;

pin_project! {
    /// The body of one item.
    pub(super) struct Item<B> {
        #[pin]
        pub(super) body: B,
        // Declared after the body, so that what the body drops is reported first.
        pub(super) scope: Option<Arc<Scope>>,
    }
}

/// The value of an item.
pub(super) type Value<B> = <<B as Future>::Output as Outcome>::Value;
/// What its failure carries.
pub(super) type Failure<B> = <<B as Future>::Output as Outcome>::Failure;

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

/// The items of a fan-out.
enum Items<I, F, B>
where
    B: Future,
    B::Output: Outcome,
{
    /// All at once, with no run to observe them.
    Plain(AllAtOnce<B>),
    /// In a run. Boxed, so that a call without a run takes no space for it.
    Seen(Box<Window<I, F, B>>),
}

/// The future of [`fan_out`].
pub struct FanOut<I, F, B>(Items<I, F, B>)
where
    B: Future,
    B::Output: Outcome;

/// Runs `make_body` for each of `items`, concurrently, and collects the values in the
/// items' order.
#[inline]
pub fn fan_out<R, I, F, B, T>(node: usize, items: I, make_body: F) -> FanOut<I::IntoIter, F, B>
where
    R: Flow,
    I: IntoIterator,
    F: FnMut(I::Item) -> B,
    B: Future<Output = R::With<T>>,
{
    let items = items.into_iter();
    FanOut(match enter_fan_out(node, &items) {
        None => Items::Plain(AllAtOnce::new(items.map(make_body))),
        Some(scopes) => Items::Seen(Box::new(Window::new(Some(scopes), None, items, make_body))),
    })
}

/// The same with at most `limit` items at once (0 counts as 1): the iterator is not asked for the
/// next item before there is room for it.
#[inline]
pub fn fan_out_within<R, I, F, B, T>(
    node: usize,
    limit: usize,
    items: I,
    make_body: F,
) -> FanOutWithin<I::IntoIter, F, B>
where
    R: Flow,
    I: IntoIterator,
    F: FnMut(I::Item) -> B,
    B: Future<Output = R::With<T>>,
{
    let items = items.into_iter();
    FanOutWithin::start(enter_fan_out(node, &items), Some(limit), items, make_body)
}

/// The future of [`fan_out_within`].
pub struct FanOutWithin<I, F, B>(Box<Window<I, F, B>>)
where
    B: Future,
    B::Output: Outcome;

impl<I, F, B> FanOutWithin<I, F, B>
where
    I: Iterator,
    F: FnMut(I::Item) -> B,
    B: Future,
    B::Output: Outcome,
{
    /// The items in these scopes, if there are any.
    pub(crate) fn start(
        scopes: Option<ItemScopes>,
        limit: Option<usize>,
        items: I,
        make_body: F,
    ) -> Self {
        Self(Box::new(Window::new(scopes, limit, items, make_body)))
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
        match &mut self.get_mut().0 {
            Items::Plain(all) => all.poll(cx),
            Items::Seen(window) => window.poll(cx),
        }
    }
}

impl<I, F, B> Unpin for FanOutWithin<I, F, B>
where
    B: Future,
    B::Output: Outcome,
{
}

impl<I, F, B> Future for FanOutWithin<I, F, B>
where
    I: Iterator,
    F: FnMut(I::Item) -> B,
    B: Future,
    B::Output: Outcome,
{
    type Output = Result<Vec<Value<B>>, Failure<B>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.get_mut().0.poll(cx)
    }
}

pin_project! {
    /// The future of [`item_call`].
    pub struct ItemCall<R, C> {
        #[pin]
        call: C,
        flow: PhantomData<fn() -> R>,
    }
}

/// An item that is one call of a step.
#[inline]
pub fn item_call<R: Flow, C: Branch<R>>(call: C) -> ItemCall<R, C> {
    ItemCall { call, flow: PhantomData }
}

impl<R: Flow, C: Branch<R>> Future for ItemCall<R, C> {
    type Output = R::With<C::Value>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().call.poll_branch(cx) {
            Poll::Ready(Ok(value)) => Poll::Ready(R::ok(value)),
            Poll::Ready(Err(failure)) => Poll::Ready(R::fail(failure)),
            Poll::Pending => Poll::Pending,
        }
    }
}
