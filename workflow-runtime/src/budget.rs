//! A turn for each of several steps, whatever one of them does with the task's budget.
//!
//! tokio gives a task a budget for each poll: after a number of operations that find their channel,
//! semaphore or timer ready, each further one waits for the next poll. So a step that always
//! finds its channel ready uses up the budget, and in every poll the steps that are polled after
//! it find none left. Here, a step or a branch that waits gives back what it has used up
//! ([`settle`]).
//!
//! Checking the budget after each of them would cost a good part of what a small step costs. So
//! that is done only once the budget has been found used up at the end of a poll ([`watch`]), and
//! it stops once that has not happened for a while. In between, steps look closer, as if there
//! were a run somewhere. If it has never happened, the only cost is an occasional check of the
//! budget when a join, a region or a fan-out has to wait.

use core::cell::Cell;
use core::future::{Future, poll_fn};
use core::pin::pin;
use core::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use core::task::{Context, Poll, Waker};

use tokio::task::LocalSet;
use tokio::task::coop::{RestoreOnPending, has_budget_remaining, poll_proceed};

use crate::run::look_closer;

/// Whether steps give back what they have used up.
static SETTLES: AtomicBool = AtomicBool::new(false);

/// How many polls of steps there have been since the budget was last used up.
static QUIET: AtomicU32 = AtomicU32::new(0);

/// After this many polls, steps stop checking.
const LONG: u32 = 65_536;

thread_local! {
    /// How many more times this thread skips the check.
    static LEFT: Cell<u32> = const { Cell::new(0) };
    /// The seed from which the next such number is drawn.
    static SEED: Cell<u32> = const { Cell::new(1) };
    /// What gives a task a budget when it is dropped.
    static SPARE: Cell<Option<RestoreOnPending>> = const { Cell::new(None) };
}

/// On average, a thread checks once in this many times: a step that starves does so for a few more
/// polls, and all others pay next to nothing.
const SELDOM: u32 = 64;

/// Called after a poll of one of several steps or branches, if it waits.
///
/// One that is done keeps what it has used: if that were given back, a loop around a workflow
/// might never let anything else run.
#[inline]
pub(crate) fn settle() {
    if SETTLES.load(Ordering::Relaxed) {
        give_back();
    }
}

/// The result of a poll, after [`settle`] if it is pending.
#[inline]
pub(crate) fn settled<T>(polled: Poll<T>) -> Poll<T> {
    if polled.is_pending() {
        settle();
    }
    polled
}

#[cold]
#[inline(never)]
fn give_back() {
    if has_budget_remaining() {
        let quiet = QUIET.fetch_add(1, Ordering::Relaxed);
        if quiet >= LONG && SETTLES.swap(false, Ordering::Relaxed) {
            look_closer(false);
        }
        return;
    }
    QUIET.store(0, Ordering::Relaxed);
    let spare = SPARE.take();
    // There is less in it each time, so that now and then even a task whose steps always use up
    // their budgets really ends its poll.
    let next = if spare.is_some() {
        drop(spare);
        all_but_one()
    } else {
        fresh()
    };
    SPARE.set(next);
}

/// What is left of the budget, less one operation.
fn all_but_one() -> Option<RestoreOnPending> {
    let mut cx = Context::from_waker(Waker::noop());
    let Poll::Ready(all) = poll_proceed(&mut cx) else { return None };
    let rest = poll_proceed(&mut cx);
    // When dropped, each restores the budget that there was when it was created.
    drop(all);
    match rest {
        Poll::Ready(rest) => Some(rest),
        Poll::Pending => None,
    }
}

/// The budget of a task that has just begun.
fn fresh() -> Option<RestoreOnPending> {
    let tasks = LocalSet::new();
    drop(tasks.spawn_local(async {
        poll_fn(|cx| match poll_proceed(cx) {
            Poll::Ready(budget) => {
                SPARE.set(Some(budget));
                Poll::Ready(())
            }
            Poll::Pending => Poll::Ready(()),
        })
        .await;
    }));
    let mut cx = Context::from_waker(Waker::noop());
    // Its only task is done after the first poll.
    let _ = pin!(tasks).poll(&mut cx);
    SPARE.take()
}

/// Called where several steps have been polled and some of them wait: checks now and then whether
/// one of them has used up the budget.
#[inline]
pub(crate) fn watch() {
    match LEFT.get() {
        0 => look(),
        left => LEFT.set(left - 1),
    }
}

#[cold]
#[inline(never)]
fn look() {
    LEFT.set(pause());
    if has_budget_remaining() {
        return;
    }
    QUIET.store(0, Ordering::Relaxed);
    if !SETTLES.swap(true, Ordering::Relaxed) {
        look_closer(true);
    }
}

/// How many times the thread skips the check before the next one. The number is random: with a
/// regular one, the thread would always check after the same ones of tasks that are polled in turn.
fn pause() -> u32 {
    // Lehmer's generator, with the factor of `minstd_rand`; the high bits vary most.
    let seed = u32::try_from(u64::from(SEED.get()) * 48_271 % 0x7fff_ffff).unwrap_or(1);
    SEED.set(seed);
    (seed >> 8) % (2 * SELDOM)
}
