//! A step that is one async block.

use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::describe::{AsSuccess, SaysNothing};
use super::{Describe, Failure, Info, NoUndo, PlainStep, Step, failure_of};
use crate::graph::Graph;
use crate::run::Place;

/// A function that is a step or a workflow. It is a type, so that what is known of it takes no space
/// in a future.
pub trait Function {
    /// Its name.
    const NAME: &'static str = "";

    /// Its graph, if it is a workflow.
    const GRAPH: Option<&'static Graph> = None;
}

/// What a run has to know about a function.
pub(crate) const fn info_of<N: Function>() -> Info {
    match N::GRAPH {
        Some(graph) => Info::workflow(graph),
        None => Info::step(N::NAME),
    }
}

pin_project! {
    /// A step made of one async block.
    pub struct Leaf<N, F, D> {
        #[pin]
        body: F,
        describe: D,
        function: PhantomData<fn() -> N>,
    }
}

/// Called by the code that `#[step]` generates.
#[inline]
pub fn leaf<N, F, D>(_: N, describe: D, body: F) -> Leaf<N, F, D>
where
    N: Function,
    F: Future,
    D: Describe<F::Output>,
{
    Leaf { body, describe, function: PhantomData }
}

impl<N, F: Future, D> Future for Leaf<N, F, D> {
    type Output = F::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        self.project().body.poll(cx)
    }
}

#[diagnostic::do_not_recommend]
impl<N, F, D> Step for Leaf<N, F, D>
where
    N: Function,
    F: Future,
    D: Describe<F::Output>,
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
        info_of::<N>()
    }
}

/// Stands in for what a workflow that has errors does. Where rustc has reported them, the macro does
/// not repeat them; should rustc ever not have done so, the program is still not built.
pub fn never_built<T>() -> ! {
    const {
        assert!(size_of::<T>() == usize::MAX, "a workflow that does not parse cannot run");
    }
    unreachable!()
}

/// Stands in for a workflow that has errors; `body` never runs.
pub fn broken<F: Future>(body: F) -> Leaf<Broken, F, (AsSuccess, SaysNothing)> {
    leaf(Broken, (AsSuccess, SaysNothing), body)
}

/// See [`broken`].
pub struct Broken;

impl Function for Broken {}
