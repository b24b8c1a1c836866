//! Which attempt it is, and whether another one follows.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep, sleep_until};

use crate::attempt::caller;
use crate::attempt::limit::{Limit, after};
use crate::attempt::timed_out::{TimedOut, What};
use crate::attempt::{HasPolicy, Retry};
use crate::run::{begun_before, current_attempt, current_delay, current_step};
use crate::step::Verdict;

/// The attempts of one call of a step. A policy that is known at compile time is a closure around a
/// constant, so that it takes no space in the step's future.
#[derive(Debug)]
pub struct Attempts<P, L> {
    policy: P,
    /// The attempt that is running, counted from 1.
    number: u32,
    limits: L,
}

/// The limits of a step that has any.
#[derive(Debug)]
pub struct Limits {
    /// Which limit the attempt has reached.
    late: Option<What>,
    deadline: Option<Instant>,
}

/// What [`Attempts`] knows about the step's limits.
pub trait Limited {
    /// Whether an attempt applies a run's delay itself: then the delay counts towards the attempt's
    /// time.
    const DELAYS_ITSELF: bool;

    /// Takes the limit that the attempt has reached.
    fn take_late(&mut self) -> Option<What>;

    /// How long to wait before the next attempt after a backoff of `delay`.
    fn wait(&self, delay: Duration) -> Duration {
        let own = if Self::DELAYS_ITSELF { None } else { current_delay() };
        delay.saturating_add(own.unwrap_or_default())
    }
}

impl Limited for Limits {
    const DELAYS_ITSELF: bool = true;

    fn take_late(&mut self) -> Option<What> {
        self.late.take()
    }
}

/// A step without limits.
impl Limited for () {
    const DELAYS_ITSELF: bool = false;

    #[inline]
    fn take_late(&mut self) -> Option<What> {
        None
    }
}

/// Called when a step without limits starts.
#[inline]
pub fn attempts<P: HasPolicy>(policy: P) -> Attempts<P, ()> {
    match caller::said() {
        None => Attempts { policy, number: current_attempt(), limits: () },
        Some(_) => {
            caller::answer_policy(policy.policy(), None);
            Attempts { policy, number: OF_CALLER, limits: () }
        }
    }
}

/// The number of an attempt whose caller decides what follows it. It is a number, so that it takes
/// no space in all the steps whose callers leave that to them.
const OF_CALLER: u32 = u32::MAX;

/// [`OF_CALLER`], if the caller bounds the attempt as well.
const BOUNDED_BY_CALLER: u32 = u32::MAX - 1;

/// Called when a step with limits starts.
#[inline]
pub fn limited<P: HasPolicy>(policy: P) -> Attempts<P, Limits> {
    let said = caller::said();
    let deadline = match (policy.policy().deadline, said) {
        (None, _) => None,
        (Some(_), Some(said)) if said.bounds_all => None,
        (Some(duration), said) => {
            let begun = said.map_or_else(Instant::now, |said| said.begun);
            Some(after(begun, left(duration)))
        }
    };
    let number = match said {
        None => current_attempt(),
        Some(said) => {
            caller::answer_policy(policy.policy(), deadline);
            if said.bounds_attempt { BOUNDED_BY_CALLER } else { OF_CALLER }
        }
    };
    Attempts { policy, number, limits: Limits { late: None, deadline } }
}

/// What is left of a limit, a part of which a durable run may have used in another process.
pub(super) fn left(limit: Duration) -> Duration {
    limit.saturating_sub(begun_before())
}

impl<P: HasPolicy, L: Limited> Attempts<P, L> {
    /// Whether no attempt follows this one.
    #[inline]
    pub fn is_last(&self) -> bool {
        self.number >= self.policy.policy().attempts()
    }

    /// What follows an attempt with this verdict: the delay before the next attempt, or `None`.
    /// `text` returns its error as text.
    #[inline]
    pub fn after(
        &mut self,
        verdict: Option<Verdict>,
        text: impl FnOnce() -> Option<String>,
    ) -> Option<Duration> {
        verdict.and_then(|verdict| self.after_failure(verdict, text))
    }

