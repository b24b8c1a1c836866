//! Asking an output whether another attempt is worthwhile, whatever its type.

use std::time::Duration;

use crate::attempt::Transient;
use crate::step::{Describe, Verdict};

impl Verdict {
    pub(crate) fn of(error: &impl Transient) -> Self {
        Self { retryable: error.is_transient(), after: error.retry_after() }
    }
}

/// Asks an error that is [`Transient`]. Called like [`Describe`]'s methods.
pub trait ByTransient {
    /// What the error says; `None` for a success, or if it cannot say anything.
    fn verdict(&self) -> Option<Verdict>;
}

impl<T, E: Transient> ByTransient for &Describe<'_, Result<T, E>> {
    #[inline]
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
    #[inline]
    fn verdict(&self) -> Option<Verdict> {
        None
    }
}

/// Asks the step's `when = …`. Called like [`Describe`]'s methods.
pub trait Judge<E> {
    /// What `when` says about the error; `after` is what the error says itself.
    fn judge(&self, when: impl Fn(&E) -> bool, after: Option<Duration>) -> Option<Verdict>;
}

impl<T, E> Judge<E> for &Describe<'_, Result<T, E>> {
    #[inline]
    fn judge(&self, when: impl Fn(&E) -> bool, after: Option<Duration>) -> Option<Verdict> {
        self.0.as_ref().err().map(|error| Verdict { retryable: when(error), after })
    }
}

/// See [`Judge`].
pub trait CannotJudge {
    /// There is no error.
    fn judge<W>(&self, when: W, after: Option<Duration>) -> Option<Verdict>;
}

impl<T> CannotJudge for Describe<'_, T> {
    fn judge<W>(&self, _: W, _: Option<Duration>) -> Option<Verdict> {
        None
    }
}

/// What follows from an output, whatever its type: according to the step's `when`, or to what the
/// error says itself. This is a macro because the methods that it calls depend on the type at the
/// place of use.
#[doc(hidden)]
#[macro_export]
macro_rules! __verdict {
    ($output:ident $(, $when:expr)?) => { $crate::__judged!(&$output $(, $when)?) };
}

/// The same for a borrowed output.
#[doc(hidden)]
#[macro_export]
macro_rules! __judged {
    ($output:expr) => {{
        use $crate::__private::{ByNothing as _, ByTransient as _};
        (&&$crate::__private::Describe($output)).verdict()
    }};
    ($output:expr, $when:expr) => {{
        use $crate::__private::{CannotJudge as _, Judge as _};
        let __after = $crate::__judged!($output);
        (&&$crate::__private::Describe($output))
            .judge($when, __after.and_then(|__verdict| __verdict.after))
    }};
}

/// An output's error as text.
#[doc(hidden)]
#[macro_export]
macro_rules! __text {
    ($output:ident) => {{
        use $crate::__private::{ByDebug as _, ByDefault as _, ByDisplay as _, ByType as _};
        (&&&&$crate::__private::Describe(&$output)).failure()
    }};
}

/// The error type of an output type.
#[doc(hidden)]
#[macro_export]
macro_rules! __error_of {
    ($output:ty) => {
        $crate::__error_in!($crate::__private::OutputOf::<$output>::TYPE)
    };
}

/// The same for an output type that is asked for through a value.
#[doc(hidden)]
#[macro_export]
macro_rules! __error_in {
    ($of:expr) => {{
        use $crate::__private::{HasError as _, HasNoError as _};
        (&&$of).error()
    }};
}

/// The output of a step whose time is up.
#[doc(hidden)]
#[macro_export]
macro_rules! __timed_out {
    ($output:ty, $error:expr) => {
        $crate::__call_timed_out!($crate::__private::OutputOf::<$output>::TYPE, $error)
    };
}

/// The same for an output type that is asked for through a value.
#[doc(hidden)]
#[macro_export]
macro_rules! __call_timed_out {
    ($of:expr, $error:expr) => {{
        use $crate::__private::{Fallible as _, HasNoError as _};
        (&&&$of).timed_out($error)
    }};
}
