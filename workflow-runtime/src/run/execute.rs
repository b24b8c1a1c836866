//! Attaching things to a call.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::sync::Arc;

use pin_project_lite::pin_project;

use crate::run::Observer;
use crate::run::current::Entered;
use crate::run::scope::Root;
use crate::run::shared::{Shared, SingleStep};
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
#[derive(Default, Clone)]
#[must_use = "a run does nothing until it executes a call"]
pub struct Run {
    observers: Vec<Arc<dyn Observer>>,
}

impl Run {
    /// A run with nothing attached.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an observer. There can be any number; they are told in the order in which
    /// they were added.
    pub fn observe(mut self, observer: impl Observer + 'static) -> Self {
        self.observers.push(Arc::new(observer));
        self
    }

    /// Runs a workflow or a single step with this run attached.
    ///
    /// Nothing happens until the returned future is polled. Dropping it stops the run;
    /// observers are told which steps were cancelled.
    pub fn execute<S: Step>(self, call: S) -> Execute<S> {
        Execute { call, root: Root::new(Shared::new(self.observers)), single: None }
    }
}

impl core::fmt::Debug for Run {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Run").field("observers", &self.observers.len()).finish()
    }
}

pin_project! {
    /// The future of [`Run::execute`].
    #[must_use = "futures do nothing unless awaited"]
    pub struct Execute<S> {
        #[pin]
        call: S,
        // Behind the call, so that what the call drops is reported first.
        root: Root,
        single: Option<SingleStep>,
    }
}

impl<S: Step> Future for Execute<S> {
    type Output = S::Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<S::Output> {
        let mut this = self.project();
        if this.call.graph().is_some() {
            // A workflow reports for itself.
            return this.call.poll_in(cx, this.root.place());
        }
        let single =
            this.single.get_or_insert_with(|| SingleStep::start(this.root.run(), this.call.name()));
        let output = {
            let _entered = Entered::step(Arc::clone(single.running()));
            core::task::ready!(this.call.as_mut().poll_in(cx, this.root.place()))
        };
        single.finish(this.call.as_mut().failure(&output));
        Poll::Ready(output)
    }
}
