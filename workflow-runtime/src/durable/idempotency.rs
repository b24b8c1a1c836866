//! Keys for services that do a thing once.

use crate::run::{current_step, unique};

/// A key for services that do a thing only once for each key, such as a payment.
///
/// Inside of a step's own code it is the same for all attempts of this step, and in a durable run
/// also after a restart: the run's id and the step's path, as in `cart-1042/payment`. What undoes
/// the step has another one, and so has the step itself when it runs again after it was undone.
/// Without a journal it is that of this run alone. In a step that is awaited without any run, and
/// outside of steps, each call gives another one.
///
/// # Tasks and threads
///
/// A step's own code is what is polled as a part of the step, and with `#[step(spawn)]` or
/// `#[step(blocking)]` what runs on the task or the thread that the step gets. A task or a thread
/// that a step starts by itself, with `tokio::spawn` and the like, is outside of it: it does not
/// know the step, and each call there gives another key, which protects from nothing. So take the
/// key first, and give it to the task:
///
/// ```
/// use workflow_runtime::{Journal, StepError, idempotency_key, step, try_idempotency_key, workflow};
///
/// async fn send_payment(key: String, cents: u32) -> String { format!("{key}: {cents}") }
///
/// #[step]
/// async fn charge(cents: u32) -> Result<String, StepError> {
///     let key = idempotency_key();                    // here, and not in the task
///     let task = tokio::spawn(async move {
///         assert_eq!(try_idempotency_key(), None);    // the task does not know the step
///         send_payment(key, cents).await
///     });
///     task.await.map_err(StepError::permanent)
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
/// assert_eq!(paid, "cart-1042/payment: 995");
/// # }
/// ```
///
/// [`try_idempotency_key`] tells where there is no such key. [`run_id`](crate::run_id),
/// [`step_path`](crate::step_path) and [`attempt`](crate::attempt) tell which run, which step and
/// which attempt it is, by the same rules.
#[must_use]
pub fn idempotency_key() -> String {
    try_idempotency_key().unwrap_or_else(unique)
}

/// The [`idempotency_key`] of the step whose own code calls this, in a run.
///
/// `None` where `idempotency_key` gives another key at each call: in a step that is awaited without
/// any run, outside of steps, and in a task or a thread that a step has started by itself. Code that
/// may be called in such a task, and must not do its work without the right key, can refuse to:
///
/// ```
/// use workflow_runtime::{StepError, try_idempotency_key};
///
/// async fn send_payment(cents: u32) -> Result<u32, StepError> {
///     let Some(_key) = try_idempotency_key() else {
///         return Err(StepError::permanent("a payment is only sent by a step of a run"));
///     };
///     Ok(cents)
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// assert!(send_payment(995).await.is_err());
/// # }
/// ```
#[must_use]
pub fn try_idempotency_key() -> Option<String> {
    Some(current_step()?.key())
}
