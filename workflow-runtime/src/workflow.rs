//! The future of a whole workflow.

use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::sync::Arc;

use pin_project_lite::pin_project;

use crate::graph::Graph;
use crate::run::{Direct, Place, Scope, poll_body};
use crate::step::{
    Describe, Failure, Function, Info, NoUndo, Step, WholeWorkflow, failure_of, info_of,
};

pin_project! {
    /// A workflow. Polled on its own, it is its body and nothing else, unless its spans are
    /// wanted; polled in a run, it makes its scope the current one while the body is polled.
    pub struct Workflow<N, B, D> {
        #[pin]
        body: B,
        describe: D,
        function: PhantomData<fn() -> N>,
        // Declared after the body, so that what the body drops is reported first.
        direct: Direct,
    }
}

/// Called by the code that `workflow!` generates.
#[inline]
pub fn workflow<N, B, D>(_: N, describe: D, body: B) -> Workflow<N, B, D>
where
    N: Function,
    B: Future,
    D: Describe<B::Output>,
{
    Workflow { body, describe, function: PhantomData, direct: Direct::new() }
}

impl<N, B, D> Future for Workflow<N, B, D>
where
    N: Function,
    B: Future,
    D: Describe<B::Output>,
{
    type Output = B::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<B::Output> {
        let this = self.project();
        let describe = &*this.describe;
        match this.direct.scope(graph_of::<N>) {
            Some(scope) => poll_in_scope(Arc::clone(scope), this.body, describe, cx),
            None => this.body.poll(cx),
        }
    }
}

#[cold]
#[inline(never)]
fn poll_in_scope<B, D>(
    scope: Arc<Scope>,
    mut body: Pin<&mut B>,
    describe: &D,
    cx: &mut Context<'_>,
) -> Poll<B::Output>
where
    B: Future,
    D: Describe<B::Output>,
{
    let mut output = Poll::Pending;
    let scope = poll_body(scope, &mut || output = body.as_mut().poll(cx));
    scope.polled(&output, |output| describe.failed(output));
    let output = core::task::ready!(output);
    scope.finish_workflow(|| failure_of(describe, &output));
    Poll::Ready(output)
}

#[diagnostic::do_not_recommend]
impl<N, B, D> Step for Workflow<N, B, D>
where
    N: Function,
    B: Future,
    D: Describe<B::Output>,
{
    type Undo = NoUndo;
    type Kind = WholeWorkflow;

    fn poll_in(self: Pin<&mut Self>, cx: &mut Context<'_>, place: Place<'_>) -> Poll<B::Output> {
        let this = self.project();
        let describe = &*this.describe;
        let scope = place.workflow(graph_of::<N>());
        poll_in_scope(scope, this.body, describe, cx)
    }

    #[inline]
    fn poll_part(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<B::Output> {
        self.project().body.poll(cx)
    }

    fn failure(self: Pin<&mut Self>, output: &B::Output) -> Option<Failure> {
        failure_of(&self.describe, output)
    }

    fn info(&self) -> Info {
        info_of::<N>()
    }
}

/// The graph of a workflow.
pub(crate) fn graph_of<N: Function>() -> &'static Graph {
    N::GRAPH.expect("a workflow knows its graph")
}
