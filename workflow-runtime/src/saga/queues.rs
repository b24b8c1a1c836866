//! The compensations of a workflow, a queue for those of each declaration.

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
pub trait UndoLists {
    /// What runs them.
    type UndoQueues: UndoQueues;

    /// Takes everything out of the lists. Each future has the number of its entry.
    #[expect(private_interfaces, reason = "generated code only hands the lists over")]
    fn into_queues(self, entries: &mut Vec<Entry>) -> Self::UndoQueues;
}

/// Several queues.
pub trait UndoQueues {
    /// Starts the compensation with this number.
    fn start(&mut self, entry: usize);

    /// Polls those that run, and gives the numbers of those that are over.
    fn poll(&mut self, cx: &mut Context<'_>, over: &mut Vec<usize>);
}

/// The compensations of one declaration.
pub struct UndoQueue<F> {
    first: usize,
    waiting: Vec<Option<F>>,
    running: FuturesUnordered<Pin<Box<Numbered<F>>>>,
}

impl<F> UndoQueue<F> {
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

impl<F> UndoLists for &Undo<F>
where
    F: Future<Output = Option<Failure>>,
{
    type UndoQueues = UndoQueue<undo::Undoing<F>>;

    #[expect(private_interfaces, reason = "as in the trait")]
    fn into_queues(self, entries: &mut Vec<Entry>) -> Self::UndoQueues {
        UndoQueue::new(self.node, self.take(), entries)
    }
}

impl<S: Step> UndoLists for &Children<S> {
    type UndoQueues = UndoQueue<children::Undoing<S>>;

    #[expect(private_interfaces, reason = "as in the trait")]
    fn into_queues(self, entries: &mut Vec<Entry>) -> Self::UndoQueues {
        UndoQueue::new(self.node, self.take(), entries)
    }
}

impl<L: UndoLists, M: UndoLists> UndoLists for (L, M) {
    type UndoQueues = (L::UndoQueues, M::UndoQueues);

    #[expect(private_interfaces, reason = "as in the trait")]
    fn into_queues(self, entries: &mut Vec<Entry>) -> Self::UndoQueues {
        (self.0.into_queues(entries), self.1.into_queues(entries))
    }
}

impl UndoLists for () {
    type UndoQueues = ();

    #[expect(private_interfaces, reason = "as in the trait")]
    fn into_queues(self, _: &mut Vec<Entry>) {}
}

impl<F: Future<Output = ()>> UndoQueues for UndoQueue<F> {
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

impl<L: UndoQueues, M: UndoQueues> UndoQueues for (L, M) {
    fn start(&mut self, entry: usize) {
        self.0.start(entry);
        self.1.start(entry);
    }

    fn poll(&mut self, cx: &mut Context<'_>, over: &mut Vec<usize>) {
        self.0.poll(cx, over);
        self.1.poll(cx, over);
    }
}

impl UndoQueues for () {
    fn start(&mut self, _: usize) {}

    fn poll(&mut self, _: &mut Context<'_>, _: &mut Vec<usize>) {}
}
