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
use crate::graph::Graph;
use crate::run::Place;
use crate::step::{Failure, Step};

/// Which part of an output is recorded.
pub trait Part<O> {
    /// Its type.
    type Value;
}

/// How that part is recorded.
pub trait Records<O>: Part<O> {
    /// The output as JSON; `None` where it is not recorded.
    fn encode(output: &O) -> Option<serde_json::Result<String>>;

    /// The output that was recorded.
    ///
    /// # Errors
    ///
    /// If this is no such value.
    fn decode(json: &str) -> serde_json::Result<O>;
}

/// All of it: nobody decides by `?`.
#[derive(Debug)]
pub struct Whole;

impl<O> Part<O> for Whole {
    type Value = O;
}

impl<O: Recordable> Records<O> for Whole {
    fn encode(output: &O) -> Option<serde_json::Result<String>> {
        Some(serde_json::to_string(output))
    }

    fn decode(json: &str) -> serde_json::Result<O> {
        serde_json::from_str(json)
    }
}

/// What `?` lets through. A step that fails has not completed: it runs again.
#[derive(Debug)]
pub struct OkOnly;

#[diagnostic::do_not_recommend]
impl<T, E> Part<Result<T, E>> for OkOnly {
    type Value = T;
}

#[diagnostic::do_not_recommend]
impl<T> Part<Option<T>> for OkOnly {
    type Value = T;
}

#[diagnostic::do_not_recommend]
impl<T: Recordable, E> Records<Result<T, E>> for OkOnly {
    fn encode(output: &Result<T, E>) -> Option<serde_json::Result<String>> {
        output.as_ref().ok().map(serde_json::to_string)
    }

    fn decode(json: &str) -> serde_json::Result<Result<T, E>> {
        serde_json::from_str(json).map(Ok)
    }
}

#[diagnostic::do_not_recommend]
impl<T: Recordable> Records<Option<T>> for OkOnly {
    fn encode(output: &Option<T>) -> Option<serde_json::Result<String>> {
        output.as_ref().map(serde_json::to_string)
    }

    fn decode(json: &str) -> serde_json::Result<Option<T>> {
        serde_json::from_str(json).map(Some)
    }
}

pin_project! {
    /// A step whose output is recorded, where its run keeps a record, before anybody sees it.
    pub struct Recorded<M, S: Step> {
        #[pin]
        step: S,
        writing: Option<(S::Output, StoreFuture<'static, ()>)>,
        mode: PhantomData<fn() -> M>,
    }
}

/// Called by the code that `workflow!` generates, with what stands for the type of the output.
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

/// Checks what is to be recorded, in such a way that there is one error and no more: see
/// `checks`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the output of a durable step",
    label = "this step's output has to be recorded",
    note = "derive `Serialize` and `Deserialize` for `{Self}`, or remove `#[durable]`"
)]
pub trait RecordedOutput<W> {
    /// The step, whose output is recorded.
    type Step<M, S: Step>;

    /// The step, whose output is recorded.
    fn recorded<M, S: Step>(step: S) -> Self::Step<M, S>;
}

#[diagnostic::do_not_recommend]
impl<T: Recordable> RecordedOutput<Always> for T {
    type Step<M, S: Step> = Recorded<M, S>;

    #[inline]
    fn recorded<M, S: Step>(step: S) -> Recorded<M, S> {
        Recorded { step, writing: None, mode: PhantomData }
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
    type Undoes = S::Undoes;

    fn poll_in(self: Pin<&mut Self>, cx: &mut Context<'_>, place: Place<'_>) -> Poll<S::Output> {
        let mut this = self.project();
        if this.writing.is_none() {
            let output = ready!(this.step.as_mut().poll_in(cx, place));
            match place.record(type_name::<M::Value>(), M::encode(&output)) {
                Some(write) => *this.writing = Some((output, write)),
                None => return Poll::Ready(output),
            }
        }
        let (_, write) = this.writing.as_mut().expect("it has just been set");
        let written = ready!(write.as_mut().poll(cx));
        let (output, _) = this.writing.take().expect("it is there");
        match written {
            Ok(()) => Poll::Ready(output),
            Err(error) => {
                // Whoever polls the run ends it.
                place.stop(error);
                Poll::Pending
            }
        }
    }

    #[inline]
    fn poll_part(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<S::Output> {
        self.project().step.poll_part(cx)
    }

    fn recorded_type(&self) -> &'static str {
        type_name::<M::Value>()
    }

    fn replay(self: Pin<&mut Self>, recorded: &str) -> Option<serde_json::Result<S::Output>> {
        Some(M::decode(recorded))
    }

    fn failure(self: Pin<&mut Self>, output: &S::Output) -> Option<Failure> {
        self.project().step.failure(output)
    }

    fn name(&self) -> &'static str {
        self.step.name()
    }

    fn graph(&self) -> Option<&'static Graph> {
        self.step.graph()
    }

    fn delays_itself(&self) -> bool {
        self.step.delays_itself()
    }

    fn undoes(&self) -> bool {
        self.step.undoes()
    }

    fn keep_undo(&self) {
        self.step.keep_undo();
    }

    fn poll_undo(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Output>> {
        self.project().step.poll_undo(cx)
    }
}
