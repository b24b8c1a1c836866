//! The future of a whole workflow.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::graph::Graph;
use crate::run::{Place, Scope};
use crate::step::{Answer, Question, Step, failure_of};

pin_project! {
    /// A workflow: its body is made on the first poll, for the run that polls it.
    pub struct Workflow<M, B, D> {
        describe: D,
        #[pin]
        state: State<M, B>,
    }
}

pin_project! {
    #[project = StateProjection]
    enum State<M, B> {
        New { make: Option<M> },
        Running { #[pin] body: B, scope: Scope },
    }
}

/// Called by the code that `workflow!` generates. `make` gets the run and returns the
/// body.
#[inline]
pub fn workflow<M, B, D>(make: M, describe: D) -> Workflow<M, B, D>
where
    M: FnOnce(Scope) -> B,
    B: Future,
    D: Fn(Question<'_, B::Output>) -> Answer,
{
    Workflow { describe, state: State::New { make: Some(make) } }
}

impl<M, B, D> Workflow<M, B, D>
where
    M: FnOnce(Scope) -> B,
    B: Future,
{
    /// Polls the body, which is made first if need be.
    #[inline]
    fn poll_body(
        state: Pin<&mut State<M, B>>,
        cx: &mut Context<'_>,
        scope: impl FnOnce() -> Scope,
    ) -> Poll<B::Output> {
        let mut state = state;
        if let StateProjection::New { make } = state.as_mut().project() {
            let make = make.take().expect("a workflow is not polled again after a panic");
            let scope = scope();
            state.set(State::Running { body: make(scope.clone()), scope });
        }
        match state.project() {
            StateProjection::Running { body, .. } => body.poll(cx),
            StateProjection::New { .. } => unreachable!("the body has just been made"),
        }
    }
}

impl<M, B, D> Future for Workflow<M, B, D>
where
    M: FnOnce(Scope) -> B,
    B: Future,
{
    type Output = B::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<B::Output> {
        Self::poll_body(self.project().state, cx, Scope::detached)
    }
}

impl<M, B, D> Step for Workflow<M, B, D>
where
    M: FnOnce(Scope) -> B,
    B: Future,
    D: Fn(Question<'_, B::Output>) -> Answer,
{
    #[inline]
    fn poll_in(self: Pin<&mut Self>, cx: &mut Context<'_>, place: Place<'_>) -> Poll<B::Output> {
        let this = self.project();
        let describe = &*this.describe;
        let mut state = this.state;
        let output = core::task::ready!(Self::poll_body(state.as_mut(), cx, || {
            Scope::workflow(place, graph_of(describe))
        }));
        if let StateProjection::Running { scope, .. } = state.project() {
            scope.finish_workflow(|| failure_of(describe, &output));
        }
        Poll::Ready(output)
    }

    fn failure(self: Pin<&mut Self>, output: &B::Output) -> Option<String> {
        failure_of(&self.describe, output)
    }

    fn name(&self) -> &'static str {
        graph_of(&self.describe).name()
    }

    fn graph(&self) -> Option<&'static Graph> {
        Some(graph_of(&self.describe))
    }
}

fn graph_of<T>(describe: &impl Fn(Question<'_, T>) -> Answer) -> &'static Graph {
    match describe(Question::Graph) {
        Answer::Graph(graph) => graph,
        Answer::Name(_) | Answer::NoGraph | Answer::Failure(_) => {
            unreachable!("a workflow knows its graph")
        }
    }
}
