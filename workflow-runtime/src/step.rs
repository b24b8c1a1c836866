//! What a step is.

// Only generated code names these types.
#![allow(missing_debug_implementations)]

use core::fmt::Write;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use std::panic::{AssertUnwindSafe, catch_unwind};

use pin_project_lite::pin_project;

use crate::attempt::{Said, Verdict};
use crate::graph::Graph;
use crate::run::Place;

/// The future that a `#[step]` function or a workflow returns.
///
/// It is a future like any other: `.await` runs it. Inside `workflow!` it is what a
/// declaration calls. Do not implement it by hand: [`macro@crate::step`] and
/// [`crate::workflow!`] do.
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
    type Undoes: Undoes
    where
        Self: Sized;

    /// What a caller's attributes have to know of it, where that is known.
    #[doc(hidden)]
    type Kind: StepKind
    where
        Self: Sized;

    /// Polls with a run attached. `place` is where in the run this step stands.
    #[doc(hidden)]
    fn poll_in(self: Pin<&mut Self>, cx: &mut Context<'_>, place: Place<'_>) -> Poll<Self::Output>;

    /// Polls as a part of a workflow to which no run is attached. A workflow is asked whether
    /// it has a run when `Future::poll` polls it first; for a part of it, that is decided.
    #[doc(hidden)]
    #[inline]
    fn poll_part(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.poll(cx)
    }

    /// Polls as one attempt of a call, of whose attempts the caller decides.
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

    /// What a run has to know of it.
    #[doc(hidden)]
    fn info(&self) -> Info;

    /// Makes it one that can be undone after its success, if it can be undone at all.
    #[doc(hidden)]
    fn keep_undo(&self) {}

    /// Ends it where it stands and undoes what it has done. If it had come to an end by
    /// itself, this gives what it came to.
    #[doc(hidden)]
    fn poll_undo(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Output>> {
        Poll::Ready(None)
    }
}

/// Polls a step where it stands in a run, or as a part of a workflow without one.
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

/// What a run has to know about a step. A step that wraps another one passes it on.
#[derive(Debug, Clone, Copy)]
pub struct Info {
    /// The function's name.
    pub name: &'static str,
    /// The graph, if it is a workflow.
    pub graph: Option<&'static Graph>,
    /// Whether its own code sees to it that a run delays its attempts.
    pub delays_itself: bool,
    /// Whether it is a workflow that undoes its own steps.
    pub undoes: bool,
    /// What bounds its attempts.
    #[cfg(feature = "durable")]
    pub bounds: Bounds,
    /// Of what types its record is.
    #[cfg(feature = "durable")]
    pub recorded: RecordedTypes,
}

impl Info {
    /// A step that runs its body once.
    #[must_use]
    pub const fn step(name: &'static str) -> Self {
        Self {
            name,
            graph: None,
            delays_itself: false,
            undoes: false,
            #[cfg(feature = "durable")]
            bounds: Bounds { max_attempts: 1, deadline: false },
            #[cfg(feature = "durable")]
            recorded: RecordedTypes { output: "", function: "" },
        }
    }

    /// A workflow.
    #[must_use]
    pub const fn workflow(graph: &'static Graph) -> Self {
        Self { graph: Some(graph), ..Self::step(graph.name()) }
    }
}

/// What bounds the attempts of a step, which a durable run counts across crashes.
#[derive(Debug, Clone, Copy)]
#[cfg(feature = "durable")]
pub struct Bounds {
    /// How many there are at most.
    pub max_attempts: u32,
    /// Whether all of them together have a limit of time.
    pub deadline: bool,
}

/// Of what types the record of a step is, by name; both are empty where nothing is recorded.
#[derive(Debug, Clone, Copy, Default)]
#[cfg(feature = "durable")]
pub struct RecordedTypes {
    /// That of what is recorded of its output.
    pub output: &'static str,
    /// That of its future, which names its function.
    pub function: &'static str,
}

