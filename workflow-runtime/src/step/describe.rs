//! Describes an output, whatever its type.

use core::fmt::Write;
use core::time::Duration;

use super::{Described, Failure};
use crate::run::quietly;

/// Describes an output, whatever its type. This is a macro because the methods that it calls
/// depend on the type at the place where it is used.
#[doc(hidden)]
#[macro_export]
macro_rules! __failure {
    ($output:ident) => {{
        use $crate::__private::{ByDebug as _, ByDefault as _, ByDisplay as _, ByType as _};
        use $crate::__private::{ByNothing as _, ByTransient as _};
        let __error = (&&&&$crate::__private::Describe($output)).failure();
        let __verdict = || (&&$crate::__private::Describe($output)).verdict();
        $crate::__private::described(__error, &__verdict, $crate::__failed!($output))
    }};
}

/// Describes an output. Only a run asks for this, and what it asks the user's error must not
/// change the outcome of the run.
#[must_use]
pub fn described(
    error: Option<String>,
    verdict: &dyn Fn() -> Option<Verdict>,
    failed: bool,
) -> Described {
    let Some(error) = error else {
        return if failed { Described::Empty } else { Described::Success };
    };
    let verdict = quietly(verdict).flatten();
    let retryable = verdict.is_some_and(|verdict| verdict.retryable);
    Described::Failure(Failure { error, retryable })
}

/// An error as text. If its own code cannot produce one, the text says so and names its type.
fn shown(error: core::fmt::Arguments<'_>, ty: &str) -> String {
    let written = quietly(|| {
        let mut written = String::new();
        written.write_fmt(error).map(|()| written)
    });
    match written {
        Some(Ok(written)) => written,
        Some(Err(_)) | None => format!("{ty}, which cannot be shown as text"),
    }
}

/// Turns an output into the text of its error, with whatever the error's type offers.
///
/// Called as `Describe(&output).failure()` with several references in front, so that method
/// resolution tries `Display` first, then `Debug`, then any `Result`, then anything at all.
pub struct Describe<'a, T>(pub &'a T);

/// See [`Describe`].
pub trait ByDisplay {
    /// The error as text.
    fn failure(&self) -> Option<String>;
}

impl<T, E: core::fmt::Display> ByDisplay for &&&Describe<'_, Result<T, E>> {
    fn failure(&self) -> Option<String> {
        let error = self.0.as_ref().err()?;
        Some(shown(format_args!("{error}"), core::any::type_name::<E>()))
    }
}

/// See [`Describe`].
pub trait ByDebug {
    /// The error as text.
    fn failure(&self) -> Option<String>;
}

impl<T, E: core::fmt::Debug> ByDebug for &&Describe<'_, Result<T, E>> {
    fn failure(&self) -> Option<String> {
        let error = self.0.as_ref().err()?;
        Some(shown(format_args!("{error:?}"), core::any::type_name::<E>()))
    }
}

/// See [`Describe`].
pub trait ByType {
    /// The error as text.
    fn failure(&self) -> Option<String>;
}

impl<T, E> ByType for &Describe<'_, Result<T, E>> {
    fn failure(&self) -> Option<String> {
        self.0.as_ref().err().map(|_| core::any::type_name::<E>().to_owned())
    }
}

/// See [`Describe`].
pub trait ByDefault {
    /// The error as text.
    fn failure(&self) -> Option<String>;
}

impl<T> ByDefault for Describe<'_, T> {
    fn failure(&self) -> Option<String> {
        None
    }
}

/// What an error says about another attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether another attempt is worthwhile.
    pub retryable: bool,
    /// How long to wait before it, if the error knows that.
    pub after: Option<Duration>,
}
