//! An error for steps that have no error type of their own.

use std::error::Error;
use std::fmt;

use crate::{TimedOut, Transient};

/// An error that says whether another attempt is worthwhile, made from any error.
///
/// It is for steps that have no error type of their own. It implements [`Transient`] and
/// `From<TimedOut>`, so that all options of `#[step]` work with it.
///
/// ```
/// use workflow_runtime::{StepError, step};
///
/// #[step(retry(max_attempts = 3, backoff = constant("1s")), timeout = "10s")]
/// async fn read_config(path: &str) -> Result<u32, StepError> {
///     let text = read(path).map_err(StepError::retryable)?;
///     text.trim().parse().map_err(StepError::permanent)
/// }
///
/// fn read(path: &str) -> std::io::Result<String> {
///     if path.is_empty() { Err(std::io::ErrorKind::NotFound.into()) } else { Ok("seven".to_owned()) }
/// }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let error = read_config("workers").await.unwrap_err();
/// assert_eq!(error.to_string(), "invalid digit found in string");
/// assert!(matches!(error, StepError::Permanent(_)));
/// # }
/// ```
///
/// With the feature `durable` it can be recorded: it implements
/// [`Serialize`](serde_core::Serialize) and [`Deserialize`](serde_core::Deserialize). The record
/// contains whether another attempt is worthwhile, the text of the error, and the texts of its
/// [sources](Error::source). An error that is read back says the same, but it contains only text
/// and can no longer be downcast.
#[derive(Debug)]
#[non_exhaustive]
pub enum StepError {
    /// The same call may succeed if it is tried again.
    Retryable(Box<dyn Error + Send + Sync>),
    /// Trying again is of no use.
    Permanent(Box<dyn Error + Send + Sync>),
}

impl StepError {
    /// An error that may not occur in another attempt. Takes any error, or a text.
    pub fn retryable(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Retryable(source.into())
    }

    /// An error that would occur again in another attempt. Takes any error, or a text.
    pub fn permanent(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Permanent(source.into())
    }
}

impl fmt::Display for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::Retryable(error) | Self::Permanent(error)) = self;
        fmt::Display::fmt(error, f)
    }
}

impl Error for StepError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        let (Self::Retryable(error) | Self::Permanent(error)) = self;
        Some(&**error)
    }
}

impl Transient for StepError {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Retryable(_))
    }
}

impl From<TimedOut> for StepError {
    fn from(error: TimedOut) -> Self {
        Self::retryable(error)
    }
}
