//! How many attempts, how soon, and for how long.

// Only generated code makes one.
#![allow(clippy::return_self_not_must_use)]

use std::time::Duration;

use crate::attempt::retry::{Backoff, Retry};
use crate::duration;

/// The options of one step: a constant, or a value that is created when the step is called.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    pub(super) name: &'static str,
    pub(super) retry: Retry,
    pub(super) timeout: Option<Duration>,
    pub(super) deadline: Option<Duration>,
}

/// Where the attempts of a step find its policy.
pub trait HasPolicy {
    /// The policy.
    fn policy(&self) -> &Policy;
}

/// A closure around a constant takes no space in the step's future.
impl<F: Fn() -> &'static Policy> HasPolicy for F {
    #[inline]
    fn policy(&self) -> &Policy {
        self()
    }
}

impl HasPolicy for Policy {
    #[inline]
    fn policy(&self) -> &Policy {
        self
    }
}

/// A single attempt of the step `name`, without limits. Durations are in milliseconds.
pub const fn policy(name: &'static str) -> Policy {
    let retry = Retry { max_attempts: 1, backoff: Backoff::None, jitter: false };
    Policy { name, retry, timeout: None, deadline: None }
}

impl Policy {
    /// Everything that is specified about retries, as one value.
    pub const fn retry(self, retry: Retry) -> Self {
        Self { retry, ..self }
    }

    const fn with_backoff(self, backoff: Backoff) -> Self {
        Self { retry: Retry { backoff, ..self.retry }, ..self }
    }

    /// At most this many attempts.
    #[track_caller]
    pub const fn max_attempts(self, max_attempts: u32) -> Self {
        let Retry { max_attempts, .. } = Retry::attempts(max_attempts);
        Self { retry: Retry { max_attempts, ..self.retry }, ..self }
    }

    /// The same delay each time.
    pub const fn constant(self, delay: u64) -> Self {
        self.with_backoff(Backoff::Constant { delay })
    }

    /// Each delay is `factor` times the one before.
    #[track_caller]
    pub const fn exponential(self, first: u64, factor: f32) -> Self {
        assert!(factor >= 1.0 && factor <= f32::MAX, "`factor` is a number that is at least 1");
        self.with_backoff(Backoff::Exponential { first, factor, max: None })
    }

    /// No delay is longer than this.
    #[track_caller]
    pub const fn at_most(self, max: u64) -> Self {
        match self.retry.backoff {
            Backoff::Exponential { first, factor, .. } => {
                assert!(first <= max, "the longest delay is shorter than the first one");
                self.with_backoff(Backoff::Exponential { first, factor, max: Some(max) })
            }
            Backoff::None | Backoff::Constant { .. } => self,
        }
    }

    /// Adds a random fraction of each delay to it.
    pub const fn jitter(self) -> Self {
        Self { retry: self.retry.jitter(), ..self }
    }

    /// The limit of one attempt.
    pub const fn timeout(self, millis: u64) -> Self {
        self.timeout_after(Duration::from_millis(millis))
    }

    /// The limit of one attempt.
    pub const fn timeout_after(self, timeout: Duration) -> Self {
        Self { timeout: Some(timeout), ..self }
    }

    /// The limit of all attempts and the waits between them.
    pub const fn deadline(self, millis: u64) -> Self {
        self.deadline_after(Duration::from_millis(millis))
    }

    /// The limit of all attempts and the waits between them.
    pub const fn deadline_after(self, deadline: Duration) -> Self {
        Self { deadline: Some(deadline), ..self }
    }

    /// The maximum number of attempts.
    pub const fn attempts(&self) -> u32 {
        self.retry.max_attempts
    }

    /// Whether all attempts together have a limit.
    pub const fn has_deadline(&self) -> bool {
        self.deadline.is_some()
    }
}

/// A delay in milliseconds.
pub const fn millis(delay: Duration) -> u64 {
    duration::millis(delay)
}

/// A time limit that is a constant. A constant of zero can only be a mistake; a computed limit may
/// well be zero, if no time is left.
#[track_caller]
pub const fn some_time(limit: Duration) -> Duration {
    assert!(!limit.is_zero(), "a limit of time cannot be zero: for no limit leave the option out");
    limit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delays(policy: Policy) -> Vec<u128> {
        (1..=6).map(|attempt| policy.retry.delay(attempt).as_millis()).collect()
    }

    #[test]
    fn delays_are_exact() {
        assert_eq!(delays(policy("")), [0; 6]);
        assert_eq!(delays(policy("").constant(1)), [1; 6]);
        assert_eq!(delays(policy("").exponential(100, 2.0)), [100, 200, 400, 800, 1600, 3200]);
        assert_eq!(delays(policy("").exponential(100, 1.5)), [100, 150, 225, 338, 506, 759]);
        assert_eq!(delays(policy("").exponential(100, 1.1)), [100, 110, 121, 133, 146, 161]);
        let most = policy("").exponential(100, 3.0).at_most(1000);
        assert_eq!(delays(most), [100, 300, 900, 1000, 1000, 1000]);
        assert_eq!(policy("").exponential(100, 2.0).retry.delay(21).as_millis(), 100 << 20);
    }

    #[test]
    fn no_delay_overflows() {
        let century = 100 * 366 * 24 * 60 * 60 * 1000;
        let last = u32::from(u16::MAX);
        policy("").exponential(century, f32::MAX).jitter().retry.delay(last);
        policy("").constant(century).jitter().retry.delay(1);
        let forever = Retry::attempts(u32::MAX).exponential_delay(Duration::MAX, Duration::MAX);
        forever.factor(f32::MAX).jitter().delay(last);
        Retry::attempts(2).constant_delay(Duration::MAX).jitter().delay(1);
    }

    #[test]
    fn jitter_at_most_doubles_a_delay() {
        for _ in 0..1000 {
            let policy = policy("").exponential(100, 2.0).at_most(300).jitter();
            let delay = policy.retry.delay(3);
            assert!((300..=600).contains(&delay.as_millis()), "{delay:?}");
        }
    }

    #[test]
    fn a_retry_says_what_the_options_say() {
        let shared = |retry: Retry| delays(policy("").retry(retry));
        let by_default = Retry::attempts(9);
        assert_eq!(policy("").retry(by_default).attempts(), 9);
        assert_eq!(shared(by_default), [100, 200, 400, 800, 1600, 3200]);
        assert_eq!(by_default.delay(20).as_millis(), 30_000);
        assert_eq!(shared(by_default.without_delay()), [0; 6]);
        assert_eq!(shared(by_default.constant("1m")), [60_000; 6]);
        assert_eq!(shared(by_default.constant_delay(Duration::from_micros(1))), [1; 6]);
        let growing = by_default.exponential("100ms", "1s").factor(3.0);
        assert_eq!(shared(growing), [100, 300, 900, 1000, 1000, 1000]);
        let second = Duration::from_secs(1);
        let same = by_default.exponential_delay(Duration::from_millis(100), second).factor(3.0);
        assert_eq!(growing, same);
        assert_ne!(growing, growing.jitter());
    }
}
