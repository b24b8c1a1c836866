//! A budget of its own for each of several branches.
//!
//! tokio gives a task a budget for each poll: after so many operations that found their channel,
//! semaphore or timer ready, each further one waits for the next poll. So a branch that always
//! finds its channel ready uses up the budget, and those that are polled behind it, in every
//! poll, find none left. [`own_budget`] gives a branch that has used up the budget nothing of what
//! its neighbours need: what there was before it is there again behind it.
//!
//! To do so for each branch in each poll would cost a good part of what a small step costs. So
//! it is only done once the budget has been found used up at the end of a poll ([`watched`]),
//! and no longer once that has not happened for a while. Where it has never happened, all this
//! is one look at the budget where a join, a region or a fan-out has to wait.

use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use core::task::{Context, Poll};

use tokio::task::coop::{RestoreOnPending, has_budget_remaining, poll_proceed};

use crate::run::look_closer;

/// Whether branches get budgets of their own.
static DIVIDED: AtomicBool = AtomicBool::new(false);

/// How often nobody has used up the budget since somebody did.
static QUIET: AtomicU32 = AtomicU32::new(0);

/// After so many polls in which nobody has used up the budget, it is not divided any more.
const LONG: u32 = 4096;

/// Whether branches get budgets of their own at present.
#[inline]
pub(crate) fn is_divided() -> bool {
    DIVIDED.load(Ordering::Relaxed)
}

/// Polls one of several branches that are polled in the same task.
#[inline]
pub(crate) fn own_budget<T>(
    cx: &mut Context<'_>,
    poll: impl FnOnce(&mut Context<'_>) -> Poll<T>,
) -> Poll<T> {
    let before = if is_divided() { remember(cx) } else { None };
    let polled = poll(cx);
    if let Some(before) = before {
        settle(before, polled.is_pending());
    }
    polled
}

/// What is left of the budget, or nearly: what a branch uses up can be given back but for one
/// operation, so that even a task of such branches ends its poll some time.
#[cold]
#[inline(never)]
fn remember(cx: &mut Context<'_>) -> Option<RestoreOnPending> {
    if !has_budget_remaining() {
        return None;
    }
    let Poll::Ready(all) = poll_proceed(cx) else { return None };
    // Dropped, each gives back what there was when it was made.
    let all_but_one = poll_proceed(cx);
    drop(all);
    match all_but_one {
        Poll::Ready(all_but_one) => Some(all_but_one),
        Poll::Pending => None,
    }
}

#[cold]
#[inline(never)]
fn settle(before: RestoreOnPending, waits: bool) {
    // One that is done has not taken its neighbours' turn for good. And if it were given back
    // what it has used, a loop around a workflow might never let anything else run.
    if waits && !has_budget_remaining() {
        QUIET.store(0, Ordering::Relaxed);
        drop(before);
    } else {
        before.made_progress();
    }
}

/// Looks, where several branches have been polled and some of them wait, whether one has used
/// up the budget.
#[inline]
pub(crate) fn watched<T>(polled: Poll<T>) -> Poll<T> {
    if polled.is_pending() && (is_divided() || !has_budget_remaining()) {
        look();
    }
    polled
}

#[cold]
#[inline(never)]
fn look() {
    if !has_budget_remaining() {
        QUIET.store(0, Ordering::Relaxed);
        if !DIVIDED.swap(true, Ordering::Relaxed) {
            look_closer(true);
        }
    } else if QUIET.fetch_add(1, Ordering::Relaxed) == LONG
        && DIVIDED.swap(false, Ordering::Relaxed)
    {
        look_closer(false);
    }
}