    #[cold]
    #[inline(never)]
    fn after_failure(
        &mut self,
        verdict: Verdict,
        text: impl FnOnce() -> Option<String>,
    ) -> Option<Duration> {
        let late = self.limits.take_late();
        let (number, policy) = (self.number, self.policy.policy());
        if number >= BOUNDED_BY_CALLER {
            caller::answer(|heard| heard.judged = Some((verdict, late)));
            return None;
        }
        let delay = next_delay(&policy.retry, number, late, verdict, text)?;
        self.number += 1;
        Some(self.limits.wait(delay))
    }
}

/// The delay before the attempt that follows the one with this number, if any does. Reports it to
/// the run.
#[cold]
#[inline(never)]
pub(super) fn next_delay(
    retry: &Retry,
    number: u32,
    late: Option<What>,
    verdict: Verdict,
    text: impl FnOnce() -> Option<String>,
) -> Option<Duration> {
    // If the attempt was late, the error that represents it knows nothing about the attempt.
    let Verdict { retryable, after } = match late {
        Some(_) => Verdict { retryable: true, after: None },
        None => verdict,
    };
    let step = current_step();
    if !retryable || number >= retry.max_attempts || late == Some(What::Step) {
        if let Some(step) = step {
            step.judged(retryable);
        }
        return None;
    }
    let delay = after.unwrap_or_else(|| retry.delay(number));
    if let Some(step) = step {
        step.retrying(delay, text().unwrap_or_default());
    }
    Some(delay)
}

impl<P: HasPolicy> Attempts<P, Limits> {
    /// When the attempt that starts now must be done.
    pub(super) fn limit(&self) -> Option<Limit<'_>> {
        let policy = self.policy.policy();
        match self.number {
            BOUNDED_BY_CALLER => self.limits.deadline.map(|at| Limit::deadline(policy, at)),
            _ => Limit::nearest(policy, self.limits.deadline),
        }
    }

    /// A limit that is never reached.
    #[cold]
    pub(super) fn no_limit(&self) -> Limit<'_> {
        Limit::none(self.policy.policy())
    }

    /// When the step must be done.
    pub(super) fn deadline(&self) -> Option<Limit<'_>> {
        self.limits.deadline.map(|at| Limit::deadline(self.policy.policy(), at))
    }

    /// The attempt has reached its limit.
    #[cold]
    pub fn late(&mut self, error: TimedOut) -> TimedOut {
        self.limits.late = Some(error.what());
        if self.number >= BOUNDED_BY_CALLER {
            let verdict = Verdict { retryable: true, after: None };
            caller::answer(|heard| heard.judged = Some((verdict, Some(error.what()))));
        }
        if let Some(step) = current_step() {
            step.judged(true);
        }
        error
    }

    /// Waits before the next attempt, for as long as the step's deadline allows.
    pub async fn pause(&self, delay: Duration) -> Result<(), TimedOut> {
        match self.deadline() {
            Some(deadline) if deadline.at <= after(Instant::now(), delay) => {
                sleep_until(deadline.at).await;
                Err(cut_off(deadline))
            }
            _ => {
                pause(delay).await;
                Ok(())
            }
        }
    }
}

/// The future of [`pause`]. Its timer is in a box, since it is many times as large as a step that
/// needs none.
#[derive(Debug)]
pub struct Pause(Option<Pin<Box<Sleep>>>);

/// Waits before the next attempt.
#[cold]
#[inline(never)]
pub fn pause(delay: Duration) -> Pause {
    Pause((!delay.is_zero()).then(|| Box::pin(sleep(delay))))
}

impl Future for Pause {
    type Output = ();

    #[cold]
    #[inline(never)]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.0.as_mut().map_or(Poll::Ready(()), |timer| timer.as_mut().poll(cx))
    }
}

/// Out of line, like everything that a step without an error never reaches: what is left of it is
/// small enough to be inlined into the workflow.
impl Drop for Pause {
    #[cold]
    #[inline(never)]
    fn drop(&mut self) {
        self.0 = None;
    }
}

/// The step's deadline comes before the next attempt.
pub(super) fn cut_off(deadline: Limit<'_>) -> TimedOut {
    if let Some(step) = current_step() {
        step.stays_at_last();
        step.judged(true);
    }
    deadline.timed_out()
}
