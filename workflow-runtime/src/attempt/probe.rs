//! Asking an output whether another attempt is worth it, whatever its type.

use std::time::Duration;

use crate::attempt::Transient;
use crate::step::Describe;

/// What an error says of another attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is worth it.
    pub retryable: bool,
    /// How long to wait before, if the error knows it.
    pub after: Option<Duration>,
}

impl Verdict {
    pub(crate) fn of(error: &impl Transient) -> Self {
        Self { retryable: error.is_transient(), after: error.retry_after() }
    }
}

/// Asks an error that is [`Transient`]. Called like [`Describe`]'s methods.
pub trait ByTransient {
    /// What the error says; `None` for a success, and where it can say nothing.
    fn verdict(&self) -> Option<Verdict>;
}

impl<T, E: Transient> ByTransient for &Describe<'_, Result<T, E>> {
    fn verdict(&self) -> Option<Verdict> {
        self.0.as_ref().err().map(Verdict::of)
    }
}

/// See [`ByTransient`].
pub trait ByNothing {
    /// Nothing is known.
    fn verdict(&self) -> Option<Verdict>;
}

impl<T> ByNothing for Describe<'_, T> {
    fn verdict(&self) -> Option<Verdict> {
        None
    }
}
