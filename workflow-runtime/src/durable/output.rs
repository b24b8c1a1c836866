//! What durable steps and workflows return.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::durable::DurableError;

/// A value that can be recorded: anything that serde can write as JSON and read back. Only serde's
/// own traits have to be implemented.
///
/// ```
/// use workflow_runtime::{Recordable, Signal, signal};
///
/// /// The answer to a question, whatever its type is.
/// fn answer<T: Recordable>(question: &str) -> Signal<T> {
///     signal(format!("answer-{question}"))
/// }
///
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Approval { by: String }
///
/// let approval = answer::<Approval>("budget");
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the output of a durable step",
    label = "this step's output has to be recorded",
    note = "derive `Serialize` and `Deserialize` for `{Self}`, or remove `#[durable]`"
)]
pub trait Recordable: Serialize + DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> Recordable for T {}

/// What a durable workflow returns: a `Result` whose value can be recorded. It cannot be
/// implemented for anything else: its methods are not part of the public interface.
///
/// Use it to write code that runs any durable workflow:
///
/// ```
/// use workflow_runtime::{DurableOutput, DurableStep};
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
/// /// Runs a workflow under the id of a request.
/// async fn answer<S>(journal: &Journal, request: u64, call: S) -> <S::Output as DurableOutput>::Durable
/// where
///     S: DurableStep,
///     S::Output: DurableOutput,
/// {
///     journal.run(&format!("request-{request}"), call).await
/// }
///
/// assert_eq!(answer(&Journal::memory(), 7, checkout(995)).await?, 995);
/// # Ok(())
/// # }
/// ```
#[diagnostic::on_unimplemented(
    message = "a durable workflow returns a `Result`, and `{Self}` is none",
    label = "not a `Result`"
)]
pub trait DurableOutput: Sized {
    /// What its journal returns: for a `Result<T, E>`, a `Result<T, DurableError<E>>`.
    type Durable;

    /// Its value as JSON; `None` if it is an error.
    #[doc(hidden)]
    fn encode(&self) -> Option<serde_json::Result<String>>;

    /// What the journal returns for it.
    #[doc(hidden)]
    fn durable(self) -> Self::Durable;

    /// What the journal returns for a recorded value.
    #[doc(hidden)]
    fn recorded(json: &str) -> serde_json::Result<Self::Durable>;

    /// What the journal returns if the journal itself failed.
    #[doc(hidden)]
    fn failed(error: crate::durable::JournalError) -> Self::Durable;
}

// Not `Recordable`, whose error is about a step; and without `do_not_recommend`, so that the error is
// about the value and not about the `Result`.
impl<T: RecordedResult, E> DurableOutput for Result<T, E> {
    type Durable = Result<T, DurableError<E>>;

    fn encode(&self) -> Option<serde_json::Result<String>> {
        self.as_ref().ok().map(serde_json::to_string)
    }

    fn durable(self) -> Self::Durable {
        self.map_err(DurableError::Workflow)
    }

    fn recorded(json: &str) -> serde_json::Result<Self::Durable> {
        serde_json::from_str(json).map(Ok)
    }

    fn failed(error: crate::durable::JournalError) -> Self::Durable {
        Err(error.into())
    }
}

/// The value of a durable workflow's result, which its journal records: anything that serde can write
/// as JSON and read back.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the result of a durable workflow",
    label = "what the workflow comes to has to be recorded",
    note = "derive `Serialize` and `Deserialize` for `{Self}`, or remove `#[durable]`"
)]
pub trait RecordedResult: Serialize + DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> RecordedResult for T {}

/// What a journal returns for what a durable workflow returns. It asks less of the value than
/// [`DurableOutput`], so that a value that cannot be recorded is reported once.
#[diagnostic::on_unimplemented(
    message = "a durable workflow returns a `Result`, and `{Self}` is none",
    label = "not a `Result`"
)]
pub trait DurableReturn {
    /// For a `Result<T, E>`, a `Result<T, DurableError<E>>`.
    type Durable;

    /// Its value if it is not an error: the `T` of a `Result<T, E>`.
    type Value;
}

impl<T, E> DurableReturn for Result<T, E> {
    type Durable = Result<T, DurableError<E>>;
    type Value = T;
}

/// A value that a durable workflow can take as a by-value input: anything that serde can write as
/// JSON and read back. Only serde's own traits have to be implemented.
///
/// ```
/// use serde::{Deserialize, Serialize};
/// use workflow_runtime::RecordableInput;
///
/// #[derive(Serialize, Deserialize)]
/// struct Cart { cents: u32 }
///
/// fn can_be_an_input<T: RecordableInput>() {}
/// can_be_an_input::<Cart>();
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be an input of a durable workflow",
    label = "this input has to be recorded",
    note = "derive `Serialize` and `Deserialize` for `{Self}`, or take it by reference, as what a \
            run is given anew when it goes on"
)]
pub trait RecordableInput: Serialize + DeserializeOwned {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + DeserializeOwned> RecordableInput for T {}
