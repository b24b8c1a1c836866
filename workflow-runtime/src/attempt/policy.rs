//! How often, how fast and how long.

// Only generated code makes one.
#![allow(clippy::return_self_not_must_use)]

use std::time::Duration;

use backon::{BackoffBuilder, ConstantBuilder, ExponentialBuilder};

/// The options of one step, as a constant.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    pub(super) name: &'static str,
    pub(super) max_attempts: u32,
    backoff: Backoff,
    jitter: bool,
    pub(super) timeout: Option<Duration>,
    pub(super) deadline: Option<Duration>,
}

#[derive(Debug, Clone, Copy)]
enum Backoff {
    None,
    Constant { delay: u64 },
    Exponential { first: u64, factor: f32, max: Option<u64> },
}

/// A single attempt of the step `name`, without limits. Durations are in milliseconds.
pub const fn policy(name: &'static str) -> Policy {
    Policy {
        name,
        max_attempts: 1,
        backoff: Backoff::None,
        jitter: false,
        timeout: None,
        deadline: None,
    }
}

impl Policy {
    /// So many attempts at most.
    pub const fn max_attempts(self, max_attempts: u32) -> Self {
        Self { max_attempts, ..self }
    }

    /// The same delay each time.
    pub const fn constant(self, delay: u64) -> Self {
        Self { backoff: Backoff::Constant { delay }, ..self }
    }

    /// Each delay is `factor` times the one before.
    pub const fn exponential(self, first: u64, factor: f32) -> Self {
        Self { backoff: Backoff::Exponential { first, factor, max: None }, ..self }
    }

    /// But no delay is longer than this.
    pub const fn at_most(self, max: u64) -> Self {
        match self.backoff {
            Backoff::Exponential { first, factor, .. } => {
                let backoff = Backoff::Exponential { first, factor, max: Some(max) };
                Self { backoff, ..self }
            }
            Backoff::None | Backoff::Constant { .. } => self,
        }
    }

    /// A random part of each delay comes on top of it.
    pub const fn jitter(self) -> Self {
        Self { jitter: true, ..self }
    }

    /// The limit of one attempt.
    pub const fn timeout(self, millis: u64) -> Self {
        Self { timeout: Some(Duration::from_millis(millis)), ..self }
    }

    /// The limit of all attempts and the waits between them.
    pub const fn deadline(self, millis: u64) -> Self {
        Self { deadline: Some(Duration::from_millis(millis)), ..self }
    }

    /// The wait after the attempt `attempt`, counted from 1.
    ///
    /// The delays are counted anew, so that a step which never fails has nothing to carry
    /// for them.
    pub(super) fn delay(&self, attempt: u32) -> Duration {
        let nth = attempt.saturating_sub(1) as usize;
        let delay = match self.backoff {
            Backoff::None => None,
            Backoff::Constant { delay } => {
                let delays = ConstantBuilder::new().with_delay(scaled(delay)).without_max_times();
                let delays = if self.jitter { delays.with_jitter() } else { delays };
                // All are alike.
                delays.build().next()
            }
            Backoff::Exponential { first, factor, max } => {
                let delays = ExponentialBuilder::new().with_min_delay(scaled(first));
                let delays = delays.with_factor(factor).without_max_times();
                let delays = match max {
                    Some(max) => delays.with_max_delay(scaled(max)),
                    None => delays.without_max_delay(),
                };
                let delays = if self.jitter { delays.with_jitter() } else { delays };
                delays.build().nth(nth)
            }
        };
        delay.map_or(Duration::ZERO, unscaled)
    }
}

/// A millisecond as a second. `backon` multiplies seconds as `f32`, in which whole numbers
/// are exact and tenths are not.
fn scaled(millis: u64) -> Duration {
    Duration::from_secs(millis)
}

/// To whole milliseconds, as fine as the timer is.
fn unscaled(delay: Duration) -> Duration {
    let round = u64::from(delay.subsec_millis() >= 500);
    Duration::from_millis(delay.as_secs().saturating_add(round))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delays(policy: Policy) -> Vec<u128> {
        (1..=6).map(|attempt| policy.delay(attempt).as_millis()).collect()
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
        assert_eq!(policy("").exponential(100, 2.0).delay(21).as_millis(), 100 << 20);
    }

    #[test]
    fn no_delay_overflows() {
        let century = 100 * 366 * 24 * 60 * 60 * 1000;
        policy("").exponential(century, f32::MAX).jitter().delay(u32::from(u16::MAX));
        policy("").constant(century).jitter().delay(1);
    }

    #[test]
    fn jitter_at_most_doubles_a_delay() {
        for _ in 0..1000 {
            let delay = policy("").exponential(100, 2.0).at_most(300).jitter().delay(3);
            assert!((300..=600).contains(&delay.as_millis()), "{delay:?}");
        }
    }
}
