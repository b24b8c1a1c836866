//! A value that is recorded in the same way as the output of a step.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::checks::{Always, Never, Nothing as Impossible};
use crate::durable::Recordable;
use crate::flow::Outcome;
use crate::run::Place;
use crate::step::{
    AsSuccess, Describe, Failure, Info, NoUndo, PlainStep, SaysNothing, Step, failure_of,
};

pin_project! {
    /// A step that computes a value when it is polled, and is ready at once. If the value is
    /// already recorded, the step is not polled, so nothing is computed.
    pub struct Value<F, D> {
        compute: Option<F>,
        describe: D,
    }
}

/// Called by the code that `workflow!` generates for `#[record]` on a value without `?`.
#[inline]
pub fn value<F, T, W>(compute: F) -> T::Itself<F, (AsSuccess, SaysNothing)>
where
    F: FnOnce() -> T,
    T: RecordedValue<W>,
{
    // A `Result` that the workflow inspects is a value like any other.
    T::itself(compute, (AsSuccess, SaysNothing))
}

/// The same for a value with `?`: `compute` returns the workflow's own return type around the
/// value, and `describe` detects a failure.
#[inline]
pub fn fallible_value<F, O, D, W>(
    describe: D,
    compute: F,
) -> <O::Value as RecordedValue<W>>::Itself<F, D>
where
    F: FnOnce() -> O,
    O: Outcome,
    O::Value: RecordedValue<W>,
    D: Describe<O>,
{
    <O::Value as RecordedValue<W>>::itself(compute, describe)
}

/// If `workflow!` sees that a value will differ each time, it names this function, because there is
/// no other way to make the compiler warn.
#[deprecated(
    note = "this value differs each time, and a run that goes on would not have the one that its \
            steps were given: write `#[record]` above the `let`"
)]
#[inline]
pub const fn value_without_record() {}

/// Checks a value that is to be recorded in such a way that there is exactly one error: see
/// `checks`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be recorded",
    label = "this value has to be recorded",
    note = "derive `Serialize` and `Deserialize` for `{Self}`, or remove `#[record]`"
)]
pub trait RecordedValue<W> {
    /// The step that computes it.
    type Itself<F, D>;

    /// The step that computes it.
    fn itself<F, D>(compute: F, describe: D) -> Self::Itself<F, D>;
}

#[diagnostic::do_not_recommend]
impl<T: Recordable> RecordedValue<Always> for T {
    type Itself<F, D> = Value<F, D>;

    #[inline]
    fn itself<F, D>(compute: F, describe: D) -> Value<F, D> {
        Value { compute: Some(compute), describe }
    }
}

#[diagnostic::do_not_recommend]
impl<T: Impossible> RecordedValue<Never> for T {
    type Itself<F, D> = F;

    fn itself<F, D>(compute: F, _: D) -> F {
        compute
    }
}

impl<F: FnOnce() -> O, O, D> Future for Value<F, D> {
    type Output = O;

    #[inline]
    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<O> {
        let compute = self.project().compute.take().expect("a value is computed once");
        Poll::Ready(compute())
    }
}

#[diagnostic::do_not_recommend]
impl<F, O, D> Step for Value<F, D>
where
    F: FnOnce() -> O,
    D: Describe<O>,
{
    type Undo = NoUndo;
    type Kind = PlainStep;

    #[inline]
    fn poll_in(self: Pin<&mut Self>, cx: &mut Context<'_>, _: Place<'_>) -> Poll<O> {
        self.poll(cx)
    }

    fn failure(self: Pin<&mut Self>, output: &O) -> Option<Failure> {
        failure_of(&self.describe, output)
    }

    fn info(&self) -> Info {
        Info::step("value")
    }
}
