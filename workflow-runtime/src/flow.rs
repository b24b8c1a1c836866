//! How a workflow ends early.

// Only generated code calls these.
#![allow(clippy::missing_errors_doc)]

use core::convert::Infallible;
use core::ops::ControlFlow;
use core::task::Poll;

/// What a workflow's `?` does: implemented for the return types that `?` works with.
///
/// Inside the generated function, a branch ends with `With<T>`, which is the
/// workflow's own return type around the branch's value. So the user's `?` converts
/// errors there just as it would at the end of the function.
#[diagnostic::on_unimplemented(
    message = "`?` needs a workflow that returns `Result` or `Option`",
    label = "this workflow returns `{Self}`, which cannot carry an error"
)]
pub trait Flow {
    /// The type itself. If the trait is not implemented, rustc does not know this type, and
    /// reports that only once.
    type Itself: Flow<Failure = Self::Failure>;
    /// What a failure carries.
    type Failure;
    /// The return type around another value.
    type With<T>: Outcome<Value = T, Failure = Self::Failure>;

    /// A value with which the workflow continues.
    fn ok<T>(value: T) -> Self::With<T>;

    /// A failure that ends the workflow.
    fn fail<T>(failure: Self::Failure) -> Self::With<T>;

    /// A failure as the workflow itself returns it.
    fn failed(failure: Self::Failure) -> Self;
}

/// What a branch of a workflow ends with: a [`Flow::With`] that can be taken apart.
///
/// The value is an associated type, not a parameter: rustc forgets that a lifetime in a
/// parameter is the one in the future beside it, and then does not consider the future
/// `Send`.
pub trait Outcome {
    /// The value of the branch.
    type Value;
    /// What a failure carries.
    type Failure;

    /// Splits the outcome into its value or its failure.
    fn split(self) -> Result<Self::Value, Self::Failure>;

    /// Whether it is a failure.
    fn failed(&self) -> bool;
}

impl<T, E> Outcome for Result<T, E> {
    type Value = T;
    type Failure = E;

    #[inline]
    fn split(self) -> Result<T, E> {
        self
    }

    #[inline]
    fn failed(&self) -> bool {
        self.is_err()
    }
}

impl<T> Outcome for Option<T> {
    type Value = T;
    type Failure = ();

    #[inline]
    fn split(self) -> Result<T, ()> {
        self.ok_or(())
    }

    #[inline]
    fn failed(&self) -> bool {
        self.is_none()
    }
}

/// What `?` works with, taken apart without `?`.
///
/// A branch that is one step hands only the failure to the user's `?`. A closure that took the
/// whole output would have the output's lifetimes in its type: rustc forgets that these are the
/// ones in the future beside it, and then does not consider the future `Send`.
#[diagnostic::on_unimplemented(
    message = "`?` needs a step that returns `Result` or `Option`",
    label = "this step returns `{Self}`, which holds no error",
    note = "remove the `?`, or let the step return a `Result`"
)]
pub trait MayFail {
    /// The value with which the workflow continues.
    type Value;
    /// What `?` returns: the type itself, without a value.
    type Failure;

    /// Splits it into its value or its failure, and asks `question` what becomes of a failure.
    fn ask<F>(self, question: impl FnOnce(Self::Failure) -> F) -> Result<Self::Value, F>;
}

impl<T, E> MayFail for Result<T, E> {
    type Value = T;
    type Failure = Result<Infallible, E>;

    #[inline]
    fn ask<F>(self, question: impl FnOnce(Self::Failure) -> F) -> Result<T, F> {
        self.map_err(|error| question(Err(error)))
    }
}

impl<T> MayFail for Option<T> {
    type Value = T;
    type Failure = Option<Infallible>;

    #[inline]
    fn ask<F>(self, question: impl FnOnce(Self::Failure) -> F) -> Result<T, F> {
        self.ok_or_else(|| question(None))
    }
}

impl<B, C> MayFail for ControlFlow<B, C> {
    type Value = C;
    type Failure = ControlFlow<B, Infallible>;

    #[inline]
    fn ask<F>(self, question: impl FnOnce(Self::Failure) -> F) -> Result<C, F> {
        match self {
            Self::Continue(value) => Ok(value),
            Self::Break(value) => Err(question(ControlFlow::Break(value))),
        }
    }
}

impl<T, E> MayFail for Poll<Result<T, E>> {
    type Value = Poll<T>;
    type Failure = Result<Infallible, E>;

    #[inline]
    fn ask<F>(self, question: impl FnOnce(Self::Failure) -> F) -> Result<Poll<T>, F> {
        match self {
            Self::Pending => Ok(Poll::Pending),
            Self::Ready(output) => output.ask(question).map(Poll::Ready),
        }
    }
}

impl<T, E> MayFail for Poll<Option<Result<T, E>>> {
    type Value = Poll<Option<T>>;
    type Failure = Result<Infallible, E>;

    #[inline]
    fn ask<F>(self, question: impl FnOnce(Self::Failure) -> F) -> Result<Poll<Option<T>>, F> {
        match self {
            Self::Pending => Ok(Poll::Pending),
            Self::Ready(output) => output.transpose().ask(question).map(Poll::Ready),
        }
    }
}

/// The end of a branch of a workflow that contains no `?`.
#[derive(Debug)]
pub struct Sure<T>(T);

impl<T> Outcome for Sure<T> {
    type Value = T;
    type Failure = Infallible;

    #[inline]
    fn split(self) -> Result<T, Infallible> {
        Ok(self.0)
    }

    #[inline]
    fn failed(&self) -> bool {
        false
    }
}

impl<V, E> Flow for Result<V, E> {
    type Itself = Self;
    type Failure = E;
    type With<T> = Result<T, E>;

    #[inline]
    fn ok<T>(value: T) -> Result<T, E> {
        Ok(value)
    }

    #[inline]
    fn fail<T>(failure: E) -> Result<T, E> {
        Err(failure)
    }

    #[inline]
    fn failed(failure: E) -> Self {
        Err(failure)
    }
}

impl<V> Flow for Option<V> {
    type Itself = Self;
    type Failure = ();
    type With<T> = Option<T>;

    #[inline]
    fn ok<T>(value: T) -> Option<T> {
        Some(value)
    }

    #[inline]
    fn fail<T>((): ()) -> Option<T> {
        None
    }

    #[inline]
    fn failed((): ()) -> Self {
        None
    }
}

/// Stands for the return type of a workflow that contains no `?`, whatever it returns.
#[derive(Debug)]
pub struct Total;

impl Flow for Total {
    type Itself = Self;
    type Failure = Infallible;
    type With<T> = Sure<T>;

    #[inline]
    fn ok<T>(value: T) -> Sure<T> {
        Sure(value)
    }

    #[inline]
    fn fail<T>(failure: Infallible) -> Sure<T> {
        match failure {}
    }

    #[inline]
    fn failed(failure: Infallible) -> Self {
        match failure {}
    }
}

/// `R::ok`, in a form that is easy to read in generated code.
#[inline]
pub fn ok<R: Flow, T>(value: T) -> R::With<T> {
    R::ok(value)
}

/// `R::fail`.
#[inline]
pub fn fail<R: Flow, T>(failure: R::Failure) -> R::With<T> {
    R::fail(failure)
}

/// `Outcome::split`.
#[inline]
pub fn split<O: Outcome>(outcome: O) -> Result<O::Value, O::Failure> {
    outcome.split()
}
