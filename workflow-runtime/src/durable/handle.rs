//! A run as a thing that a program can hold.

use std::fmt;
use std::marker::PhantomData;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use tokio::time::timeout;
use workflow_journal::{StoredRun, StoredState};

use crate::durable::error::unreadable;
use crate::durable::identified::Identified;
use crate::durable::records::not_undone;
use crate::durable::signals::{SignalSender, SignalsOf};
use crate::durable::{Journal, JournalError, Recordable, Rerun, RunStatus};

/// How soon to look again whether a run has ended in another process, at first and after a long
/// time.
const LOOK_FIRST: Duration = Duration::from_millis(100);
const LOOK_LAST: Duration = Duration::from_secs(2);

/// A run of a durable workflow, in whatever process it runs: found by its id, waited for, sent
/// signals, and stopped.
///
/// `start` and `handle` of each durable workflow return one. `W` is the workflow and `T` is what it
/// returns. A handle keeps nothing running: it is the journal and the run's id, and as cheap to
/// clone.
///
/// ```
/// use workflow_runtime::{Journal, TimedOut, signal, workflow};
///
/// workflow! {
///     #[durable]
///     async fn approve(draft: u32) -> Result<String, TimedOut> {
///         let editor = signal::<String>("approval").await?;
///         Ok(format!("{editor} approves {draft}"))
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let journal = Journal::memory();
/// // Recorded; nothing runs here.
/// let run = approve::start(&journal, "draft-7", 7).await?;
///
/// // Elsewhere, and at any time: name and type of the signal are the workflow's.
/// approve::handle(&journal, "draft-7").signals().approval("Ada".to_owned()).await?;
///
/// // In a process that works on runs.
/// let worker = journal.clone();
/// tokio::spawn(async move { approve::resume_all(&worker).await });
///
/// assert_eq!(run.result().await?, "Ada approves 7");
/// # Ok(())
/// # }
/// ```
pub struct Handle<W, T> {
    journal: Journal,
    id: Arc<str>,
    workflow: Identified,
    /// The nodes that would have to be undone before they could run again.
    undone: &'static [usize],
    of: PhantomData<fn() -> (W, T)>,
}

impl<W, T> Handle<W, T> {
    pub(super) fn new(
        journal: Journal,
        id: Arc<str>,
        workflow: Identified,
        undone: &'static [usize],
    ) -> Self {
        Self { journal, id, workflow, undone, of: PhantomData }
    }

    /// The run's id.
    ///
    /// ```
    /// # use workflow_runtime::{Journal, StepError, step, workflow};
    /// # #[step]
    /// # async fn charge(cents: u32) -> Result<u32, StepError> { Ok(cents) }
    /// # workflow! {
    /// #     #[durable]
    /// #     async fn checkout(cents: u32) -> Result<u32, StepError> {
    /// #         let payment = charge(cents).await?;
    /// #         Ok(payment)
    /// #     }
    /// # }
    /// assert_eq!(checkout::handle(&Journal::memory(), "cart-1042").id(), "cart-1042");
    /// ```
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    pub(super) fn journal(&self) -> &Journal {
        &self.journal
    }

    pub(super) fn workflow(&self) -> Identified {
        self.workflow
    }

