//! The call of a durable workflow.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::durable::{Inputs, Outputs};
use crate::graph::Graph;
use crate::run::Place;
use crate::step::{Failure, Info, Step, UndoKind, broken};

/// The future that a `#[durable]` workflow returns: a [`Step`] that a
/// [`Journal`](crate::Journal) can run.
///
/// When it is awaited directly, it behaves like the future of any other workflow. Only `workflow!`
/// creates one.
///
/// ```
/// use workflow_runtime::DurableStep;
///
/// # use workflow_runtime::{Journal, StepError, step, workflow};
/// # #[step]
/// # async fn charge(cents: u32) -> Result<u32, StepError> {
/// #     if cents == 0 { Err(StepError::permanent("nothing to pay")) } else { Ok(cents) }
/// # }
/// # workflow! {
/// #     #[durable]
/// #     async fn checkout(cents: u32) -> Result<u32, StepError> {
/// #         let payment = charge(cents).await?;
/// #         Ok(payment)
/// #     }
/// # }
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// /// A call that somebody else runs.
/// fn prepared() -> impl DurableStep<Output = Result<u32, StepError>> { checkout(995) }
///
/// assert_eq!(Journal::memory().run("cart-1042", prepared()).await?, 995);
/// assert_eq!(prepared().await?, 995);             // records nothing
/// # Ok(())
/// # }
/// ```
#[must_use = "steps do nothing unless awaited"]
#[diagnostic::on_unimplemented(
    message = "this call is not one of a durable workflow",
    label = "cannot be run by a journal",
    note = "write `#[durable]` above the workflow's `fn`"
)]
pub trait DurableStep: Step {
    /// The inputs that are recorded, before the first poll.
    #[doc(hidden)]
    fn inputs(&self) -> Inputs;

    /// Turns the inputs into what a run that is resumed later would read, before the first poll.
    #[doc(hidden)]
    #[allow(clippy::missing_errors_doc)]
    fn read_back(&mut self) -> Result<(), (&'static str, serde_json::Error)>;

    /// The module that contains the workflow.
    #[doc(hidden)]
    fn module(&self) -> &'static str;

    /// The types of what is recorded for its nodes, by node number.
    #[doc(hidden)]
    fn outputs() -> Vec<(usize, &'static str)>
    where
        Self: Sized;
}

pin_project! {
    /// A durable workflow: its inputs until it is first polled, then the workflow.
    pub struct Durable<I, M, S, W, B, G, L> {
        #[pin]
        state: State<I, M, S>,
        write: W,
        read_back: B,
        graph: G,
        module: &'static str,
        // It can be undone after its success.
        kept: AtomicBool,
        outputs: PhantomData<fn() -> L>,
    }
}

pin_project! {
    #[project = StateNow]
    enum State<I, M, S> {
        Called { parts: Option<(I, M)> },
        Runs { #[pin] workflow: S },
    }
}

/// Called by the code that `workflow!` generates.
#[inline]
pub fn durable<I, M, S, W, B, G, L>(
    inputs: I,
    make: M,
    write: W,
    read_back: B,
    (graph, module): (G, &'static str),
    _: L,
) -> Durable<I, M, S, W, B, G, L>
where
    M: FnOnce(I) -> S,
    S: Step,
    W: Fn(&I) -> Inputs,
    B: Fn(&mut I) -> Result<(), (&'static str, serde_json::Error)>,
    G: Fn() -> &'static Graph,
{
    Durable {
        state: State::Called { parts: Some((inputs, make)) },
        write,
        read_back,
        graph,
        module,
        kept: AtomicBool::new(false),
        outputs: PhantomData,
    }
}

/// Stands in for a durable workflow that has errors; `body` never runs.
pub fn broken_durable<F: Future>(body: F) -> impl DurableStep<Output = F::Output> {
    let graph =
        || -> &'static Graph { unreachable!("a workflow that has errors does not compile") };
    durable((), |()| broken(body), |()| Inputs::new(), |()| Ok(()), (graph, ""), ())
}

impl<I, M: FnOnce(I) -> S, S: Step, W, B, G, L> Durable<I, M, S, W, B, G, L> {
    /// The workflow, which is created by the first call of this.
    #[inline]
    fn workflow(self: Pin<&mut Self>) -> Pin<&mut S> {
        let mut this = self.project();
        if let StateNow::Called { parts } = this.state.as_mut().project() {
            let (inputs, make) = parts.take().expect("it has not been made yet");
            let workflow = make(inputs);
            if this.kept.load(Ordering::Relaxed) {
                workflow.keep_undo();
            }
            this.state.set(State::Runs { workflow });
        }
        match this.state.project() {
            StateNow::Runs { workflow } => workflow,
            StateNow::Called { .. } => unreachable!("it has just been made"),
        }
    }
}

impl<I, M, S, W, B, G, L> Future for Durable<I, M, S, W, B, G, L>
where
    M: FnOnce(I) -> S,
    S: Step,
{
    type Output = S::Output;

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<S::Output> {
        self.workflow().poll(cx)
    }
}

#[diagnostic::do_not_recommend]
impl<I, M, S, W, B, G, L> Step for Durable<I, M, S, W, B, G, L>
where
    M: FnOnce(I) -> S,
    S: Step,
    G: Fn() -> &'static Graph,
{
    type Undo = S::Undo;
    type Kind = S::Kind;

    fn poll_in(self: Pin<&mut Self>, cx: &mut Context<'_>, place: Place<'_>) -> Poll<S::Output> {
        self.workflow().poll_in(cx, place)
    }

    #[inline]
    fn poll_part(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<S::Output> {
        self.workflow().poll_part(cx)
    }

    fn failure(self: Pin<&mut Self>, output: &S::Output) -> Option<Failure> {
        self.workflow().failure(output)
    }

    fn info(&self) -> Info {
        let undoes = match &self.state {
            State::Runs { workflow } => workflow.info().undoes,
            State::Called { .. } => S::Undo::CERTAINLY,
        };
        Info { undoes, ..Info::workflow((self.graph)()) }
    }

    fn keep_undo(&self) {
        self.kept.store(true, Ordering::Relaxed);
        if let State::Runs { workflow } = &self.state {
            workflow.keep_undo();
        }
    }

    fn poll_undo(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Output>> {
        self.workflow().poll_undo(cx)
    }
}

#[diagnostic::do_not_recommend]
impl<I, M, S, W, B, G, L> DurableStep for Durable<I, M, S, W, B, G, L>
where
    M: FnOnce(I) -> S,
    S: Step,
    W: Fn(&I) -> Inputs,
    B: Fn(&mut I) -> Result<(), (&'static str, serde_json::Error)>,
    G: Fn() -> &'static Graph,
    L: Outputs,
{
    fn outputs() -> Vec<(usize, &'static str)> {
        let mut outputs = Vec::new();
        L::name(&mut outputs);
        outputs
    }

    fn inputs(&self) -> Inputs {
        match &self.state {
            State::Called { parts: Some((inputs, _)) } => (self.write)(inputs),
            State::Called { parts: None } | State::Runs { .. } => {
                panic!("a journal was given the call of a workflow that runs already")
            }
        }
    }

    fn read_back(&mut self) -> Result<(), (&'static str, serde_json::Error)> {
        match &mut self.state {
            State::Called { parts: Some((inputs, _)) } => (self.read_back)(inputs),
            State::Called { parts: None } | State::Runs { .. } => Ok(()),
        }
    }

    fn module(&self) -> &'static str {
        self.module
    }
}
