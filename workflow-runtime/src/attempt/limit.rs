//! The end of the time allowed for an attempt.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::time::{Instant, Timeout, timeout_at};

use crate::attempt::delayed::{Delayed, delayed};
use crate::attempt::timed_out::{TimedOut, What};
use crate::attempt::{Attempts, HasPolicy, Limits, Policy};
use crate::run::begun_before;

/// When an attempt must be done, and why.
#[derive(Debug, Clone, Copy)]
pub struct Limit<'p> {
    pub(super) at: Instant,
    what: What,
    policy: &'p Policy,
}

impl<'p> Limit<'p> {
    /// The nearer of the attempt's own limit and the step's, if there is any.
    pub(super) fn nearest(policy: &'p Policy, deadline: Option<Instant>) -> Option<Self> {
        let timeout = policy.timeout.map(|duration| after(Instant::now(), duration));
        let deadline = deadline.map(|at| Self::deadline(policy, at));
        match (timeout, deadline) {
            (Some(at), Some(deadline)) if deadline.at <= at => Some(deadline),
            (Some(at), _) => Some(Self { at, what: What::Attempt, policy }),
            (None, deadline) => deadline,
        }
    }

    /// A limit that is never reached.
    pub(super) fn none(policy: &'p Policy) -> Self {
        Self { at: after(Instant::now(), Duration::MAX), what: What::Attempt, policy }
    }

    /// The step's own limit.
    pub(super) fn deadline(policy: &'p Policy, at: Instant) -> Self {
        Self { at, what: What::Step, policy }
    }

    /// Whether it was reached before the attempt: in a durable run, in another process.
    pub(super) fn is_over(self) -> bool {
        self.at <= Instant::now() && begun_before() > Duration::ZERO
    }

    /// The error for reaching it.
    pub(super) fn timed_out(self) -> TimedOut {
        let limit = match self.what {
            What::Attempt => self.policy.timeout,
            _ => self.policy.deadline,
        };
        TimedOut::new(self.what, self.policy.name, limit.unwrap_or_default())
    }
}

/// The moment `duration` after `start`; if that is too late to be represented, a moment so late
/// that it is never reached.
pub(super) fn after(start: Instant, duration: Duration) -> Instant {
    const YEARS: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);
    start.checked_add(duration).unwrap_or(start + YEARS)
}

pin_project! {
    /// The future of [`within`].
    pub struct Within<'p, F> {
        #[pin]
        attempt: Timeout<Delayed<F>>,
        limit: Limit<'p>,
        // The time was up before the attempt: in a durable run, in another process.
        over: bool,
    }
}

/// Runs an attempt of a step that has a limit, for as long as it may take.
#[inline]
pub fn within<P, F>(attempts: &Attempts<P, Limits>, attempt: F) -> Within<'_, F>
where
    P: HasPolicy,
    F: Future,
{
    // If the caller has its own limits instead of the step's, there may be none.
    let limit = attempts.limit().unwrap_or_else(|| attempts.no_limit());
    let over = limit.is_over();
    Within { attempt: timeout_at(limit.at, delayed(attempt)), limit, over }
}

impl<F: Future> Future for Within<'_, F> {
    type Output = Result<F::Output, TimedOut>;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let limit = *this.limit;
        if *this.over {
            return Poll::Ready(Err(limit.timed_out()));
        }
        this.attempt.poll(cx).map(|output| output.map_err(|_| limit.timed_out()))
    }
}
