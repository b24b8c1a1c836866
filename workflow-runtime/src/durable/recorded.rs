//! A step whose output is recorded.

use std::any::type_name;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;
use workflow_journal::StoreFuture;

use crate::checks::{Always, Never, Nothing};
use crate::durable::Recordable;
use crate::durable::outputs::Output;
use crate::durable::recorded_part::{Part, Records};
use crate::run::{Begin, Outgoing, Place, Stop};
use crate::step::{Bounds, Failure, Info, RecordedTypes, Step};

pin_project! {
    /// A step whose output is recorded before anything else sees it, if a record of its run is
    /// kept.
    pub struct Recorded<M, S: Step> {
        #[pin]
        step: S,
        stage: Stage<S::Output>,
        mode: PhantomData<fn() -> M>,
    }
}

/// How far a recorded step has progressed.
enum Stage<O> {
    /// It has not been polled.
    New,
    /// The beginning of an attempt is being written down.
    Begins(StoreFuture<'static, ()>),
    Runs,
    /// Its output is being written.
    Writes(BeingWritten<O>),
    /// It has failed, and what runs alongside it is being written.
    Fails(O),
    /// It is over, or the run cannot continue.
    Over,
}

/// Called by the code that `workflow!` generates, with a stand-in for the type of the output.
#[inline]
pub fn recorded<M, S, W, const NODE: usize>(
    _: Output<NODE, M, S::Output>,
    step: S,
) -> <M::Value as RecordedOutput<W>>::Step<M, S>
where
    M: Part<S::Output>,
    M::Value: RecordedOutput<W>,
    S: Step,
{
    <M::Value as RecordedOutput<W>>::recorded(step)
}

/// Checks what is to be recorded in such a way that there is exactly one error: see `checks`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the output of a durable step",
    label = "this step's output has to be recorded",
    note = "derive `Serialize` and `Deserialize` for `{Self}`, or remove `#[durable]`"
)]
pub trait RecordedOutput<W> {
    /// The step whose output is recorded.
    type Step<M, S: Step>;

    /// The step whose output is recorded.
    fn recorded<M, S: Step>(step: S) -> Self::Step<M, S>;
}

#[diagnostic::do_not_recommend]
impl<T: Recordable> RecordedOutput<Always> for T {
    type Step<M, S: Step> = Recorded<M, S>;

    #[inline]
    fn recorded<M, S: Step>(step: S) -> Recorded<M, S> {
        Recorded { step, stage: Stage::New, mode: PhantomData }
    }
}

#[diagnostic::do_not_recommend]
impl<T: Nothing> RecordedOutput<Never> for T {
    type Step<M, S: Step> = S;

    fn recorded<M, S: Step>(step: S) -> S {
        step
    }
}

impl<M: Records<S::Output>, S: Step> Future for Recorded<M, S> {
    type Output = S::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<S::Output> {
        self.project().step.poll(cx)
    }
}

#[diagnostic::do_not_recommend]
impl<M: Records<S::Output>, S: Step> Step for Recorded<M, S> {
    type Undo = S::Undo;
    type Kind = S::Kind;

    fn poll_in(self: Pin<&mut Self>, cx: &mut Context<'_>, place: Place<'_>) -> Poll<S::Output> {
        let mut this = self.project();
        loop {
            *this.stage = match std::mem::replace(this.stage, Stage::Over) {
                Stage::New => match begin::<M, S>(&this.step, place) {
                    Ok(stage) => stage,
                    Err(()) => return Poll::Pending,
                },
                Stage::Begins(mut write) => match write.as_mut().poll(cx) {
                    Poll::Pending => {
                        *this.stage = Stage::Begins(write);
                        return Poll::Pending;
                    }
                    Poll::Ready(Ok(())) => Stage::Runs,
                    Poll::Ready(Err(error)) => {
                        place.stop(Stop::Store(error));
                        return Poll::Pending;
                    }
                },
                Stage::Runs => match this.step.as_mut().poll_in(cx, place) {
                    Poll::Pending => {
                        *this.stage = Stage::Runs;
                        return Poll::Pending;
                    }
                    Poll::Ready(output) => match came_to::<M, _>(output, place, type_name::<S>()) {
                        Ok(stage) => stage,
                        Err(output) => return Poll::Ready(output),
                    },
                },
                Stage::Writes(mut output) => match output.poll(cx, place) {
                    Poll::Pending => {
                        *this.stage = Stage::Writes(output);
                        return Poll::Pending;
                    }
                    // The record counts as being written until the body has the output.
                    Poll::Ready(written) => return written.map_or(Poll::Pending, Poll::Ready),
                },
                Stage::Fails(output) => {
                    if place.poll_end(cx).is_pending() {
                        *this.stage = Stage::Fails(output);
                        return Poll::Pending;
                    }
                    return Poll::Ready(output);
                }
                Stage::Over => return Poll::Pending,
            };
        }
    }

