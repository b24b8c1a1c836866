//! Which attempt it is, and whether there is another one.

use std::time::Duration;

use tokio::time::{Instant, sleep, sleep_until};

use crate::attempt::limit::{Limit, after};
use crate::attempt::timed_out::{TimedOut, What};
use crate::attempt::{Policy, Verdict};
use crate::run::current_step;

/// The attempts of one call of a step.
#[derive(Debug)]
pub struct Attempts {
    policy: &'static Policy,
    /// The attempt that runs, counted from 1.
    number: u32,
    /// Which limit it has reached.
    late: Option<What>,
    deadline: Option<Instant>,
}

/// Called when a step starts.
#[inline]
pub fn attempts(policy: &'static Policy) -> Attempts {
    let deadline = policy.deadline.map(|duration| after(Instant::now(), duration));
    Attempts { policy, number: 1, late: None, deadline }
}

impl Attempts {
    /// Whether no attempt follows this one.
    #[inline]
    pub fn is_last(&self) -> bool {
        self.number >= self.policy.max_attempts
    }

    /// When the attempt that starts now must be done.
    pub(super) fn limit(&self) -> Option<Limit> {
        Limit::nearest(self.policy, self.deadline)
    }

    /// When the step must be done.
    pub(super) fn deadline(&self) -> Option<Limit> {
        self.deadline.map(|at| Limit::deadline(self.policy, at))
    }

    /// The attempt has reached its limit.
    #[cold]
    pub fn late(&mut self, error: TimedOut) -> TimedOut {
        self.late = Some(error.what());
        if let Some(step) = current_step() {
            step.judged(true);
        }
        error
    }

    /// What follows an attempt with this verdict: the delay before the next one, or
    /// nothing. `text` gives its error as text.
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
        let late = self.late.take();
        // Of what came too late, the error that stands for it knows nothing.
        let Verdict { retryable, after } = match late {
            Some(_) => Verdict { retryable: true, after: None },
            None => verdict,
        };
        let step = current_step();
        if !retryable || self.is_last() || late == Some(What::Step) {
            if let Some(step) = step {
                step.judged(retryable);
            }
            return None;
        }
        let delay = after.unwrap_or_else(|| self.policy.delay(self.number));
        self.number += 1;
        if let Some(step) = step {
            step.retrying(delay, text().unwrap_or_default());
        }
        Some(delay)
    }

    /// Waits before the next attempt, as long as the step's deadline allows.
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

/// Waits before the next attempt of a step without limits.
pub async fn pause(delay: Duration) {
    if !delay.is_zero() {
        sleep(delay).await;
    }
}

/// The step's deadline has come before the next attempt.
pub(super) fn cut_off(deadline: Limit) -> TimedOut {
    if let Some(step) = current_step() {
        step.stays_at_last();
        step.judged(true);
    }
    deadline.timed_out()
}
