//! Keys for services that do something only once per key.

use crate::run::{current_step, unique};

/// A key for services that do something only once per key, such as making a payment.
///
/// Within a step's own code, the key is the same for all attempts of the step and, in a durable
/// run, after a restart: it consists of the run's id and the step's path, as in
/// `cart-1042/payment`. The compensation of the step has a different key, and so does the step
/// itself when it runs again after it was undone. Without a journal, the key is unique to this run.
/// In a step that is awaited outside any run, and outside steps, each call returns a different key.
///
/// # Tasks and threads
///
/// A step's own code is what is polled as part of the step and, with `#[step(spawn)]` or
/// `#[step(blocking)]`, what runs on the task or thread that the step gets. A task or thread that a
/// step starts by itself, with `tokio::spawn` or the like, is outside the step: it does not know
/// the step, and each call there returns a different key, which protects against nothing. So get
/// the key first, and pass it to the task:
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
/// [`try_idempotency_key`] shows where there is no such key. [`run_id`](crate::run_id),
/// [`step_path`](crate::step_path) and [`attempt`](crate::attempt) return the run, the step and the
/// attempt, by the same rules.
#[must_use]
pub fn idempotency_key() -> String {
    try_idempotency_key().unwrap_or_else(unique)
}

/// The [`idempotency_key`] of the step whose own code calls this, in a run.
///
/// `None` wherever `idempotency_key` returns a different key at each call: in a step that is
/// awaited outside any run, outside steps, and in a task or thread that a step has started by
/// itself. Code that may be called in such a task, and must not do its work without the right key,
/// can refuse to:
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
