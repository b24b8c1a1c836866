//! What a person would write for a graph that sequence and join can't express.

use std::future::poll_fn;
use std::sync::OnceLock;
use std::task::Poll;

use crate::step::Failed;

/// An output that is written once, for the branches that wait for it.
///
/// It keeps no waker: a branch must be polled after the branch that fills its
/// slots, in the same pass, which a join in topological order does.
#[derive(Debug, Default)]
pub struct Slot(OnceLock<u64>);

impl Slot {
    /// Fills it. The result is there for a branch to end with.
    pub fn fill(&self, value: u64) -> Result<(), Failed> {
        self.0.set(value).map_err(|_| Failed)
    }

    /// Waits until it is full.
    #[inline]
    pub fn filled(&self) -> impl Future<Output = &u64> {
        poll_fn(|_| self.0.get().map_or(Poll::Pending, Poll::Ready))
    }

    /// The value after the join.
    ///
    /// # Panics
    ///
    /// When it is empty.
    #[must_use]
    pub fn value(&self) -> u64 {
        *self.0.get().expect("the join filled it")
    }
}
