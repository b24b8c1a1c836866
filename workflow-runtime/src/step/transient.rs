//! Which errors are temporary.

use std::time::Duration;

/// An error that can say whether another attempt is worthwhile.
///
/// `#[step(retry(…))]` asks it after each failed attempt, unless the step has `when = …`. A run's
/// [`Failed`](crate::EventKind::Failed) events report it, too.
///
/// ```
/// use std::time::Duration;
/// use workflow_runtime::Transient;
///
/// enum FetchError {
///     NotFound,
///     ConnectionReset,
///     TooManyRequests { wait: Duration },
/// }
///
/// impl Transient for FetchError {
///     fn is_transient(&self) -> bool {
///         !matches!(self, FetchError::NotFound)
///     }
///
///     fn retry_after(&self) -> Option<Duration> {
///         match self {
///             FetchError::TooManyRequests { wait } => Some(*wait),
///             _ => None,
///         }
///     }
/// }
/// ```
pub trait Transient {
    /// Whether the same call may succeed if it is tried again.
    fn is_transient(&self) -> bool;

    /// How long to wait before the next attempt, if the error knows it, such as from a server's
    /// `Retry-After`. It replaces the delay of the step's `backoff`, for this one wait.
    fn retry_after(&self) -> Option<Duration> {
        None
    }
}

impl<E: Transient + ?Sized> Transient for &E {
    fn is_transient(&self) -> bool {
        (**self).is_transient()
    }

    fn retry_after(&self) -> Option<Duration> {
        (**self).retry_after()
    }
}

impl<E: Transient + ?Sized> Transient for Box<E> {
    fn is_transient(&self) -> bool {
        (**self).is_transient()
    }

    fn retry_after(&self) -> Option<Duration> {
        (**self).retry_after()
    }
}
