//! What can go wrong with a durable run.

use workflow_journal::{Claimed, StoreError};

use crate::run::Stop;

/// Why a durable run did not return a value.
///
/// ```
/// use workflow_runtime::DurableError;
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
/// let journal = Journal::memory();
/// match journal.run("cart-1042", checkout(0)).await {
///     Ok(cents) => println!("{cents} cents are paid"),
///     Err(DurableError::Workflow(error)) => assert_eq!(error.to_string(), "nothing to pay"),
///     Err(DurableError::Journal(error)) => println!("the journal could not do its part: {error}"),
///     Err(error) => println!("{error}"),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DurableError<E> {
    /// The workflow returned this error. What it had done is recorded: running it again resumes it
    /// from the step that failed.
    #[error("{0}")]
    Workflow(E),
    /// The journal could not do its part. The run is as it was.
    #[error(transparent)]
    Journal(#[from] JournalError),
}

/// What the journal could not do.
///
/// ```
/// use workflow_runtime::{DurableError, JournalError};
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
/// let journal = Journal::memory();
/// match journal.run("", checkout(995)).await {
///     Err(DurableError::Journal(JournalError::Busy { holder, .. })) => println!("{holder} has it"),
///     Err(DurableError::Journal(error @ JournalError::BadId { .. })) => {
///         assert_eq!(error.to_string(), r#""" cannot be the id of a run: it is empty"#);
///     }
///     other => println!("{other:?}"),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum JournalError {
    /// A run with this id has other inputs: an id makes one run happen once.
    #[error("run `{run}` was started with another `{input}`")]
    InputChanged {
        /// The run's id.
        run: String,
        /// The first input that differs.
        input: String,
    },
    /// The id belongs to a run of another workflow.
    #[error("run `{run}` is one of workflow `{of}`, not of `{workflow}`")]
    OtherWorkflow {
        /// The run's id.
        run: String,
        /// The workflow whose run it is.
        of: String,
        /// The workflow that was to run.
        workflow: String,
    },
    /// Another process is working on the run, or another call in this process.
    #[error("another process works on run `{run}`: {holder}")]
    Busy {
        /// The run's id.
        run: String,
        /// The holder that is working on it.
        holder: String,
    },
    /// The run had failed with this error when it was cut off. What it had done has now been
    /// undone.
    #[error("run `{run}` has failed and is undone: {error}")]
    Undone {
        /// The run's id.
        run: String,
        /// The error, as text.
        error: String,
    },
    /// The workflow returned this error, which is kept as text: see
    /// [`Handle::result`](crate::Handle::result). What it had done is recorded, and
    /// [`Handle::retry`](crate::Handle::retry) makes it go on from the step that failed.
    #[error("run `{run}` has failed: {error}")]
    Failed {
        /// The run's id.
        run: String,
        /// The error, as text.
        error: String,
    },
    /// The run failed or was cancelled, and a compensation failed as well: what it should have
    /// undone is still in effect. Running it again, or calling
    /// [`Journal::retry`](crate::Journal::retry), retries that compensation.
    #[error("run `{run}` is not undone: what undoes step `{step}` has failed: {error}")]
    NotUndone {
        /// The run's id.
        run: String,
        /// The path of the first step that has not been undone.
        step: String,
        /// The error of its compensation, as text.
        error: String,
    },
    /// A plain value of the workflow is now different than before, and a completed step was given
    /// the earlier value. Nothing runs until the value is the same again, or the journal is opened
    /// with [`rerun_changed`](crate::Journal::rerun_changed).
    #[error(
        "step `{step}` of run `{run}` was given another `{value}` than there is now: write `#[record]` \
         above a plain value that comes out differently each time"
    )]
    ValueChanged {
        /// The run's id.
        run: String,
        /// The path of a step that was given the earlier value.
        step: String,
        /// The name of the plain value, or of the branch that now chooses another arm.
        value: String,
    },
    /// While a step with retries was running, the process died as many times as the step may have
    /// attempts, as if the step itself were the cause. The step does not run again unless it is
    /// given more attempts; the run can be cancelled.
    #[error(
        "step `{step}` of run `{run}` is not tried again: its process has died in it {attempts} times"
    )]
    Exhausted {
        /// The run's id.
        run: String,
        /// The step's path.
        step: String,
        /// How many attempts were cut off.
        attempts: u32,
    },
    /// The journal was [closed](crate::Journal::close), before the run began or while it was
    /// running. The run is as it was, and can be resumed through another journal.
    #[error("run `{run}` does not go on here: the journal is closed")]
    Closed {
        /// The run's id.
        run: String,
    },
    /// The run was cancelled.
    #[error("run `{run}` was cancelled")]
    Cancelled {
        /// The run's id.
        run: String,
    },
    /// The run cannot run again from this step: see [`Rerun`](crate::Rerun). Nothing has changed.
    #[error("run `{run}` cannot run again from `{step}`: {problem}")]
    NotRerun {
        /// The run's id.
        run: String,
        /// The path that was given.
        step: String,
        /// What is wrong with it.
        problem: String,
    },
    /// A run that is unfinished cannot be deleted. Cancel it first.
    #[error("run `{run}` has not ended: only runs that have ended can be deleted")]
    Unfinished {
        /// The run's id.
        run: String,
    },
    /// There is no run with this id.
    #[error("there is no run `{run}`")]
    NoSuchRun {
        /// The id.
        run: String,
    },
    /// The run does not wait for a signal of this name.
    #[error("run `{run}` waits for no signal `{signal}`: {hint}")]
    NoSuchSignal {
        /// The id.
        run: String,
        /// The signal's name.
        signal: String,
        /// A similar name, or the names that the run waits for.
        hint: String,
    },
    /// An id must have 1 to 500 characters, none of which is a control character.
    #[error("{id:?} cannot be the id of a run: {problem}")]
    BadId {
        /// The id.
        id: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A step of the workflow is no longer the step that was recorded.
    #[error("step `{path}` of run `{run}` has changed: {change}")]
    GraphChanged {
        /// The run's id.
        run: String,
        /// The step's path.
        path: String,
        /// What has changed.
        change: String,
    },
    /// A value could not be turned into JSON, or back into a value.
    #[error("`{what}` of run `{run}` cannot be {attempted}: {problem}")]
    Value {
        /// The run's id.
        run: String,
        /// The step's path, or the input's name.
        what: String,
        /// What was attempted: `recorded` or `read`.
        attempted: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// The store failed for this run: what was being written is not stored, and everything else is
    /// as it was.
    #[error("run `{run}`{}: {source}", at(step.as_deref()))]
    Run {
        /// The run's id.
        run: String,
        /// The path of the step whose output was being written, if it was a step's output.
        step: Option<String>,
        /// What is wrong with the store.
        source: StoreError,
    },
    /// The store failed, or refused the request.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl JournalError {
    /// Whether the call does not match what is recorded: with another call, or another version of
    /// the workflow, the run could be resumed.
    pub(crate) fn refuses(&self) -> bool {
        match self {
            Self::InputChanged { .. }
            | Self::OtherWorkflow { .. }
            | Self::GraphChanged { .. }
            | Self::ValueChanged { .. }
            | Self::Value { .. } => true,
            Self::Busy { .. }
            | Self::Undone { .. }
            | Self::Failed { .. }
            | Self::Unfinished { .. }
            | Self::NotRerun { .. }
            | Self::NotUndone { .. }
            | Self::Exhausted { .. }
            | Self::Closed { .. }
            | Self::Cancelled { .. }
            | Self::NoSuchRun { .. }
            | Self::NoSuchSignal { .. }
            | Self::BadId { .. }
            | Self::Run { .. }
            | Self::Store(_) => false,
        }
    }
}

fn at(step: Option<&str>) -> String {
    step.map(|step| format!(", step `{step}`")).unwrap_or_default()
}

/// The error for a store that failed when it was asked for something about this run.
pub(crate) fn at_run(run: &str, step: Option<&str>, source: StoreError) -> JournalError {
    match source {
        // These errors name the run themselves.
        StoreError::LeaseLost { .. }
        | StoreError::NoSuchRun { .. }
        | StoreError::Ended { .. }
        | StoreError::Corrupt { .. } => JournalError::Store(source),
        source => JournalError::Run { run: run.to_owned(), step: step.map(str::to_owned), source },
    }
}

/// A store has answered a claim in a way that only a later version knows.
pub(super) fn unknown_answer(claimed: &Claimed) -> JournalError {
    let place = "the store".to_owned();
    let problem = format!("this version does not know its answer to a claim, {claimed:?}");
    StoreError::Unusable { place, problem }.into()
}

/// A value of the run could not be turned into JSON.
pub(crate) fn unwritable(run: &str, what: &str, error: &serde_json::Error) -> JournalError {
    value(run, what, "recorded", error.to_string())
}

/// Why the run cannot continue, because of the step with this path if a step is at fault.
pub(super) fn stopped(run: &str, step: Option<&str>, why: Stop) -> JournalError {
    let what = step.unwrap_or_default();
    match why {
        Stop::Store(error) => at_run(run, step, error),
        Stop::Unreadable(problem) => value(run, what, "read", problem),
        Stop::Unrecordable(problem) => value(run, what, "recorded", problem),
        Stop::Exhausted(attempts) => {
            JournalError::Exhausted { run: run.to_owned(), step: what.to_owned(), attempts }
        }
    }
}

/// What is recorded about the run could not be turned into a value.
pub(crate) fn unreadable(run: &str, what: &str, error: &serde_json::Error) -> JournalError {
    value(run, what, "read", error.to_string())
}

fn value(run: &str, what: &str, attempted: &'static str, problem: String) -> JournalError {
    JournalError::Value { run: run.to_owned(), what: what.to_owned(), attempted, problem }
}
