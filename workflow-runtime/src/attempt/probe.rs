//! Asking an output whether another attempt is worthwhile, whatever its type.

use std::time::Duration;

use crate::step::{Described, Verdict};

/// Asks the step's `when = …`. Called like [`Describable`](crate::__private::Describable)'s methods.
pub trait Judge<T, E> {
    /// What `when` says about the error; `after` is what the error says itself.
    fn judge(
        &self,
        output: &T,
        when: impl Fn(&E) -> bool,
        after: Option<Duration>,
    ) -> Option<Verdict>;
}

impl<T, E> Judge<Result<T, E>, E> for &Described<Result<T, E>> {
    #[inline]
    fn judge(
        &self,
        output: &Result<T, E>,
        when: impl Fn(&E) -> bool,
        after: Option<Duration>,
    ) -> Option<Verdict> {
        output.as_ref().err().map(|error| Verdict { retryable: when(error), after })
    }
}

/// See [`Judge`].
pub trait CannotJudge<T> {
    /// There is no error.
    fn judge<W>(&self, output: &T, when: W, after: Option<Duration>) -> Option<Verdict>;
}

impl<T> CannotJudge<T> for Described<T> {
    fn judge<W>(&self, _: &T, _: W, _: Option<Duration>) -> Option<Verdict> {
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
        use $crate::__private::SaysVerdict as _;
        $crate::__private::Described::of($output).verdict().verdict($output)
    }};
    ($output:expr, $when:expr) => {{
        use $crate::__private::{CannotJudge as _, Judge as _};
        let __after = $crate::__judged!($output);
        (&&$crate::__private::Described::of($output)).judge(
            $output,
            $when,
            __after.and_then(|__verdict| __verdict.after),
        )
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
