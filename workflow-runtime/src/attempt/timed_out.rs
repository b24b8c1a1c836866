//! The error for something that took too long.

use core::fmt;
use std::borrow::Cow;
use std::time::Duration;

use crate::Transient;
use crate::duration::Told;

/// A step, a run or the wait for a signal took longer than allowed.
///
/// The error of a step with `timeout` or `deadline`, and that of a workflow under
/// [`Run::deadline`](crate::Run::deadline), is made from it: the error type implements
/// `From<TimedOut>`. With `thiserror`, that is a variant with `#[from]`.
///
/// ```
/// use workflow_runtime::{TimedOut, step};
///
/// #[derive(Debug)]
/// enum PaymentError { Refused, TimedOut(TimedOut) }
///
/// impl From<TimedOut> for PaymentError {
///     fn from(error: TimedOut) -> Self { PaymentError::TimedOut(error) }
/// }
///
/// #[step(timeout = "10s")]
/// async fn charge(cents: u32) -> Result<u32, PaymentError> {
///     if cents == 0 { return Err(PaymentError::Refused) }
///     std::future::pending().await            // the bank never answers
/// }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let Err(PaymentError::TimedOut(error)) = charge(500).await else { panic!() };
/// assert_eq!(error.to_string(), "step `charge` timed out after 10s");
/// assert_eq!(error.step(), "charge");
/// assert_eq!(error.duration().as_secs(), 10);
/// # }
/// ```
///
/// With the feature `durable` it can be recorded: it is [`Serialize`](serde_core::Serialize) and
/// [`Deserialize`](serde_core::Deserialize), and what is read back equals what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "durable", derive(serde::Serialize, serde::Deserialize))]
pub struct TimedOut {
    what: What,
    /// Owned if it was read from a record.
    name: Cow<'static, str>,
    limit: Duration,
}

/// What took too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "durable", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "durable", serde(rename_all = "kebab-case"))]
pub enum What {
    /// One attempt of a step.
    Attempt,
    /// All attempts of a step.
    Step,
    /// A run.
    Run,
    /// The wait for a signal.
    #[cfg(feature = "durable")]
    Signal,
}

impl TimedOut {
    pub(crate) fn new(what: What, name: &'static str, limit: Duration) -> Self {
        Self { what, name: Cow::Borrowed(name), limit }
    }

    /// The signal of this name was not sent in time.
    #[cfg(feature = "durable")]
    pub(crate) fn of_signal(name: String, limit: Duration) -> Self {
        Self { what: What::Signal, name: Cow::Owned(name), limit }
    }

    pub(crate) fn what(&self) -> What {
        self.what
    }

    /// The function of the step that took too long; for a run, what it executed; for a signal, its
    /// name.
    #[must_use]
    pub fn step(&self) -> &str {
        &self.name
    }

    /// How long it was allowed to take.
    #[must_use]
    pub fn duration(&self) -> Duration {
        self.limit
    }
}

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, name, limit } = self;
        let limit = Told(*limit);
        match what {
            What::Attempt => write!(f, "step `{name}` timed out after {limit}"),
            What::Step => write!(f, "step `{name}` passed its deadline of {limit}"),
            #[cfg(feature = "durable")]
            What::Signal => write!(f, "signal `{name}` timed out after {limit}"),
            What::Run => write!(f, "run of `{name}` passed its deadline of {limit}"),
        }
    }
}

impl std::error::Error for TimedOut {}

impl Transient for TimedOut {
    fn is_transient(&self) -> bool {
        true
    }
}
