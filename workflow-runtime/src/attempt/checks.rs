//! What the options require of a step's return type, each with its own error.
//!
//! The checks are next to the code that does the work, which accepts any type. So if one of them
//! does not hold, it causes no other error.

use core::marker::PhantomData;

use crate::attempt::TimedOut;
use crate::{StepError, Transient};

/// The output of a step that can be tried again.
#[diagnostic::on_unimplemented(
    message = "retry needs a step that can fail",
    label = "`{Self}` is no `Result`",
    note = "a step is tried again when it returns an error: return a `Result`, or remove `retry`"
)]
pub trait Retried {}

#[diagnostic::do_not_recommend]
impl<T, E> Retried for Result<T, E> {}

/// The output of a step that can time out.
#[diagnostic::on_unimplemented(
    message = "a limit of time needs a step that can fail",
    label = "`{Self}` is no `Result`",
    note = "a step whose time is up returns an error: return a `Result`, or remove `timeout` and \
            `deadline`"
)]
pub trait Timed {}

#[diagnostic::do_not_recommend]
impl<T, E> Timed for Result<T, E> {}

/// Checks the output of a step with `retry`.
#[inline]
pub fn retried<T: Retried>() {}

/// Checks the output of a step with `timeout` or `deadline`.
#[inline]
pub fn timed<T: Timed>() {}

/// An error that can represent a step whose time was up.
#[diagnostic::on_unimplemented(
    message = "the error of this step cannot say that its time was up",
    label = "`{Self}` does not implement `From<TimedOut>`",
    note = "add `impl From<workflow_runtime::TimedOut> for {Self}`: a step with `timeout` or \
            `deadline` returns such an error when its time is up"
)]
pub trait FromTimedOut: Sized {
    /// The error.
    fn from_timed_out(error: TimedOut) -> Self;
}

#[diagnostic::do_not_recommend]
impl<E: From<TimedOut>> FromTimedOut for E {
    fn from_timed_out(error: TimedOut) -> Self {
        error.into()
    }
}

/// An error that says whether another attempt is worthwhile.
#[diagnostic::on_unimplemented(
    message = "nothing says which errors of this step are worth a retry",
    label = "`{Self}` does not implement `Transient`",
    note = "implement `workflow_runtime::Transient` for `{Self}`, or say it here: \
            `retry(…, when = |error| …)`"
)]
pub trait Judged {}

#[diagnostic::do_not_recommend]
impl<E: Transient> Judged for E {}

/// Checks the error of a step with `retry`.
#[inline]
pub fn says_transient<E: Judged>(_: PhantomData<E>) {}

/// Checks the error of a step with `timeout` or `deadline`.
#[inline]
pub fn says_timed_out<E: FromTimedOut>(_: PhantomData<E>) {}

/// The error of an output, as a field whose span can cover the whole type.
#[derive(Debug)]
pub struct ErrorOf<E> {
    /// The error.
    pub error: PhantomData<E>,
}

/// Asks for the error in an output type. Called with references in front, so that method resolution
/// tries a `Result` first, then any type.
#[derive(Debug)]
pub struct OutputOf<T>(PhantomData<T>);

impl<T> OutputOf<T> {
    /// The value to call the methods on.
    pub const TYPE: Self = Self(PhantomData);
}

/// See [`OutputOf`].
pub trait Fallible {
    /// The output of a step whose time is up.
    type Output;

    /// The output of a step whose time is up.
    fn timed_out(&self, error: TimedOut) -> Self::Output;
}

impl<T, E: FromTimedOut> Fallible for &&OutputOf<Result<T, E>> {
    type Output = Result<T, E>;

    fn timed_out(&self, error: TimedOut) -> Result<T, E> {
        Err(E::from_timed_out(error))
    }
}

/// See [`OutputOf`].
pub trait HasError<E> {
    /// The error's type.
    fn error(&self) -> ErrorOf<E>;
}

impl<T, E> HasError<E> for &OutputOf<Result<T, E>> {
    fn error(&self) -> ErrorOf<E> {
        ErrorOf { error: PhantomData }
    }
}

/// See [`OutputOf`].
pub trait HasNoError {
    /// What the macro has reported never runs.
    type Output;

    /// A type that passes every check: what is missing has already been reported.
    fn error(&self) -> ErrorOf<StepError> {
        ErrorOf { error: PhantomData }
    }

    /// Never called.
    fn timed_out(&self, error: TimedOut) -> Self::Output;
}

impl<T> HasNoError for OutputOf<T> {
    type Output = T;

    fn timed_out(&self, error: TimedOut) -> T {
        unreachable!("the step does not compile: {error}")
    }
}
