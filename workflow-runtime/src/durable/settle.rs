//! A workflow does not end before the records that are being written are finished.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use crate::durable::Passes;
use crate::flow::Outcome;
use crate::run::{InFlight, Place, current_in_flight};
use crate::step::{Failure, Info, Step};

pin_project! {
    /// A branch of a durable workflow: if it fails, it reports that only when nothing alongside it
    /// is being written any more.
    pub struct SettledBranch<F: Future> {
        #[pin]
        state: State<F>,
    }
}

pin_project! {
    #[project = StateNow]
    #[project_replace = StateBefore]
    enum State<F: Future> {
        Runs { #[pin] branch: F },
        Failed { output: F::Output, beside: Arc<InFlight> },
        Over,
    }
}

/// Called by the code that `workflow!` generates.
#[inline]
pub fn settled<F>(branch: F) -> SettledBranch<F>
where
    F: Future,
    F::Output: Outcome,
{
    SettledBranch { state: State::Runs { branch } }
}

impl<F> Future for SettledBranch<F>
where
    F: Future,
    F::Output: Outcome,
{
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let mut state = self.project().state;
        if let StateNow::Runs { branch } = state.as_mut().project() {
            let output = ready!(branch.poll(cx));
            let beside = if output.failed() { current_in_flight() } else { None };
            let Some(beside) = beside else {
                state.set(State::Over);
                return Poll::Ready(output);
            };
            beside.end();
            state.set(State::Failed { output, beside });
        }
        if let StateNow::Failed { beside, .. } = state.as_mut().project() {
            ready!(beside.poll_settled(cx));
        }
        match state.project_replace(State::Over) {
            StateBefore::Failed { output, .. } => Poll::Ready(output),
            StateBefore::Runs { .. } | StateBefore::Over => {
                unreachable!("it is not polled again after its end")
            }
        }
    }
}

pin_project! {
    /// The call of a workflow that undoes its own steps. It behaves like [`SettledBranch`].
    pub struct SettledCall<M, S: Step> {
        #[pin]
        call: S,
        failed: Option<S::Output>,
        mode: std::marker::PhantomData<fn() -> M>,
    }
}

/// Called by the code that `workflow!` generates.
pub fn settled_call<M, S: Step>(call: S) -> SettledCall<M, S>
where
    M: Passes<S::Output>,
{
    SettledCall { call, failed: None, mode: std::marker::PhantomData }
}

impl<M: Passes<S::Output>, S: Step> Future for SettledCall<M, S> {
    type Output = S::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<S::Output> {
        self.project().call.poll(cx)
    }
}

#[diagnostic::do_not_recommend]
impl<M: Passes<S::Output>, S: Step> Step for SettledCall<M, S> {
    type Undo = S::Undo;
    type Kind = S::Kind;

    fn poll_in(self: Pin<&mut Self>, cx: &mut Context<'_>, place: Place<'_>) -> Poll<S::Output> {
        let this = self.project();
        if this.failed.is_none() {
            let output = ready!(this.call.poll_in(cx, place));
            if M::passes(&output) {
                return Poll::Ready(output);
            }
            *this.failed = Some(output);
        }
        ready!(place.poll_end(cx));
        Poll::Ready(this.failed.take().expect("it has just been there"))
    }

    fn poll_part(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<S::Output> {
        self.project().call.poll_part(cx)
    }

    fn failure(self: Pin<&mut Self>, output: &S::Output) -> Option<Failure> {
        self.project().call.failure(output)
    }

    fn info(&self) -> Info {
        self.call.info()
    }

    fn keep_undo(&self) {
        self.call.keep_undo();
    }

    fn poll_undo(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Output>> {
        self.project().call.poll_undo(cx)
    }
}
