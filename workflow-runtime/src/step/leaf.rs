//! A step that is one async block.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::{Failure, Info, NoUndo, PlainStep, Step};
use crate::graph::Graph;
use crate::run::Place;

pin_project! {
    /// A step made of one async block.
    pub struct Leaf<F, D> {
        #[pin]
        body: F,
        describe: D,
    }
}

/// What the macros know about a function, if asked without an output, and about an output, if
/// asked with one. The answers come from a closure, so that they take no space.
pub enum Described {
    /// A step with this name.
    Step(&'static str),
    /// A workflow.
    Workflow(&'static Graph),
    /// The output is a success.
    Success,
    /// The output is an error.
    Failure(Failure),
    /// The output is one that `?` returns, but there is no error in it: `None`.
    Empty,
}

/// The error in an output according to a step's `describe`; `None` for a success.
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

/// What a run has to know about the function.
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
    type Undo = NoUndo;
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
