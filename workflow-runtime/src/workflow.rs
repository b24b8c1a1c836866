//! The future of a whole workflow.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::sync::Arc;

use pin_project_lite::pin_project;

use crate::graph::Graph;
use crate::run::{Entered, Place};
use crate::step::{Answer, Failure, Nothing, Question, Step, failure_of};

pin_project! {
    /// A workflow. Polled on its own it is its body and nothing else; polled in a run, it
    /// makes its scope the current one while the body is polled.
    pub struct Workflow<B, D> {
        #[pin]
        body: B,
        describe: D,
    }
}

/// Called by the code that `workflow!` generates.
#[inline]
pub fn workflow<B, D>(body: B, describe: D) -> Workflow<B, D>
where
    B: Future,
    D: Fn(Question<'_, B::Output>) -> Answer,
{
    Workflow { body, describe }
}

impl<B: Future, D> Future for Workflow<B, D> {
    type Output = B::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<B::Output> {
        self.project().body.poll(cx)
    }
}

#[diagnostic::do_not_recommend]
impl<B, D> Step for Workflow<B, D>
where
    B: Future,
    D: Fn(Question<'_, B::Output>) -> Answer,
{
    type Undoes = Nothing;

    fn poll_in(self: Pin<&mut Self>, cx: &mut Context<'_>, place: Place<'_>) -> Poll<B::Output> {
        let this = self.project();
        let describe = &*this.describe;
        let scope = place.workflow(graph_of(describe));
        let output = {
            let _entered = Entered::body(Arc::clone(&scope));
            core::task::ready!(this.body.poll(cx))
        };
        scope.finish_workflow(|| failure_of(describe, &output));
        Poll::Ready(output)
    }

    fn failure(self: Pin<&mut Self>, output: &B::Output) -> Option<Failure> {
        failure_of(&self.describe, output)
    }

    fn name(&self) -> &'static str {
        graph_of(&self.describe).name()
    }

    fn graph(&self) -> Option<&'static Graph> {
        Some(graph_of(&self.describe))
    }
}

pub(crate) fn graph_of<T>(describe: &impl Fn(Question<'_, T>) -> Answer) -> &'static Graph {
    match describe(Question::Graph) {
        Answer::Graph(graph) => graph,
        Answer::Name(_) | Answer::NoGraph | Answer::Failure(_) => {
            unreachable!("a workflow knows its graph")
        }
    }
}
