//! How many times a step is tried, and how long it waits in between.

use std::time::Duration;

use backon::{BackoffBuilder, ConstantBuilder, ExponentialBuilder};

use crate::duration::{self, millis};

/// How many times a step is tried, and how long it waits between two attempts: a value that any
/// number of steps can share.
///
/// `#[step(retry = EXPR)]` takes one, and so does `#[retry(EXPR)]` on a declaration in a workflow.
/// It can be created in a `const`, or while the program runs. An invalid value, such as zero
/// attempts, causes a panic; in a `const`, that is a compile error.
///
/// ```
/// use workflow_runtime::{Retry, StepError, step};
///
/// const CALM: Retry = Retry::attempts(5).exponential("100ms", "5s").jitter();
///
/// #[step(retry = CALM, timeout = "10s")]
/// async fn charge(cents: u32) -> Result<u32, StepError> { Ok(cents) }
///
/// #[step(retry = CALM)]
/// async fn refund(cents: u32) -> Result<(), StepError> {
///     # let _ = cents;
///     Ok(())
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// # assert_eq!(charge(5).await.unwrap(), 5);
/// # refund(5).await.unwrap();
/// # }
/// ```
///
/// Here the number comes from the environment, and the policy from an argument of the step:
///
/// ```
/// use std::time::Duration;
/// use workflow_runtime::{Retry, StepError, step};
///
/// struct Settings { retry: Retry, timeout: Duration }
///
/// impl Settings {
///     fn from_env() -> Self {
///         let attempts = std::env::var("ATTEMPTS").ok().and_then(|text| text.parse().ok());
///         let attempts = attempts.filter(|&attempts| attempts > 0).unwrap_or(3);
///         Self {
///             retry: Retry::attempts(attempts).constant("1s"),
///             timeout: Duration::from_secs(10),
///         }
///     }
/// }
///
/// #[step(retry = settings.retry, timeout = settings.timeout)]
/// async fn charge(settings: &Settings, cents: u32) -> Result<u32, StepError> { Ok(cents) }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() { assert_eq!(charge(&Settings::from_env(), 5).await.unwrap(), 5); }
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
#[must_use]
pub struct Retry {
    pub(super) max_attempts: u32,
    pub(super) backoff: Backoff,
    pub(super) jitter: bool,
}

/// The delays between attempts, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Backoff {
    None,
    Constant { delay: u64 },
    Exponential { first: u64, factor: f32, max: Option<u64> },
}

impl Retry {
    /// At most this many attempts, including the first one. Unless set otherwise, the waits are
    /// those of `exponential("100ms", "30s")`.
    ///
    /// # Panics
    ///
    /// If it is 0: the step would never run.
    #[track_caller]
    pub const fn attempts(max_attempts: u32) -> Self {
        assert!(max_attempts > 0, "with 0 attempts the step would never run: the first one counts");
        let backoff = Backoff::Exponential { first: 100, factor: 2.0, max: Some(30_000) };
        Self { max_attempts, backoff, jitter: false }
    }

    /// Does not wait between attempts.
    pub const fn without_delay(self) -> Self {
        Self { backoff: Backoff::None, ..self }
    }

    /// The same wait each time, such as `"1s"`.
    ///
    /// # Panics
    ///
    /// If the text is not a duration from `"1ms"` to `"36500d"`.
    #[track_caller]
    pub const fn constant(self, delay: &str) -> Self {
        Self { backoff: Backoff::Constant { delay: read(delay) }, ..self }
    }

    /// The same wait each time. Waits are in whole milliseconds, rounded up.
    pub const fn constant_delay(self, delay: Duration) -> Self {
        Self { backoff: Backoff::Constant { delay: millis(delay) }, ..self }
    }

    /// A first wait, and then each wait twice as long as the one before it, but none longer than
    /// `max`: `exponential("100ms", "5s")`.
    ///
    /// # Panics
    ///
    /// If either is not a duration from `"1ms"` to `"36500d"`, or if `max` is shorter than `first`.
    #[track_caller]
    pub const fn exponential(self, first: &str, max: &str) -> Self {
        self.growing(read(first), read(max))
    }

    /// The same as [`exponential`](Self::exponential), for durations that are known only while the
    /// program runs. Waits are in whole milliseconds, rounded up.
    ///
    /// # Panics
    ///
    /// If `max` is shorter than `first`.
    #[track_caller]
    pub const fn exponential_delay(self, first: Duration, max: Duration) -> Self {
        self.growing(millis(first), millis(max))
    }

    #[track_caller]
    const fn growing(self, first: u64, max: u64) -> Self {
        assert!(first <= max, "the longest delay is shorter than the first one");
        Self { backoff: Backoff::Exponential { first, factor: 2.0, max: Some(max) }, ..self }
    }

    /// Each wait is this many times as long as the one before it, instead of twice as long. Call it
    /// after `exponential`.
    ///
    /// # Panics
    ///
    /// If the factor is not a number of at least 1, or if the waits do not grow at all.
    #[track_caller]
    pub const fn factor(self, factor: f32) -> Self {
        assert!(factor >= 1.0 && factor <= f32::MAX, "`factor` is a number that is at least 1");
        match self.backoff {
            Backoff::Exponential { first, max, .. } => {
                Self { backoff: Backoff::Exponential { first, factor, max }, ..self }
            }
            Backoff::None | Backoff::Constant { .. } => {
                panic!("`factor` is for delays that grow: write it behind `exponential`")
            }
        }
    }

    /// Adds a random fraction of each wait to it, from nothing to the full wait. So a wait is at
    /// most doubled, and may be longer than the maximum.
    pub const fn jitter(self) -> Self {
        Self { jitter: true, ..self }
    }

    /// The wait after the attempt `attempt`, counted from 1.
    ///
    /// The delays are computed anew each time, so that a step which never fails does not carry any
    /// state for them.
    pub(super) fn delay(&self, attempt: u32) -> Duration {
        let nth = attempt.saturating_sub(1) as usize;
        let delay = match self.backoff {
            Backoff::None => None,
            Backoff::Constant { delay } => {
                let delays = ConstantBuilder::new().with_delay(scaled(delay)).without_max_times();
                let delays = if self.jitter { delays.with_jitter() } else { delays };
                // All delays are the same.
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

#[track_caller]
const fn read(text: &str) -> u64 {
    match duration::parse(text) {
        Some(0) => panic!(
            "a duration cannot be zero: the shortest one is `1ms`, and `without_delay` waits for \
             nothing"
        ),
        Some(millis) => millis,
        None => panic!(
            "this is not a duration: write a whole number and `ms`, `s`, `m`, `h` or `d`, such as \
             `100ms`, up to `36500d`"
        ),
    }
}

/// A millisecond as a second. `backon` multiplies seconds as `f32`, which represents whole numbers
/// exactly but not tenths.
fn scaled(millis: u64) -> Duration {
    Duration::from_secs(millis)
}

/// Rounds to whole milliseconds, the resolution of the timer.
fn unscaled(delay: Duration) -> Duration {
    let round = u64::from(delay.subsec_millis() >= 500);
    Duration::from_millis(delay.as_secs().saturating_add(round))
}
