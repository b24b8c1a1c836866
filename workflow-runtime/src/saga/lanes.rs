//! The compensations of a workflow, a lane for those of each declaration.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use pin_project_lite::pin_project;

use super::children::{self, Children};
use super::position::ItemPosition;
use super::undo::{self, Undo};
use crate::step::{Failure, Step};

pin_project! {
    /// A future that remembers which of many it is.
    struct Numbered<F> {
        index: usize,
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for Numbered<F> {
    type Output = (usize, F::Output);

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        this.future.poll(cx).map(|output| (*this.index, output))
    }
}

/// One compensation: that of a node, in one item of each fan-out around it.
pub(super) struct Entry {
    pub(super) node: usize,
    pub(super) position: ItemPosition,
}

/// The lists of all declarations: `(first, (second, … ()))`.
pub trait Lists {
    /// What runs them.
    type Lanes: Lanes;

    /// Takes everything out of the lists. Each future has the number of its entry.
    #[expect(private_interfaces, reason = "generated code only hands the lists over")]
    fn into_lanes(self, entries: &mut Vec<Entry>) -> Self::Lanes;
}

/// Several lanes.
pub trait Lanes {
    /// Starts the compensation with this number.
    fn start(&mut self, entry: usize);

    /// Polls those that run, and gives the numbers of those that are over.
    fn poll(&mut self, cx: &mut Context<'_>, over: &mut Vec<usize>);
}

/// The compensations of one declaration.
pub struct Lane<F> {
    first: usize,
    waiting: Vec<Option<F>>,
    running: FuturesUnordered<Pin<Box<Numbered<F>>>>,
}

impl<F> Lane<F> {
    fn new(node: usize, list: Vec<(ItemPosition, F)>, entries: &mut Vec<Entry>) -> Self {
        let first = entries.len();
        let mut waiting = Vec::new();
        for (position, future) in list {
            entries.push(Entry { node, position });
            waiting.push(Some(future));
        }
        Self { first, waiting, running: FuturesUnordered::new() }
    }
}

impl<F> Lists for &Undo<F>
where
    F: Future<Output = Option<Failure>>,
{
    type Lanes = Lane<undo::Undoing<F>>;

    #[expect(private_interfaces, reason = "as in the trait")]
    fn into_lanes(self, entries: &mut Vec<Entry>) -> Self::Lanes {
        Lane::new(self.node, self.take(), entries)
    }
}

impl<S: Step> Lists for &Children<S> {
    type Lanes = Lane<children::Undoing<S>>;

    #[expect(private_interfaces, reason = "as in the trait")]
    fn into_lanes(self, entries: &mut Vec<Entry>) -> Self::Lanes {
        Lane::new(self.node, self.take(), entries)
    }
}

impl<L: Lists, M: Lists> Lists for (L, M) {
    type Lanes = (L::Lanes, M::Lanes);

    #[expect(private_interfaces, reason = "as in the trait")]
    fn into_lanes(self, entries: &mut Vec<Entry>) -> Self::Lanes {
        (self.0.into_lanes(entries), self.1.into_lanes(entries))
    }
}

impl Lists for () {
    type Lanes = ();

    #[expect(private_interfaces, reason = "as in the trait")]
    fn into_lanes(self, _: &mut Vec<Entry>) {}
}

impl<F: Future<Output = ()>> Lanes for Lane<F> {
    fn start(&mut self, entry: usize) {
        let waiting = entry.checked_sub(self.first).and_then(|at| self.waiting.get_mut(at));
        if let Some(future) = waiting.and_then(Option::take) {
            self.running.push(Box::pin(Numbered { index: entry, future }));
        }
    }

    fn poll(&mut self, cx: &mut Context<'_>, over: &mut Vec<usize>) {
        while let Poll::Ready(Some((entry, ()))) = self.running.poll_next_unpin(cx) {
            over.push(entry);
        }
    }
}

impl<L: Lanes, M: Lanes> Lanes for (L, M) {
    fn start(&mut self, entry: usize) {
        self.0.start(entry);
        self.1.start(entry);
    }

    fn poll(&mut self, cx: &mut Context<'_>, over: &mut Vec<usize>) {
        self.0.poll(cx, over);
        self.1.poll(cx, over);
    }
}

impl Lanes for () {
    fn start(&mut self, _: usize) {}

    fn poll(&mut self, _: &mut Context<'_>, _: &mut Vec<usize>) {}
}
