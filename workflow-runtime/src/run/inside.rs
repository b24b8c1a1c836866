//! What the code of a step can ask its run.

use std::sync::Arc;

use crate::run::current::{current_run_id, current_step, running_attempt};

/// The id of the durable run that the code runs in, such as `cart-1042`: the id that was passed to
/// `Journal::run`, the same in every process that continues the run.
///
/// It is known in a step's own code, in the code that undoes a step, in a plain expression of a
/// workflow's body, and in everything that these await. It is `None` in a call that is not run by
/// a journal, and in a task or a thread that a step has started by itself: see [`step_path`].
///
#[cfg_attr(feature = "durable", doc = "```")]
#[cfg_attr(not(feature = "durable"), doc = "```ignore")]
/// use workflow_runtime::{Journal, StepError, attempt, run_id, step, step_path, workflow};
///
/// #[step(spawn)]
/// async fn charge(cents: u32) -> Result<String, StepError> {
///     let (run, path) = (run_id().unwrap(), step_path().unwrap());
///     Ok(format!("{run}: attempt {} at {path}, of {cents} cents", attempt().unwrap()))
/// }
///
/// workflow! {
///     #[durable]
///     async fn pay(cents: u32) -> Result<String, StepError> {
///         let payment = charge(cents).await?;
///         Ok(payment)
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let paid = Journal::memory().run("cart-1042", pay(995)).await.unwrap();
/// assert_eq!(paid, "cart-1042: attempt 1 at payment, of 995 cents");
/// assert_eq!(run_id(), None);
/// # }
/// ```
#[must_use]
pub fn run_id() -> Option<Arc<str>> {
    current_run_id()
}

/// The path of the step whose own code calls this, such as `payment` or `pages[3].fetch`, as in
/// [`Event::path`](crate::Event::path). In the code that undoes a step, it is that step's path.
///
/// # Where it is known
///
/// In a run of a [`Run`](crate::Run) or of a journal. A workflow that is called directly does not
/// keep track of its steps, so there it is `None`, unless the feature `tracing` is on and a
/// subscriber takes the workflow's spans. If code has to know its step, execute the call with
/// [`Run::execute`](crate::Run::execute); a run with nothing attached will do.
///
/// A step's own code is what is polled as a part of the step and, with `#[step(spawn)]` or
/// `#[step(blocking)]`, what runs in the task or on the thread that the step gets. A step without
/// options that this code awaits is a part of it, and so is a workflow. The path is `None` in a
/// step with `retry` or a time limit that a step's code awaits, since that has attempts of its
/// own; in the plain expressions of a workflow's body; and in a task or a thread that a step
/// starts by itself: call this first, and pass the result to the task.
///
/// ```
/// use workflow_runtime::{Run, step, step_path, workflow};
///
/// #[step]
/// async fn load(page: u32) -> String { format!("{page} by {:?}", step_path()) }
///
/// workflow! {
///     async fn read(pages: Vec<u32>) -> Vec<String> {
///         let texts = for page in pages { load(page).await };
///         texts
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let texts = Run::new().execute(read(vec![7, 8])).await;
/// assert_eq!(texts, [r#"7 by Some("texts[0].load")"#, r#"8 by Some("texts[1].load")"#]);
/// assert_eq!(read(vec![7]).await, ["7 by None"]);             // called directly
/// # }
/// ```
#[must_use]
pub fn step_path() -> Option<Arc<str>> {
    current_step().map(|step| Arc::clone(step.path()))
}

/// The number of the attempt at a step that calls this, counted from 1. It is known wherever
/// [`step_path`] is, and `None` elsewhere.
///
/// In a durable run, attempts that failed in earlier processes count, as they do for
/// `max_attempts`. An attempt that was cut off by a crash does not, and the attempt that runs in
/// its place has the same number. A compensation has attempts of its own. A function on another
/// thread that missed its time limit and keeps running has the number of its own attempt, even
/// while the next one runs.
///
/// ```
/// use workflow_runtime::{Run, StepError, attempt, step};
///
/// #[step(retry(max_attempts = 3, backoff = none))]
/// async fn connect() -> Result<u32, StepError> {
///     match attempt() {
///         Some(number @ 3..) => Ok(number),
///         _ => Err(StepError::retryable("busy")),
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// assert_eq!(Run::new().execute(connect()).await.unwrap(), 3);
/// assert!(connect().await.is_err());                          // called directly: always `None`
/// # }
/// ```
#[must_use]
pub fn attempt() -> Option<u32> {
    running_attempt()
}
