//! Steps whose order is not a nesting of sequence and join.
//!
//! Each branch of a region starts when the last branch that it needs is done. A
//! [`Tracker`] counts what each still needs; the generated closure starts and polls
//! them, one `match` arm a branch. It allocates nothing and wakes nothing: a branch
//! that becomes ready starts in the same poll, before any other branch is polled. So
//! the order in which branches start follows from the order in which they complete.

use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll};

use crate::budget::{settled, watch};
use crate::flow::{Flow, Outcome};
use crate::step::{Step, poll_step};

/// Which branches of a region wait, run and are done. `W` is the number of words that
/// hold a bit for each of the `N` branches.
#[derive(Debug)]
pub struct Tracker<const N: usize, const W: usize> {
    /// How many branches each still needs.
    needs: [u16; N],
    /// The branches to start next, first come first served.
    queue: [u16; N],
    queue_start: usize,
    queue_end: usize,
    queued: [u64; W],
    running: [u64; W],
    /// The running branches that this poll has not reached yet.
    unpolled: [u64; W],
    left: usize,
}

impl<const N: usize, const W: usize> Tracker<N, W> {
    /// A region whose branches each need this many others.
    #[must_use]
    pub fn new(needs: [u16; N]) -> Self {
        let mut tracker = Self {
            needs,
            queue: [0; N],
            queue_start: 0,
            queue_end: 0,
            queued: [0; W],
            running: [0; W],
            unpolled: [0; W],
            left: N,
        };
        for (branch, needs) in needs.into_iter().enumerate() {
            if needs == 0 {
                tracker.enqueue(branch);
            }
        }
        tracker
    }

    /// The branch to poll next, and whether it has to be started first.
    #[inline]
    pub fn next_branch(&mut self) -> Option<(usize, bool)> {
        if self.queue_start != self.queue_end {
            let branch = usize::from(self.queue[self.queue_start % N]);
            self.queue_start += 1;
            let (word, bit) = position(branch);
            self.queued[word] &= !bit;
            let starts = self.running[word] & bit == 0;
            self.running[word] |= bit;
            return Some((branch, starts));
        }
        for (word, unpolled) in self.unpolled.iter_mut().enumerate() {
            if *unpolled != 0 {
                let branch = word * 64 + unpolled.trailing_zeros() as usize;
                *unpolled &= *unpolled - 1;
                return Some((branch, false));
            }
        }
        None
    }

    /// `branch` is done: those that needed it need one less, and those that look at its
    /// value while they run are polled again.
    #[inline(never)]
    pub fn done(&mut self, branch: usize, needed_by: &[u16], watched_by: &[u16]) {
        let (word, bit) = position(branch);
        self.running[word] &= !bit;
        self.unpolled[word] &= !bit;
        self.left -= 1;
        for &other in needed_by {
            let other = usize::from(other);
            self.needs[other] -= 1;
            if self.needs[other] == 0 {
                self.enqueue(other);
            }
        }
        for &other in watched_by {
            let other = usize::from(other);
            let (word, bit) = position(other);
            if self.running[word] & bit != 0 {
                self.enqueue(other);
            }
        }
    }

    /// A poll of the whole region begins.
    #[inline]
    pub(super) fn begin(&mut self) {
        self.unpolled = self.running;
    }

    /// How many branches are not over.
    pub(super) fn left(&self) -> usize {
        self.left
    }

    #[inline]
    fn enqueue(&mut self, branch: usize) {
        let (word, bit) = position(branch);
        if self.queued[word] & bit == 0 {
            self.queued[word] |= bit;
            self.queue[self.queue_end % N] = u16::try_from(branch).expect("N is at most 65,536");
            self.queue_end += 1;
        }
    }
}

#[inline]
fn position(branch: usize) -> (usize, u64) {
    (branch / 64, 1 << (branch % 64))
}

/// The future of [`region`].
#[derive(Debug)]
pub struct Region<R, F, const N: usize, const W: usize> {
    tracker: Tracker<N, W>,
    poll_branches: F,
    flow: PhantomData<fn() -> R>,
}

/// Runs a region. `poll_branches` starts and polls whatever the tracker names, until it
/// names nothing more.
#[inline]
pub fn region<R, F, const N: usize, const W: usize>(
    needs: [u16; N],
    poll_branches: F,
) -> Region<R, F, N, W>
where
    R: Flow,
    F: FnMut(&mut Tracker<N, W>, &mut Context<'_>) -> R::With<()> + Unpin,
{
    Region { tracker: Tracker::new(needs), poll_branches, flow: PhantomData }
}

impl<R, F, const N: usize, const W: usize> Future for Region<R, F, N, W>
where
    R: Flow,
    F: FnMut(&mut Tracker<N, W>, &mut Context<'_>) -> R::With<()> + Unpin,
{
    type Output = Result<(), R::Failure>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        this.tracker.begin();
        match (this.poll_branches)(&mut this.tracker, cx).split() {
            Ok(()) if this.tracker.left > 0 => {
                watch();
                Poll::Pending
            }
            outcome => Poll::Ready(outcome),
        }
    }
}

// The functions below are not inlined: there is one of each for all calls of the same
// step, however many branches there are. A large region is limited by how much code it
// runs through, with each piece of it running once.

/// Starts a branch that is one call of a step.
#[inline(never)]
pub fn start_call<S: Step>(branch: &mut Pin<&mut Option<S>>, call: S) {
    branch.set(Some(call));
}

/// Polls a branch that is one call of a step, and drops it when it is done.
#[inline(never)]
pub fn poll_call<S: Step>(
    node: usize,
    branch: &mut Pin<&mut Option<S>>,
    cx: &mut Context<'_>,
) -> Poll<S::Output> {
    let call = branch.as_mut().as_pin_mut().expect("the branch has been started");
    let output = core::task::ready!(poll_step(node, call, cx));
    branch.set(None);
    Poll::Ready(output)
}

/// Polls a branch of several declarations, and drops it when it is done.
#[inline]
pub fn poll_block<F: Future>(
    branch: &mut Pin<&mut Option<F>>,
    cx: &mut Context<'_>,
) -> Poll<F::Output> {
    let block = branch.as_mut().as_pin_mut().expect("the branch has been started");
    let output = core::task::ready!(settled(block.poll(cx)));
    branch.set(None);
    Poll::Ready(output)
}
