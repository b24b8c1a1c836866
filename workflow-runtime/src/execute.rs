//! Attaching things to a call.

use core::future::Future;
use core::pin::{Pin, pin};
use core::task::{Context, Poll};
use std::sync::Arc;
use std::time::Duration;

use pin_project_lite::pin_project;
use tokio::task::coop::unconstrained;
use tokio::time::{Sleep, sleep};

use crate::attempt::{TimedOut, What};
use crate::run::{
    Delay, Entered, Observer, Root, Shared, SingleStep, check_single, check_workflow,
};
#[cfg(feature = "durable")]
use crate::run::{Failure, InFlight, Recording};
use crate::step::Step;

/// Attaches observers to one call of a workflow or a step.
///
/// The call's type does not change, and a call without a `Run` pays nothing for the
/// possibility.
///
/// ```
/// use workflow_runtime::{Recorder, Run, step, workflow};
///
/// #[step]
/// async fn greet(name: &str) -> String { format!("hello {name}") }
///
/// workflow! {
///     async fn welcome(name: &str) -> String {
///         let greeting = greet(name).await;
///         greeting
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let recorder = Recorder::new();
/// let greeting = Run::new().observe(recorder.clone()).execute(welcome("Ada")).await;
/// assert_eq!(greeting, "hello Ada");
/// assert!(recorder.completed("greeting"));
/// # }
/// ```
#[must_use = "a run does nothing until it executes a call"]
#[derive(Clone)]
pub struct Run<D = NoDeadline> {
    observers: Vec<Arc<dyn Observer>>,
    delays: Vec<Delay>,
    deadline: D,
}

/// A [`Run`] without a time limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoDeadline;

/// A [`Run`] that is bounded by [`Run::deadline`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deadline(Duration);

impl Run {
    /// A run with nothing attached.
    pub fn new() -> Self {
        Self { observers: Vec::new(), delays: Vec::new(), deadline: NoDeadline }
    }

    /// Runs a workflow or a single step with this run attached.
    ///
    /// Nothing happens until the returned future is polled. Dropping it stops the run;
    /// observers are told which steps were cancelled.
    ///
    /// # Panics
    ///
    /// If [`Run::delay`] names a step that the call does not have. Polling the returned future
    /// panics if the call is a workflow that was polled before and has already started steps that
    /// the run knows nothing about.
    #[track_caller]
    pub fn execute<S: Step>(self, call: S) -> Execute<S> {
        let info = call.info();
        match info.graph {
            Some(graph) => check_workflow(&self.delays, graph, ""),
            None => check_single(&self.delays, info.name),
        }
        let run = Shared::new(self.observers, self.delays);
        Execute { call, root: Root::new(run), single: None }
    }
}

impl<D> Run<D> {
    /// Adds an observer. There can be any number of them; they are called in the order in which
    /// they were added.
    pub fn observe(mut self, observer: impl Observer + 'static) -> Self {
        self.observers.push(Arc::new(observer));
        self
    }

    /// Makes the step with this path slower by `duration`, to see how the workflow then behaves.
    ///
    /// The delay comes before the step's own code, and again before each further attempt. It
    /// counts toward the step's time: a `timeout` or `deadline` can expire during it. For a step
    /// that has such a limit and runs on the blocking pool or in a task of its own, the delay
    /// comes after the code. A run outside a tokio runtime cannot be delayed.
    ///
    /// A path with an index, such as `pages[3].fetch`, names the step of one item; `pages.fetch`
    /// names the step of every item. The path of a step in a sub-workflow begins with the
    /// caller's path: `record.clean`. If several delays apply to the same step, the last one
    /// counts.
    ///
    /// # Panics
    ///
    /// [`Run::execute`] panics, before anything runs, if the workflow has no step with this
    /// path; the message lists the steps that it has. Paths inside a sub-workflow are checked
    /// when the sub-workflow starts.
    ///
    /// ```
    /// use std::time::Duration;
    /// use tokio::time::Instant;
    /// use workflow_runtime::{Run, step, workflow};
    ///
    /// #[step]
    /// async fn price(item: u32) -> u32 { item * 3 }
    /// #[step]
    /// async fn stock(item: u32) -> u32 { item + 1 }
    ///
    /// workflow! {
    ///     async fn quote(item: u32) -> (u32, u32) {
    ///         let price = price(item).await;
    ///         let stock = stock(item).await;
    ///         (price, stock)
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let start = Instant::now();
    /// let run = Run::new().delay("price", Duration::from_secs(2)).delay("stock", Duration::from_secs(3));
    /// assert_eq!(run.execute(quote(5)).await, (15, 6));
    /// // Both run at the same time.
    /// assert_eq!(start.elapsed().as_secs(), 3);
    /// # }
    /// ```
    pub fn delay(mut self, path: impl Into<String>, duration: Duration) -> Self {
        self.delays.push(Delay { path: path.into(), duration });
        self
    }

