//! The future of a workflow that can be undone.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::control::Control;
use crate::run::{Direct, Entered, Place, Scope};
use crate::step::{
    Describe, Failure, Function, Info, OwnUndo, Step, WholeWorkflow, failure_of, info_of,
};
use crate::workflow::graph_of;

pin_project! {
    /// A workflow with compensations.
    pub struct Saga<N, R, B, D> {
        #[pin]
        body: B,
        control: Control<R>,
        describe: D,
        function: PhantomData<fn() -> N>,
        // The body has returned.
        returned: bool,
        direct: Direct,
        // After the body, so that what the body drops is reported first.
        scope: Option<Arc<Scope>>,
    }
}

/// Called by the code that `workflow!` generates.
pub fn saga<N, R, B, D>(
    _: N,
    describe: D,
    make_body: impl FnOnce(Control<R>) -> B,
) -> Saga<N, R, B, D>
where
    N: Function,
    B: Future<Output = R>,
    D: Describe<R>,
{
    let control = Control::new();
    let body = make_body(control.share());
    Saga {
        body,
        control,
        describe,
        function: PhantomData,
        returned: false,
        direct: Direct::new(),
        scope: None,
    }
}

impl<N, R, B: Future<Output = R>, D> Saga<N, R, B, D> {
    fn poll_body(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<R> {
        let this = self.project();
        match this.body.poll(cx) {
            Poll::Ready(output) => {
                *this.returned = true;
                Poll::Ready(output)
            }
            Poll::Pending => this.control.take_output().map_or(Poll::Pending, Poll::Ready),
        }
    }
}

impl<N, R, B, D> Saga<N, R, B, D>
where
    B: Future<Output = R>,
    D: Describe<R>,
{
    fn poll_in_scope(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        scope: &Arc<Scope>,
    ) -> Poll<R> {
        let output = {
            let _entered = Entered::body(Arc::clone(scope));
            self.as_mut().poll_body(cx)
        };
        let describe = &*self.project().describe;
        scope.polled(&output, |output| describe.failed(output));
        let output = core::task::ready!(output);
        scope.finish_workflow(|| failure_of(describe, &output));
        Poll::Ready(output)
    }
}

impl<N, R, B, D> Future for Saga<N, R, B, D>
where
    N: Function,
    B: Future<Output = R>,
    D: Describe<R>,
{
    type Output = R;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<R> {
        let this = self.as_mut().project();
        match this.direct.scope(graph_of::<N>).map(Arc::clone) {
            Some(scope) => self.poll_in_scope(cx, &scope),
            None => self.poll_body(cx),
        }
    }
}

#[diagnostic::do_not_recommend]
impl<N, R, B, D> Step for Saga<N, R, B, D>
where
    N: Function,
    B: Future<Output = R>,
    D: Describe<R>,
{
    type Undo = OwnUndo;
    type Kind = WholeWorkflow;

    fn poll_in(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        place: Place<'_>,
    ) -> Poll<B::Output> {
        let this = self.as_mut().project();
        let graph = graph_of::<N>();
        let scope = Arc::clone(this.scope.get_or_insert_with(|| place.workflow(graph)));
        self.poll_in_scope(cx, &scope)
    }

    fn poll_part(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<R> {
        self.poll_body(cx)
    }

    fn failure(self: Pin<&mut Self>, output: &R) -> Option<Failure> {
        failure_of(&self.describe, output)
    }

    fn info(&self) -> Info {
        Info { undoes: true, ..info_of::<N>() }
    }

    fn keep_undo(&self) {
        self.control.keep();
    }

    fn poll_undo(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<R>> {
        self.control.undo();
        if self.returned || self.control.is_undone() {
            return Poll::Ready(None);
        }
        let _entered = self.scope.clone().map(Entered::body);
        match self.as_mut().poll_body(cx) {
            // It had already failed, and has undone what it had done.
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if self.control.is_undone() => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }
}