    /// Waits for the run's result, whoever runs it, in whatever process. The result of a run that
    /// has ended is there at once.
    ///
    /// A run that nobody works on does not end, so this waits for as long as that takes: put a
    /// `tokio::time::timeout` around it if the caller has no time to wait. The end of a run in
    /// another process is noticed within two seconds. Dropping the future only ends the wait.
    ///
    /// # Errors
    ///
    /// [`Failed`](JournalError::Failed) if the workflow has returned an error,
    /// [`NotUndone`](JournalError::NotUndone) if a compensation has failed,
    /// [`Cancelled`](JournalError::Cancelled), [`NoSuchRun`](JournalError::NoSuchRun), or
    /// [`OtherWorkflow`](JournalError::OtherWorkflow); and if the result cannot be read as a `T`, or
    /// the store fails for longer than a [lease](Journal::lease).
    ///
    /// # Example
    ///
    /// ```
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
    /// let paid = checkout::start(&journal, "cart-1042", 995).await?;
    /// let unpaid = checkout::start(&journal, "cart-1043", 0).await?;
    /// checkout::resume_all(&journal).await?;
    ///
    /// assert_eq!(paid.result().await?, 995);
    /// let error = unpaid.result().await.unwrap_err();
    /// assert_eq!(error.to_string(), "run `cart-1043` has failed: nothing to pay");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn result(&self) -> Result<T, JournalError>
    where
        T: Recordable,
    {
        let mut pause = LOOK_FIRST;
        loop {
            let ended = self.journal.end_of(&self.id);
            // Created before the look, so that an end in the meantime is not missed.
            let told = pin!(ended.notified());
            let run = self.stored().await?;
            if run.state != StoredState::Unfinished {
                return self.result_of(run).await;
            }
            // The run may end in another process, which cannot notify this one.
            let _ = timeout(pause, told).await;
            pause = (pause * 2).min(LOOK_LAST);
        }
    }

    async fn result_of(&self, run: StoredRun) -> Result<T, JournalError>
    where
        T: Recordable,
    {
        let outcome = run.outcome.unwrap_or_default();
        match run.state {
            StoredState::Completed => serde_json::from_str(&outcome)
                .map_err(|error| unreadable(&self.id, "result", &error)),
            StoredState::Cancelled => Err(JournalError::Cancelled { run: run.id }),
            StoredState::UndoFailed => {
                let records = self.journal.records(&self.id).await?;
                let (step, error) = not_undone(&records).unwrap_or((String::new(), outcome));
                Err(JournalError::NotUndone { run: run.id, step, error })
            }
            _ => Err(JournalError::Failed { run: run.id, error: outcome }),
        }
    }

    /// How far the run has come.
    ///
    /// # Errors
    ///
    /// [`NoSuchRun`](JournalError::NoSuchRun), [`OtherWorkflow`](JournalError::OtherWorkflow), or if
    /// the store fails.
    ///
    /// # Example
    ///
    /// See [`RunStatus`].
    pub async fn status(&self) -> Result<RunStatus, JournalError> {
        Ok(RunStatus::of(self.stored().await?))
    }