/// Whether a call undoes its own steps: the type that `#[step]` and `workflow!` write into the
/// signature, so that a caller of which the macro knows nothing does not miss it.
pub trait Undoes {
    /// It does.
    const CERTAINLY: bool;
    /// It may.
    const PERHAPS: bool;
}

/// It does not.
pub struct Nothing;

/// It does.
pub struct OwnSteps;

/// It is behind a pointer, which only tells when it is asked.
pub struct PerhapsOwnSteps;

impl Undoes for Nothing {
    const CERTAINLY: bool = false;
    const PERHAPS: bool = false;
}

impl Undoes for OwnSteps {
    const CERTAINLY: bool = true;
    const PERHAPS: bool = true;
}

impl Undoes for PerhapsOwnSteps {
    const CERTAINLY: bool = false;
    const PERHAPS: bool = true;
}

/// What the attributes above a call have to know of a step.
pub trait StepKind {
    /// It may run its body more than once, by an option of its own.
    const REPEATS: bool = false;
    /// It is, or may be, a workflow.
    const WORKFLOW: bool = false;
    /// It waits for somebody outside.
    const SIGNAL: bool = false;
}

/// A step that runs its body once.
pub struct PlainStep;

/// A workflow.
pub struct WholeWorkflow;

/// It waits for somebody outside.
#[cfg(feature = "durable")]
pub struct SignalStep;

/// It is behind a pointer.
pub struct UnknownStep;

impl StepKind for PlainStep {}

impl StepKind for WholeWorkflow {
    const WORKFLOW: bool = true;
}

#[cfg(feature = "durable")]
impl StepKind for SignalStep {
    const SIGNAL: bool = true;
}

impl StepKind for UnknownStep {
    const REPEATS: bool = true;
    const WORKFLOW: bool = true;
}

/// A step behind a pointer.
pub trait Behind {
    /// Whether it undoes its own steps.
    type Undoes: Undoes;
    /// What a caller has to know of it.
    type Kind: StepKind;
}

#[diagnostic::do_not_recommend]
impl<S: Step> Behind for S {
    type Undoes = S::Undoes;
    type Kind = S::Kind;
}

/// Of any of these, only the step itself knows.
macro_rules! objects {
    ($($object:ty),+ $(,)?) => {$(
        #[diagnostic::do_not_recommend]
        impl<T> Behind for $object {
            type Undoes = PerhapsOwnSteps;
            type Kind = UnknownStep;
        }
    )+};
}

objects!(
    dyn Step<Output = T> + '_,
    dyn Step<Output = T> + Send + '_,
    dyn Step<Output = T> + Sync + '_,
    dyn Step<Output = T> + Unpin + '_,
    dyn Step<Output = T> + Send + Sync + '_,
    dyn Step<Output = T> + Send + Unpin + '_,
    dyn Step<Output = T> + Sync + Unpin + '_,
    dyn Step<Output = T> + Send + Sync + Unpin + '_,
);

#[diagnostic::do_not_recommend]
impl<S: Step + Behind + ?Sized> Step for Pin<Box<S>> {
    type Undoes = <S as Behind>::Undoes;
    type Kind = <S as Behind>::Kind;

    fn poll_in(self: Pin<&mut Self>, cx: &mut Context<'_>, place: Place<'_>) -> Poll<Self::Output> {
        self.get_mut().as_mut().poll_in(cx, place)
    }

    fn poll_part(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.get_mut().as_mut().poll_part(cx)
    }

    fn poll_attempt(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        place: Option<Place<'_>>,
        said: Said,
    ) -> Poll<Self::Output> {
        self.get_mut().as_mut().poll_attempt(cx, place, said)
    }

    fn failure(self: Pin<&mut Self>, output: &Self::Output) -> Option<Failure> {
        self.get_mut().as_mut().failure(output)
    }

    fn info(&self) -> Info {
        self.as_ref().get_ref().info()
    }

    fn keep_undo(&self) {
        self.as_ref().get_ref().keep_undo();
    }

