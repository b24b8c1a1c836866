//! The compensations of a workflow, in one queue per declaration.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::children::{self, Children};
use super::position::ItemPosition;
use super::undo::{self, Undo};
use crate::step::{Failure, Step};

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
    /// Whether the compensation with this number is in one of them.
    fn hold(&self, entry: usize) -> bool;

    /// Polls the compensation with this number, which starts it.
    fn poll(&mut self, entry: usize, cx: &mut Context<'_>) -> Poll<()>;
}

/// The compensations of one declaration.
pub struct UndoQueue<F> {
    first: usize,
    compensations: Vec<State<F>>,
}

/// How far a compensation has progressed.
enum State<F> {
    Waits(F),
    Runs(Pin<Box<F>>),
    Over,
}

impl<F> UndoQueue<F> {
    fn new(node: usize, list: Vec<(ItemPosition, F)>, entries: &mut Vec<Entry>) -> Self {
        let first = entries.len();
        let mut compensations = Vec::new();
        for (position, future) in list {
            entries.push(Entry { node, position });
            compensations.push(State::Waits(future));
        }
        Self { first, compensations }
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
    fn hold(&self, entry: usize) -> bool {
        (self.first..self.first + self.compensations.len()).contains(&entry)
    }

    fn poll(&mut self, entry: usize, cx: &mut Context<'_>) -> Poll<()> {
        let state = &mut self.compensations[entry - self.first];
        let mut future = match std::mem::replace(state, State::Over) {
            State::Waits(future) => Box::pin(future),
            State::Runs(future) => future,
            // It was woken late.
            State::Over => return Poll::Pending,
        };
        let polled = future.as_mut().poll(cx);
        if polled.is_pending() {
            *state = State::Runs(future);
        }
        polled
    }
}

impl<L: UndoQueues, M: UndoQueues> UndoQueues for (L, M) {
    fn hold(&self, entry: usize) -> bool {
        self.0.hold(entry) || self.1.hold(entry)
    }

    fn poll(&mut self, entry: usize, cx: &mut Context<'_>) -> Poll<()> {
        if self.0.hold(entry) { self.0.poll(entry, cx) } else { self.1.poll(entry, cx) }
    }
}

impl UndoQueues for () {
    fn hold(&self, _: usize) -> bool {
        false
    }

    fn poll(&mut self, _: usize, _: &mut Context<'_>) -> Poll<()> {
        unreachable!("each compensation is in a queue")
    }
}