    /// Requests the run's cancellation, as [`Journal::cancel`] does: what it has done is undone by
    /// the process that works on it, or by the next one that resumes it. [`result`](Self::result)
    /// returns [`Cancelled`](JournalError::Cancelled) then.
    ///
    /// # Errors
    ///
    /// [`NoSuchRun`](JournalError::NoSuchRun), [`OtherWorkflow`](JournalError::OtherWorkflow), or
    /// [`Store`](JournalError::Store) if the run has completed or was cancelled, or the store fails.
    ///
    /// # Example
    ///
    /// ```
    /// # use workflow_runtime::{Journal, JournalError, StepError, step, workflow};
    /// # #[step]
    /// # async fn charge(cents: u32) -> Result<u32, StepError> { Ok(cents) }
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
    /// let run = checkout::start(&journal, "cart-1042", 995).await?;
    /// run.cancel().await?;
    /// checkout::resume_all(&journal).await?;
    /// assert!(matches!(run.result().await, Err(JournalError::Cancelled { .. })));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn cancel(&self) -> Result<(), JournalError> {
        self.stored().await?;
        self.journal.cancel(&self.id).await
    }

    /// Makes a failed run unfinished again, as [`Journal::retry`] does.
    ///
    /// # Errors
    ///
    /// [`NoSuchRun`](JournalError::NoSuchRun), [`OtherWorkflow`](JournalError::OtherWorkflow), or
    /// [`Store`](JournalError::Store) if the run has completed or was cancelled, or the store fails.
    ///
    /// # Example
    ///
    /// ```
    /// # use std::sync::atomic::{AtomicBool, Ordering};
    /// # use workflow_runtime::{Journal, StepError, step, workflow};
    /// # static OPEN: AtomicBool = AtomicBool::new(false);
    /// # #[step]
    /// # async fn charge(cents: u32) -> Result<u32, StepError> {
    /// #     if OPEN.load(Ordering::Relaxed) { Ok(cents) } else { Err(StepError::permanent("closed")) }
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
    /// let run = checkout::start(&journal, "cart-1042", 995).await?;
    /// checkout::resume_all(&journal).await?;
    /// run.result().await.unwrap_err();            // the bank is closed
    ///
    /// # OPEN.store(true, Ordering::Relaxed);
    /// run.retry().await?;                         // it has opened
    /// checkout::resume_all(&journal).await?;
    /// assert_eq!(run.result().await?, 995);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn retry(&self) -> Result<(), JournalError> {
        self.stored().await?;
        self.journal.retry(&self.id).await
    }

    /// Prepares to run a step again, with today's code, and everything that depends on it: after a
    /// bug in it was mended, for example. All other steps keep what is recorded for them.
    ///
    /// `step` is the path of the step in the graph, such as `payment` or `boxes.packed`, which is all
    /// items of a fan-out; a branch, a fan-out or a block, with everything in it; or one item,
    /// `boxes[3].packed`, as `workflow show` writes it.
    ///
    /// # Example
    ///
    /// See [`Rerun`].
    pub fn rerun_from(&self, step: impl AsRef<str>) -> Rerun<'_> {
        Rerun::new(&self.journal, &self.id, self.workflow, self.undone, step.as_ref())
    }

    /// The signals that the workflow waits for, each as a method with the signal's name and type.
    ///
    /// A character that cannot be part of a name becomes `_`: the signal `"order-paid"` is sent by
    /// `order_paid`. If the workflow does not write down the type, the method takes any value. A
    /// signal whose name is computed has no method: send it with [`Journal::signal`].
    ///
    /// # Example
    ///
    /// See [`Handle`].
    #[must_use]
    pub fn signals(&self) -> W::Signals
    where
        W: SignalsOf,
    {
        W::signals(SignalSender::new(self.journal.clone(), Arc::clone(&self.id)))
    }

    /// Sends a signal by its name, as [`Journal::signal`] does.
    ///
    /// # Errors
    ///
    /// Those of [`Journal::signal`].
    ///
    /// # Example
    ///
    /// ```
    /// # use workflow_runtime::{Journal, TimedOut, signal, workflow};
    /// # workflow! {
    /// #     #[durable]
    /// #     async fn approve(draft: u32) -> Result<String, TimedOut> {
    /// #         let editor = signal::<String>(format!("approval-{draft}")).await?;
    /// #         Ok(format!("{editor} approves {draft}"))
    /// #     }
    /// # }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let journal = Journal::memory();
    /// let run = approve::start(&journal, "draft-7", 7).await?;
    /// run.signal("approval-7", "Ada").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn signal<V: Serialize + ?Sized>(
        &self,
        name: &str,
        value: &V,
    ) -> Result<(), JournalError> {
        self.journal.signal(&self.id, name, value).await
    }

    /// What is stored about the run, which has to be one of this workflow.
    async fn stored(&self) -> Result<StoredRun, JournalError> {
        self.journal.stored_of(&self.id, &self.workflow).await
    }
}

impl<W, T> Clone for Handle<W, T> {
    fn clone(&self) -> Self {
        Self::new(self.journal.clone(), Arc::clone(&self.id), self.workflow, self.undone)
    }
}

impl<W, T> fmt::Debug for Handle<W, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handle").field("id", &self.id).finish_non_exhaustive()
    }
}
