//! Describes an output, whatever its type.

use core::any::type_name;
use core::fmt::{Debug, Display, Write};
use core::future::Future;
use core::marker::PhantomData;
use core::ops::Deref;
use core::time::Duration;

use super::{Failure, Transient};
use crate::run::quietly;

/// How an output of a type can be described. This is a macro because the methods that it calls
/// depend on the type at the place where it is used.
#[doc(hidden)]
#[macro_export]
macro_rules! __describe {
    ($output:ty) => {
        $crate::__describing!($crate::__private::Described::<$output>::output())
    };
}

/// The same, given what stands for the output.
#[doc(hidden)]
#[macro_export]
macro_rules! __describing {
    ($described:expr) => {{
        use $crate::__private::Describable as _;
        let __described = $described;
        // A copy, of which there can be a mutable reference.
        ({ __described }.text(), __described.verdict())
    }};
}

/// An output's error as text.
#[doc(hidden)]
#[macro_export]
macro_rules! __text {
    ($output:expr) => {{
        use $crate::__private::{Describable as _, ErrorText as _};
        $crate::__private::Described::of($output).text().text($output)
    }};
}

/// Whether an output is one that `?` returns.
#[doc(hidden)]
#[macro_export]
macro_rules! __failed {
    ($output:expr) => {{
        use $crate::__private::{Describable as _, ErrorText as _};
        $crate::__private::Described::of($output).text().failed($output)
    }};
}

/// What an error says about another attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Whether another attempt is worthwhile.
    pub retryable: bool,
    /// How long to wait before it, if the error knows that.
    pub after: Option<Duration>,
}

/// Stands for an output.
pub struct Described<T>(PhantomData<fn() -> T>);

#[allow(clippy::must_use_candidate)]
impl<T> Described<T> {
    /// An output of this type.
    pub fn output() -> Self {
        Self(PhantomData)
    }

    /// The output that there is.
    pub fn of(_: &T) -> Self {
        Self(PhantomData)
    }

    /// The output that a future will have.
    pub fn by(_: &impl Future<Output = T>) -> Self {
        Self(PhantomData)
    }

    /// The output that a closure returns.
    pub fn returned_by(_: &impl FnOnce() -> T) -> Self {
        Self(PhantomData)
    }

    /// The output that the future will have which a closure makes.
    pub fn made_by<C, F: Future<Output = T>>(_: &impl FnOnce(C) -> F) -> Self {
        Self(PhantomData)
    }
}

impl<T> Clone for Described<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Described<T> {}

/// The same, where a method of [`Described`] is not found.
pub struct Anything<T>(PhantomData<fn() -> T>);

impl<T> Clone for Anything<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Anything<T> {}

impl<T> Deref for Described<T> {
    type Target = Anything<T>;

    fn deref(&self) -> &Anything<T> {
        &Anything(PhantomData)
    }
}

/// What can be said about an output, with whatever its type offers.
///
/// For `described.text()`, method resolution tries the type's own method, then this trait for the
/// type, for `&` and `&mut` of it, and for what it dereferences to. So the order of the
/// implementations below is that of preference. (This is autoref specialization, with as few
/// references as possible: every step of a program pays for it when it is built.)
pub trait Describable {
    /// How its error becomes text.
    type Text;

    /// How its error becomes text.
    fn text(self) -> Self::Text;
}

impl<T, E: Display> Described<Result<T, E>> {
    /// How its error becomes text.
    #[must_use]
    pub fn text(self) -> ByDisplay {
        ByDisplay
    }
}

impl<T, E: Debug> Describable for Described<Result<T, E>> {
    type Text = ByDebug;

    fn text(self) -> ByDebug {
        ByDebug
    }
}

impl<T, E> Describable for &Described<Result<T, E>> {
    type Text = ByType;

    fn text(self) -> ByType {
        ByType
    }
}

impl<T> Describable for &mut Described<Option<T>> {
    type Text = ByOption;

    fn text(self) -> ByOption {
        ByOption
    }
}

impl<T> Describable for Anything<T> {
    type Text = AsSuccess;

    fn text(self) -> AsSuccess {
        AsSuccess
    }
}

impl<T, E: Transient> Described<Result<T, E>> {
    /// What its error says about another attempt.
    #[must_use]
    pub fn verdict(self) -> Says {
        Says
    }
}

impl<T> Anything<T> {
    /// The same for an output that says nothing.
    #[must_use]
    #[expect(clippy::unused_self, reason = "it is found as a method")]
    pub fn verdict(self) -> SaysNothing {
        SaysNothing
    }
}

