//! The call of a workflow that undoes its own steps, when the caller inspects its failure.

use std::any::type_name;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use crate::durable::outputs::Output;
use crate::durable::recorded::{BeingWritten, recorded_types};
use crate::durable::recorded_part::{Records, Whole};
use crate::run::Place;
use crate::step::{Failure, Info, Step};

pin_project! {
    /// Such a call. Its success is in the records of its own steps, which may have to be undone
    /// later. Its failure is recorded like that of a step: its steps have been undone, and would
    /// run again.
    pub struct IsolatedCall<S: Step> {
        #[pin]
        call: S,
        state: State<S::Output>,
    }
}

enum State<O> {
    Runs,
    /// Its failure is being written.
    Failed(BeingWritten<O>),
    /// It is over, or the run cannot continue.
    Over,
}

/// Called by the code that `workflow!` generates, with a stand-in for the type of the output.
pub fn isolated_call<S, const NODE: usize>(
    _: Output<NODE, Whole, S::Output>,
    call: S,
) -> IsolatedCall<S>
where
    S: Step,
    Whole: Records<S::Output>,
{
    IsolatedCall { call, state: State::Runs }
}

impl<S: Step> Future for IsolatedCall<S> {
    type Output = S::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<S::Output> {
        self.project().call.poll(cx)
    }
}

#[diagnostic::do_not_recommend]
impl<S: Step> Step for IsolatedCall<S>
where
    Whole: Records<S::Output>,
{
    type Undo = S::Undo;
    type Kind = S::Kind;

    fn poll_in(self: Pin<&mut Self>, cx: &mut Context<'_>, place: Place<'_>) -> Poll<S::Output> {
        let mut this = self.project();
        if let State::Runs = this.state {
            let output = ready!(this.call.as_mut().poll_in(cx, place));
            if this.call.as_mut().failure(&output).is_none() {
                return Poll::Ready(output);
            }
            let json = Whole::encode(&output).expect("all of an output is recorded");
            match BeingWritten::start::<Whole>(output, json, place, type_name::<S>()) {
                Ok(writing) => *this.state = State::Failed(writing),
                Err(output) => return Poll::Ready(output),
            }
        }
        let State::Failed(writing) = this.state else { return Poll::Pending };
        let written = ready!(writing.poll(cx, place));
        *this.state = State::Over;
        written.map_or(Poll::Pending, Poll::Ready)
    }

    fn poll_part(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<S::Output> {
        self.project().call.poll_part(cx)
    }

    fn replay(self: Pin<&mut Self>, recorded: &str) -> Option<serde_json::Result<S::Output>> {
        Some(Whole::decode(recorded))
    }

    fn failure(self: Pin<&mut Self>, output: &S::Output) -> Option<Failure> {
        self.project().call.failure(output)
    }

    fn info(&self) -> Info {
        Info { recorded: recorded_types::<Whole, S>(), ..self.call.info() }
    }

    fn keep_undo(&self) {
        self.call.keep_undo();
    }

    fn poll_undo(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Output>> {
        self.project().call.poll_undo(cx)
    }
}