    /// Bounds the whole run, from its first poll on. The limit is a [`Duration`]; strings such as
    /// `"30s"` are for [options and declarations](macro@crate::step#durations).
    ///
    /// When the time is up, the call is dropped, the steps that were running are reported as
    /// cancelled, and completed steps with a `#[compensate]` are undone, however long that takes.
    /// The output is an error made from [`TimedOut`]. Such a run can therefore execute only calls
    /// that return `Result<_, E>` with `E: From<TimedOut>`. If several deadlines are set, the last
    /// one counts.
    ///
    /// ```
    /// use std::time::Duration;
    /// use workflow_runtime::{Run, StepError, step};
    ///
    /// #[step]
    /// async fn wait_for_answer() -> Result<u32, StepError> { std::future::pending().await }
    ///
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() {
    /// let run = Run::new().deadline(Duration::from_secs(30));
    /// let error = run.execute(wait_for_answer()).await.unwrap_err();
    /// assert_eq!(error.to_string(), "run of `wait_for_answer` passed its deadline of 30s");
    /// # }
    /// ```
    pub fn deadline(self, duration: Duration) -> Run<Deadline> {
        let Self { observers, delays, .. } = self;
        Run { observers, delays, deadline: Deadline(duration) }
    }
}

impl Run<Deadline> {
    /// Runs a workflow or a single step with this run attached, bounded by the run's deadline.
    ///
    /// Nothing happens until the returned future is polled. Dropping it stops the run;
    /// observers are told which steps were cancelled.
    ///
    /// # Panics
    ///
    /// If [`Run::delay`] names a step that the call does not have. Polling the returned future
    /// panics if the call is a workflow that was polled before and has already started steps that
    /// the run knows nothing about.
    #[track_caller]
    pub fn execute<S>(self, call: S) -> ExecuteWithin<S>
    where
        S: Step,
        S::Output: CanTimeOut,
    {
        let Self { observers, delays, deadline: Deadline(duration) } = self;
        let name = call.info().name;
        let execute = Run { observers, delays, deadline: NoDeadline }.execute(call);
        let late = <S::Output as CanTimeOut>::timed_out;
        ExecuteWithin { execute: Some(execute), name, duration, late, timer: None, expired: false }
    }
}

impl Default for Run {
    fn default() -> Self {
        Self::new()
    }
}

impl<D: core::fmt::Debug> core::fmt::Debug for Run<D> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self { observers, delays, deadline } = self;
        f.debug_struct("Run")
            .field("observers", &observers.len())
            .field("delays", delays)
            .field("deadline", deadline)
            .finish()
    }
}

