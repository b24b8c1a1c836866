//! The arguments of a step that is retried.

use core::marker::PhantomData;

use crate::attempt::Turn;
use crate::step::{Step, StepKind};

/// What can be passed to a retried step by value.
#[diagnostic::on_unimplemented(
    message = "the arguments of a retried step must be `Clone`",
    label = "`{Self}` is not `Clone`",
    note = "a retried step runs its body again, and each attempt takes the arguments: derive \
            `Clone`, or take the argument by reference"
)]
pub trait RetryArgument {}

#[diagnostic::do_not_recommend]
impl<T: Clone> RetryArgument for T {}

/// Checks an argument of a step with `retry`.
#[inline]
pub fn retry_argument<T: RetryArgument>(_: PhantomData<T>) {}

/// The same for a type with a type parameter, for which rustc suggests the bound. With the trait
/// above it would suggest that one.
#[inline]
pub fn generic_retry_argument<T: Clone>(_: PhantomData<T>) {}

/// An argument for any number of attempts.
#[derive(Debug)]
pub struct Kept<T> {
    /// Its type, as a field whose span can cover the whole type.
    pub argument: PhantomData<T>,
    value: Option<T>,
}

/// Keeps an argument.
#[inline]
pub fn kept<T>(value: T) -> Kept<T> {
    Kept { argument: PhantomData, value: Some(value) }
}

impl<T> Kept<T> {
    /// The argument itself, for the last attempt.
    #[inline]
    pub fn take(&mut self) -> T {
        self.value.take().expect(GONE)
    }
}

const GONE: &str = "there is no attempt after the last one";

/// Asks for another copy of an argument. Called with a reference in front, so that method
/// resolution tries `Clone` first.
#[derive(Debug)]
pub struct More<'a, T>(pub &'a Kept<T>);

/// See [`More`].
pub trait ByClone {
    /// The type of the argument.
    type Argument;

    /// Another copy.
    fn more(&self) -> Self::Argument;

    /// Another copy, for another call of the function.
    fn for_turn<S>(&self, _: &Turn<S>) -> Self::Argument {
        self.more()
    }
}

impl<T: Clone> ByClone for &More<'_, T> {
    type Argument = T;

    #[inline]
    fn more(&self) -> T {
        self.0.value.clone().expect(GONE)
    }
}

/// See [`More`].
pub trait NotAtAll {
    /// The type of the argument.
    type Argument;

    /// Never called.
    fn more(&self) -> Self::Argument;

    /// Never called for a step that may be retried, which is checked here.
    fn for_turn<S: Step>(&self, _: &Turn<S>) -> Self::Argument {
        const { assert!(!S::Kind::REPEATS, "{}", NOT_CLONE) }
        self.more()
    }
}

const NOT_CLONE: &str = "the function of this call has `retry`, and may be called again: what it \
                         is given here by value must be `Clone`";

impl<T> NotAtAll for More<'_, T> {
    type Argument = T;

    fn more(&self) -> T {
        unreachable!("the step does not compile")
    }
}

/// The argument for an attempt: a clone of what is kept or, for the last attempt, the kept argument
/// itself.
#[doc(hidden)]
#[macro_export]
macro_rules! __argument {
    ($kept:ident, $is_last:expr) => {{
        use $crate::__private::{ByClone as _, NotAtAll as _};
        if $is_last { $kept.take() } else { (&&$crate::__private::More(&$kept)).more() }
    }};
}

/// The argument for a call whose declaration has options of its own.
#[doc(hidden)]
#[macro_export]
macro_rules! __argument_for {
    ($kept:expr, $turn:expr) => {{
        use $crate::__private::{ByClone as _, NotAtAll as _};
        let __turn = &$turn;
        if __turn.last {
            $kept.take()
        } else {
            (&&$crate::__private::More(&$kept)).for_turn(__turn)
        }
    }};
}