    #[inline]
    fn poll_part(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<S::Output> {
        self.project().step.poll_part(cx)
    }

    fn replay(self: Pin<&mut Self>, recorded: &str) -> Option<serde_json::Result<S::Output>> {
        Some(M::decode(recorded))
    }

    fn failure(self: Pin<&mut Self>, output: &S::Output) -> Option<Failure> {
        self.project().step.failure(output)
    }

    fn info(&self) -> Info {
        Info { recorded: recorded_types::<M, S>(), ..self.step.info() }
    }

    fn keep_undo(&self) {
        self.step.keep_undo();
    }

    fn poll_undo(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Output>> {
        self.project().step.poll_undo(cx)
    }
}

/// The types in the record of a step, of whose output `M` is recorded.
pub(super) fn recorded_types<M: Records<S::Output>, S: Step>() -> RecordedTypes {
    RecordedTypes { output: type_name::<M::Value>(), function: type_name::<S>() }
}

/// What a step does first.
fn begin<M: Records<S::Output>, S: Step>(
    step: &S,
    place: Place<'_>,
) -> Result<Stage<S::Output>, ()> {
    if let Err(problem) = M::check() {
        place.stop(Stop::Unrecordable(problem));
        return Err(());
    }
    // A crash in the only attempt of a step without a deadline does not need to be counted.
    let Bounds { max_attempts, deadline } = step.info().bounds;
    if max_attempts == 1 && !deadline {
        return Ok(Stage::Runs);
    }
    match place.begin(max_attempts) {
        None => Ok(Stage::Runs),
        Some(Begin::After(write)) => Ok(Stage::Begins(write)),
        Some(Begin::Never) => Err(()),
    }
}

/// What happens next with an output; returns the output if nothing does.
fn came_to<M: Records<O>, O>(
    output: O,
    place: Place<'_>,
    function: &'static str,
) -> Result<Stage<O>, O> {
    match M::encode(&output) {
        Some(json) => BeingWritten::start::<M>(output, json, place, function).map(Stage::Writes),
        None if M::ENDS => Ok(Stage::Fails(output)),
        None => Err(output),
    }
}

/// An output, as it was read back, while it is being written.
pub(super) struct BeingWritten<O> {
    output: Option<O>,
    outgoing: Box<Outgoing>,
}

impl<O> BeingWritten<O> {
    /// Returns the output if no record of the run is kept.
    pub(super) fn start<M: Records<O>>(
        output: O,
        json: serde_json::Result<String>,
        place: Place<'_>,
        function: &'static str,
    ) -> Result<Self, O> {
        // The body gets what a run that is resumed later would read.
        let read = json.and_then(|json| Ok((M::decode(&json)?, json)));
        let (read, json) = match read {
            Ok((read, json)) => (Some(read), Ok(json)),
            Err(error) => (None, Err(error)),
        };
        match place.record((type_name::<M::Value>(), function), json) {
            None => Err(output),
            Some(outgoing) => Ok(Self { output: read, outgoing: Box::new(outgoing) }),
        }
    }

    /// Returns the output once it is written, or `None` if the run cannot continue.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>, place: Place<'_>) -> Poll<Option<O>> {
        let written = match ready!(self.outgoing.write.as_mut().poll(cx)) {
            Ok(()) => self.output.take(),
            Err(error) => {
                place.stop(Stop::Store(error));
                None
            }
        };
        Poll::Ready(match self.outgoing.lost.take() {
            None => written,
            Some(lost) => {
                place.stop(lost);
                None
            }
        })
    }
}