/// The output of a call that a run with a deadline can execute: a `Result<_, E>` with
/// `E: From<TimedOut>`. Do not implement it for other types.
#[diagnostic::on_unimplemented(
    message = "a run with a deadline needs a call that can say that its time was up",
    label = "this call returns `{Self}`",
    note = "it must return a `Result` whose error implements `From<workflow_runtime::TimedOut>`"
)]
pub trait CanTimeOut {
    /// The output when the time is up.
    #[doc(hidden)]
    fn timed_out(error: TimedOut) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T, E: From<TimedOut>> CanTimeOut for Result<T, E> {
    fn timed_out(error: TimedOut) -> Self {
        Err(error.into())
    }
}

pin_project! {
    /// The future of [`Run::execute`].
    #[must_use = "futures do nothing unless awaited"]
    pub struct Execute<S> {
        #[pin]
        call: S,
        // Declared after the call, so that what the call drops is reported first.
        root: Root,
        single: Option<SingleStep>,
    }
}

#[cfg(feature = "durable")]
impl<S: Step> Execute<S> {
    /// Executes a call whose run is recorded.
    pub(crate) fn recorded(
        call: S,
        observers: Vec<Arc<dyn Observer>>,
        recording: Arc<dyn Recording>,
    ) -> Self {
        Self { call, root: Root::new(Shared::recorded(observers, recording)), single: None }
    }

    /// All records of the run that are being written.
    pub(crate) fn in_flight(&self) -> Arc<InFlight> {
        Arc::clone(self.root.run().in_flight().expect("the run is recorded"))
    }

    /// Stops the call where it is and undoes what it has done. Returns its output if it had
    /// already ended by itself.
    pub(crate) fn poll_undo(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Output>> {
        self.project().call.poll_undo(cx)
    }

    /// The error in the call's output.
    pub(crate) fn failure_of(self: Pin<&mut Self>, output: &S::Output) -> Option<Failure> {
        self.project().call.failure(output)
    }
}

impl<S> core::fmt::Debug for Execute<S> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Execute").finish_non_exhaustive()
    }
}

impl<S: Step> Future for Execute<S> {
    type Output = S::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<S::Output> {
        let mut this = self.project();
        let info = this.call.info();
        if info.graph.is_some() {
            // A workflow reports its own events.
            return this.call.poll_in(cx, this.root.place());
        }
        let single = this.single.get_or_insert_with(|| SingleStep::start(this.root.run(), &info));
        core::task::ready!(single.running().poll_delay(cx));
        let output = {
            let _entered = Entered::step(Arc::clone(single.running()));
            core::task::ready!(this.call.as_mut().poll_in(cx, this.root.place()))
        };
        single.finish(this.call.as_mut().failure(&output));
        Poll::Ready(output)
    }
}

pin_project! {
    /// The future of [`Run::execute`] under a deadline.
    #[must_use = "futures do nothing unless awaited"]
    pub struct ExecuteWithin<S: Step> {
        #[pin]
        execute: Option<Execute<S>>,
        name: &'static str,
        duration: Duration,
        // A function rather than a bound, so that an output that cannot time out causes one error.
        late: fn(TimedOut) -> S::Output,
        #[pin]
        timer: Option<Sleep>,
        expired: bool,
    }
}

impl<S: Step> core::fmt::Debug for ExecuteWithin<S> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("ExecuteWithin")
            .field("call", &self.name)
            .field("duration", &self.duration)
            .finish_non_exhaustive()
    }
}

impl<S: Step> Future for ExecuteWithin<S> {
    type Output = S::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<S::Output> {
        let mut this = self.project();
        if this.timer.is_none() {
            this.timer.set(Some(sleep(*this.duration)));
        }
        let mut execute = this.execute.as_mut().as_pin_mut().expect("a run returns once");
        if !*this.expired {
            if let Poll::Ready(output) = execute.as_mut().poll(cx) {
                return Poll::Ready(output);
            }
            // Whatever the call has left of tokio's budget: otherwise a call that always uses it up
            // would keep the deadline from ever expiring.
            let timer = this.timer.as_pin_mut().expect("it has been set");
            core::task::ready!(pin!(unconstrained(timer)).poll(cx));
            *this.expired = true;
        }
        // The deadline has passed. What has been done is undone, unless the call has failed
        // by itself and is being undone already: then that failure counts.
        if let Some(output) = core::task::ready!(execute.project().call.poll_undo(cx)) {
            return Poll::Ready(output);
        }
        // Dropping the call reports what it cuts off.
        this.execute.set(None);
        let error = TimedOut::new(What::Run, this.name, *this.duration);
        Poll::Ready((this.late)(error))
    }
}