    fn poll_undo(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Output>> {
        self.get_mut().as_mut().poll_undo(cx)
    }
}

pin_project! {
    /// A step made of one async block.
    pub struct Leaf<F, D> {
        #[pin]
        body: F,
        describe: D,
    }
}

/// What the macros know of a function, asked without an output, and of an output, asked with one.
/// They give a closure that answers, so that it takes no space.
pub enum Described {
    /// A step with this name.
    Step(&'static str),
    /// A workflow.
    Workflow(&'static Graph),
    /// The output is a success.
    Success,
    /// It is an error.
    Failure(Failure),
    /// It is what `?` returns, and there is no error: `None`.
    Empty,
}

/// What a run says of an error.
pub struct Failure {
    /// The error as text.
    pub error: String,
    /// Whether another attempt might succeed.
    pub retryable: bool,
}

/// The error in an output by a step's `describe`; `None` for a success.
pub(crate) fn failure_of<T>(
    describe: &impl Fn(Option<&T>) -> Described,
    output: &T,
) -> Option<Failure> {
    match describe(Some(output)) {
        Described::Failure(failure) => Some(failure),
        _ => None,
    }
}

/// Whether an output is one that `?` returns.
pub(crate) fn has_failed<T>(describe: &impl Fn(Option<&T>) -> Described, output: &T) -> bool {
    matches!(describe(Some(output)), Described::Failure(_) | Described::Empty)
}

/// What a run has to know of the function.
pub(crate) fn info_of<T>(describe: &impl Fn(Option<&T>) -> Described) -> Info {
    match describe(None) {
        Described::Workflow(graph) => Info::workflow(graph),
        Described::Step(name) => Info::step(name),
        _ => Info::step(""),
    }
}

/// Called by the code that `#[step]` generates.
#[inline]
pub fn leaf<F, D>(body: F, describe: D) -> Leaf<F, D>
where
    F: Future,
    D: Fn(Option<&F::Output>) -> Described,
{
    Leaf { body, describe }
}

impl<F: Future, D> Future for Leaf<F, D> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.project().body.poll(cx)
    }
}

#[diagnostic::do_not_recommend]
impl<F, D> Step for Leaf<F, D>
where
    F: Future,
    D: Fn(Option<&F::Output>) -> Described,
{
    type Undoes = Nothing;
    type Kind = PlainStep;

    #[inline]
    fn poll_in(self: Pin<&mut Self>, cx: &mut Context<'_>, _: Place<'_>) -> Poll<F::Output> {
        self.project().body.poll(cx)
    }

    fn failure(self: Pin<&mut Self>, output: &F::Output) -> Option<Failure> {
        failure_of(&self.describe, output)
    }

    fn info(&self) -> Info {
        info_of(&self.describe)
    }
}

/// Stands in for a workflow that has errors; `body` never runs.
pub fn broken<F: Future>(body: F) -> Leaf<F, impl Fn(Option<&F::Output>) -> Described> {
    leaf(body, |_| Described::Success)
}

/// What an output is, whatever its type. A macro, since the methods that it calls depend on the
/// type where it stands.
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

/// What an output is. Only a run asks, and what it asks of the user's error must not change what
/// the run comes to.
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

/// What the user's code gives; `None` if it panics, which the panic hook hears.
pub(crate) fn quietly<T>(ask: impl FnOnce() -> T) -> Option<T> {
    match catch_unwind(AssertUnwindSafe(ask)) {
        Ok(answer) => Some(answer),
        Err(panic) => {
            // What was thrown may panic once more when it is dropped.
            if let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic))) {
                core::mem::forget(again);
            }
            None
        }
    }
}

/// An error as text. Where its own code cannot give one, that is said instead, with its type.
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
/// Called as `Describe(&output).failure()` with a reference or two more in front, so
/// that method resolution tries `Display` first, then `Debug`, then any `Result`, then
/// anything at all.
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