/// How an output of the type `T` is described: its text, and what it says about another attempt.
pub trait Describe<T> {
    /// The error as text.
    fn text(&self, output: &T) -> Option<String>;

    /// What the error says about another attempt; `None` for a success, or if it says nothing.
    fn verdict(&self, output: &T) -> Option<Verdict>;

    /// Whether the output is one that `?` returns.
    fn failed(&self, output: &T) -> bool;
}

impl<T, X: ErrorText<T>, V: SaysVerdict<T>> Describe<T> for (X, V) {
    fn text(&self, output: &T) -> Option<String> {
        self.0.text(output)
    }

    fn verdict(&self, output: &T) -> Option<Verdict> {
        self.1.verdict(output)
    }

    fn failed(&self, output: &T) -> bool {
        self.0.failed(output)
    }
}

/// How the error in an output of the type `T` becomes text.
pub trait ErrorText<T> {
    /// The error as text.
    fn text(&self, output: &T) -> Option<String>;

    /// Whether the output is one that `?` returns.
    fn failed(&self, output: &T) -> bool;
}

/// The error of a `Result`, by its `Display`.
#[derive(Clone, Copy)]
pub struct ByDisplay;

/// The error of a `Result`, by its `Debug`.
#[derive(Clone, Copy)]
pub struct ByDebug;

/// The error of a `Result`, by its type.
#[derive(Clone, Copy)]
pub struct ByType;

/// An `Option`, which `?` returns if it is empty.
#[derive(Clone, Copy)]
pub struct ByOption;

/// Anything else: a success.
#[derive(Clone, Copy)]
pub struct AsSuccess;

impl<T, E: Display> ErrorText<Result<T, E>> for ByDisplay {
    fn text(&self, output: &Result<T, E>) -> Option<String> {
        let error = output.as_ref().err()?;
        Some(shown(format_args!("{error}"), type_name::<E>()))
    }

    fn failed(&self, output: &Result<T, E>) -> bool {
        output.is_err()
    }
}

impl<T, E: Debug> ErrorText<Result<T, E>> for ByDebug {
    fn text(&self, output: &Result<T, E>) -> Option<String> {
        let error = output.as_ref().err()?;
        Some(shown(format_args!("{error:?}"), type_name::<E>()))
    }

    fn failed(&self, output: &Result<T, E>) -> bool {
        output.is_err()
    }
}

impl<T, E> ErrorText<Result<T, E>> for ByType {
    fn text(&self, output: &Result<T, E>) -> Option<String> {
        output.as_ref().err().map(|_| type_name::<E>().to_owned())
    }

    fn failed(&self, output: &Result<T, E>) -> bool {
        output.is_err()
    }
}

impl<T> ErrorText<Option<T>> for ByOption {
    fn text(&self, _: &Option<T>) -> Option<String> {
        None
    }

    fn failed(&self, output: &Option<T>) -> bool {
        output.is_none()
    }
}

impl<T> ErrorText<T> for AsSuccess {
    fn text(&self, _: &T) -> Option<String> {
        None
    }

    fn failed(&self, _: &T) -> bool {
        false
    }
}

/// What the error in an output of the type `T` says about another attempt.
pub trait SaysVerdict<T> {
    /// What it says, if anything.
    fn verdict(&self, output: &T) -> Option<Verdict>;
}

/// An error that is [`Transient`].
#[derive(Clone, Copy)]
pub struct Says;

/// Any other output.
#[derive(Clone, Copy)]
pub struct SaysNothing;

impl<T, E: Transient> SaysVerdict<Result<T, E>> for Says {
    fn verdict(&self, output: &Result<T, E>) -> Option<Verdict> {
        let error = output.as_ref().err()?;
        Some(Verdict { retryable: error.is_transient(), after: error.retry_after() })
    }
}

impl<T> SaysVerdict<T> for SaysNothing {
    fn verdict(&self, _: &T) -> Option<Verdict> {
        None
    }
}

/// The error in an output; `None` for a success. Only a run asks for this, and what it asks the
/// user's error must not change the outcome of the run.
pub(crate) fn failure_of<T>(describe: &impl Describe<T>, output: &T) -> Option<Failure> {
    let error = describe.text(output)?;
    let verdict = quietly(|| describe.verdict(output)).flatten();
    let retryable = verdict.is_some_and(|verdict| verdict.retryable);
    Some(Failure { error, retryable })
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
