//! A region whose branches continue when another one has failed.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::sync::atomic::{AtomicBool, Ordering};

use super::Failures;
use crate::budget::{settled, watch};
use crate::flow::{Flow, Outcome};
use crate::run::leaves_out;
use crate::schedule::region::Tracker;

/// A [`Tracker`] that knows which branch is being polled, and whether it has halted.
pub struct FinishingTracker<'f, const N: usize, const W: usize> {
    tracker: Tracker<N, W>,
    /// Nothing new may start.
    closed: &'f AtomicBool,
    needed_by: [&'static [u16]; N],
    watched_by: [&'static [u16]; N],
    polled: usize,
    halted: bool,
}

impl<const N: usize, const W: usize> FinishingTracker<'_, N, W> {
    /// Like [`Tracker::next_branch`]; `None` if the last one has halted. One that may not start
    /// counts as halted.
    pub fn next_branch(&mut self) -> Option<(usize, bool)> {
        if self.halted {
            return None;
        }
        let next = self.tracker.next_branch();
        if let Some((branch, starts)) = next {
            self.polled = branch;
            self.halted = starts && self.closed.load(Ordering::Relaxed);
            if self.halted {
                leaves_out();
            }
        }
        next.filter(|_| !self.halted)
    }

    /// Like [`Tracker::done`].
    pub fn done(&mut self, branch: usize) {
        self.tracker.done(branch, self.needed_by[branch], self.watched_by[branch]);
    }

    /// Like [`Self::done`], where those that needed the branch will never start.
    fn give_up(&mut self, branch: usize) {
        self.tracker.done(branch, &[], self.watched_by[branch]);
    }
}

/// Like [`poll_block`](crate::schedule::poll_block), for a branch that may halt.
pub fn poll_finishing<R: Flow, F: Future, const N: usize, const W: usize>(
    failures: &Failures<R>,
    tracker: &mut FinishingTracker<'_, N, W>,
    branch: &mut Pin<&mut Option<F>>,
    cx: &mut Context<'_>,
) -> Poll<F::Output> {
    let block = branch.as_mut().as_pin_mut().expect("the branch has been started");
    let poll = settled(block.poll(cx));
    tracker.halted = poll.is_pending() && failures.take_halted();
    if poll.is_ready() || tracker.halted {
        branch.set(None);
    }
    poll
}

/// The future of [`finishing_region`]. Its output is whether all branches have values.
pub struct FinishingRegion<'f, R: Flow, F, A, const N: usize, const W: usize> {
    failures: &'f Failures<R>,
    tracker: FinishingTracker<'f, N, W>,
    /// The branches that failed, or that needed one of those.
    given_up: [bool; N],
    poll_branches: F,
    abandon: A,
}

/// Runs a region to its end. `abandon` announces that the values of a branch never come.
pub fn finishing_region<'f, R, F, A, const N: usize, const W: usize>(
    failures: &'f Failures<R>,
    needs: [u16; N],
    needed_by: [&'static [u16]; N],
    watched_by: [&'static [u16]; N],
    poll_branches: F,
    abandon: A,
) -> FinishingRegion<'f, R, F, A, N, W>
where
    R: Flow,
    F: FnMut(&mut FinishingTracker<'f, N, W>, &mut Context<'_>) -> R::With<()> + Unpin,
    A: Fn(usize) + Unpin,
{
    FinishingRegion {
        failures,
        tracker: FinishingTracker {
            tracker: Tracker::new(needs),
            closed: &failures.closed,
            needed_by,
            watched_by,
            polled: 0,
            halted: false,
        },
        given_up: [false; N],
        poll_branches,
        abandon,
    }
}

impl<R: Flow, F, A: Fn(usize), const N: usize, const W: usize> FinishingRegion<'_, R, F, A, N, W> {
    /// The branch has no value, and what needs it will never start.
    fn give_up(&mut self, branch: usize) {
        self.given_up[branch] = true;
        let mut new = vec![branch];
        while let Some(branch) = new.pop() {
            (self.abandon)(branch);
            self.tracker.give_up(branch);
            for &other in self.tracker.needed_by[branch] {
                let other = usize::from(other);
                if !core::mem::replace(&mut self.given_up[other], true) {
                    new.push(other);
                }
            }
        }
    }
}

impl<'f, R, F, A, const N: usize, const W: usize> Future for FinishingRegion<'f, R, F, A, N, W>
where
    R: Flow,
    F: FnMut(&mut FinishingTracker<'f, N, W>, &mut Context<'_>) -> R::With<()> + Unpin,
    A: Fn(usize) + Unpin,
{
    type Output = bool;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<bool> {
        let this = self.get_mut();
        this.tracker.tracker.begin();
        loop {
            match (this.poll_branches)(&mut this.tracker, cx).split() {
                Ok(()) if !this.tracker.halted => break,
                Ok(()) => this.tracker.halted = false,
                Err(failure) => this.failures.keep(failure),
            }
            this.give_up(this.tracker.polled);
        }
        if this.tracker.tracker.left() > 0 {
            watch();
            return Poll::Pending;
        }
        Poll::Ready(!this.given_up.contains(&true))
    }
}
