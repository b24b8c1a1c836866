//! What a step is.

// Only generated code names these types.
#![allow(missing_debug_implementations)]

mod behind;
mod describe;
mod kinds;
mod leaf;
mod poll;
mod said;
mod transient;

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

pub(crate) use describe::failure_of;
#[cfg(feature = "durable")]
pub(crate) use describe::{AsSuccess, SaysNothing};
pub use describe::{Describable, Describe, Described, ErrorText, SaysVerdict, Verdict};
#[cfg(feature = "durable")]
pub(crate) use kinds::SignalStep;
pub use kinds::{NoUndo, OwnUndo};
pub(crate) use kinds::{PlainStep, StepKind, UndoKind, UnknownStep, UnknownUndo, WholeWorkflow};
pub(crate) use leaf::info_of;
pub use leaf::{Function, broken, leaf, never_built};
pub(crate) use poll::{poll_attached, poll_step};
pub(crate) use said::Said;
pub use transient::Transient;

use crate::run::Place;
#[cfg(feature = "durable")]
pub(crate) use crate::run::{Bounds, RecordedTypes};
pub(crate) use crate::run::{Failure, Info};

/// The future that a `#[step]` function or a workflow returns.
///
/// It is a future like any other: `.await` runs it. Inside `workflow!` it is what a
/// declaration calls. Do not implement it by hand: [`macro@crate::step`] and
/// [`crate::workflow!`] do that.
///
/// Dropping it before it is done cancels the step.
///
/// ```
/// use workflow_runtime::{Step, step};
///
/// #[step]
/// async fn double(number: u32) -> u32 { number * 2 }
///
/// fn prepared() -> impl Step<Output = u32> { double(21) }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// assert_eq!(prepared().await, 42);
/// # }
/// ```
#[must_use = "steps do nothing unless awaited"]
#[diagnostic::on_unimplemented(
    message = "this call is not a workflow step",
    label = "not a step",
    note = "add `#[step]` above the function, wrap a future from elsewhere in a `#[step]` \
            function, or drop `.await` if it is an ordinary call"
)]
pub trait Step: Future {
    /// Whether it is a workflow that undoes its own steps, where that is known.
    #[doc(hidden)]
    type Undo: UndoKind
    where
        Self: Sized;

    /// What a caller's attributes have to know about it, where that is known.
    #[doc(hidden)]
    type Kind: StepKind
    where
        Self: Sized;

    /// Polls with a run attached. `place` is the step's place in the run.
    #[doc(hidden)]
    fn poll_in(self: Pin<&mut Self>, cx: &mut Context<'_>, place: Place<'_>) -> Poll<Self::Output>;

    /// Polls as a part of a workflow without an attached run. Whether a workflow has a run is
    /// decided when `Future::poll` first polls it; for its parts, that is already decided.
    #[doc(hidden)]
    #[inline]
    fn poll_part(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll(cx)
    }

    /// Polls as one attempt of a call whose attempts the caller decides on.
    #[doc(hidden)]
    #[inline]
    fn poll_attempt(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        place: Option<Place<'_>>,
        _: Said,
    ) -> Poll<Self::Output> {
        poll_at(self, cx, place)
    }

    /// The error in `output`; `None` for a success.
    #[doc(hidden)]
    fn failure(self: Pin<&mut Self>, output: &Self::Output) -> Option<Failure>;

    /// The output that was recorded as this JSON; `None` for a step that is not recorded.
    #[doc(hidden)]
    #[cfg(feature = "durable")]
    #[allow(clippy::must_use_candidate)]
    fn replay(self: Pin<&mut Self>, _: &str) -> Option<serde_json::Result<Self::Output>> {
        None
    }

    /// What a run has to know about it.
    #[doc(hidden)]
    fn info(&self) -> Info;

    /// Makes it possible to undo the step after its success, if it can be undone at all.
    #[doc(hidden)]
    fn keep_undo(&self) {}

    /// Stops the step where it is and undoes what it has done. If it had already ended by
    /// itself, this returns its output.
    #[doc(hidden)]
    fn poll_undo(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Output>> {
        Poll::Ready(None)
    }
}

/// Polls a step at its place in a run, or as a part of a workflow without one.
#[inline]
pub(crate) fn poll_at<S: Step + ?Sized>(
    step: Pin<&mut S>,
    cx: &mut Context<'_>,
    place: Option<Place<'_>>,
) -> Poll<S::Output> {
    match place {
        Some(place) => step.poll_in(cx, place),
        None => step.poll_part(cx),
    }
}
