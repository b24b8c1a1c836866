//! The journal, which runs workflows durably.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::Notify;
use tokio::time::timeout;
use workflow_journal::{
    Claim, Claimed, End, Filter, JournalStore, Kind, MemoryStore, NewRun, Record, SentSignal,
    StoreError, StoredRun, StoredState, Timestamp,
};

use crate::durable::active::{Active, Entered, Refusal};
use crate::durable::asked::{Asked, Asking};
use crate::durable::drive::{self, Drive};
use crate::durable::ended::Ended;
use crate::durable::error::{at_run, unknown_answer, unreadable, unwritable};
use crate::durable::heartbeat::{FAREWELL, Heartbeat};
use crate::durable::held::{Held, Moment};
use crate::durable::identified::{Identified, module_of};
use crate::durable::inputs::Written;
use crate::durable::journal_recording::{JournalRecording, LastGo, Options};
use crate::durable::known_signals;
use crate::durable::lease::Lease;
use crate::durable::records::{has_to_be_undone, is_failed_undo};
use crate::durable::{DurableOutput, DurableStep, Inputs, JournalError, Stored};
use crate::execute::Execute;
use crate::graph::Graph;
use crate::run::{Observer, Recording};
use crate::step::Failure;

/// How long a lease lasts unless the caller says otherwise.
const LEASE: Duration = Duration::from_secs(30);
/// The maximum length of an id.
const LONGEST_ID: usize = 500;

/// Runs workflows durably: each step's output is recorded before anything that depends on it
/// starts, and after a crash a run resumes from its records.
///
/// Clones share the same journal.
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
/// let journal = Journal::memory();        // `Journal::open("orders.db").await?` for a file
/// assert_eq!(journal.run("cart-1042", checkout(995)).await?, 995);
///
/// // At the start of a process: what others have left unfinished.
/// assert!(checkout::resume_all(&journal).await?.is_empty());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Journal {
    store: Arc<dyn JournalStore>,
    holder: Arc<str>,
    lease: Duration,
    observers: Vec<Arc<dyn Observer>>,
    active: Active,
    heartbeat: Heartbeat,
    sent: Arc<Notify>,
    ended: Ended,
    reruns: bool,
}

impl Journal {
    /// Creates a journal in this store.
    ///
    /// ```
    /// use workflow_runtime::Journal;
    /// use workflow_runtime::store::MemoryStore;
    ///
    /// let store = MemoryStore::new();
    /// let journal = Journal::new(store.clone());      // the store shows what the journal has written
    /// ```
    ///
    /// On a PostgreSQL server, with the feature `postgres`:
    #[cfg_attr(feature = "postgres", doc = "```no_run")]
    #[cfg_attr(not(feature = "postgres"), doc = "```ignore")]
    /// use workflow_runtime::Journal;
    /// use workflow_runtime::store::PostgresStore;
    ///
    /// # async fn connect() -> Result<(), Box<dyn std::error::Error>> {
    /// let store = PostgresStore::connect("postgresql://app:secret@db.example.org/orders").await?;
    /// let journal = Journal::new(store);
    /// # Ok(())
    /// # }
    /// ```
    pub fn new(store: impl JournalStore) -> Self {
        static JOURNALS: AtomicU64 = AtomicU64::new(0);
        let number = JOURNALS.fetch_add(1, Ordering::Relaxed);
        let unique = std::collections::hash_map::RandomState::new();
        let unique = std::hash::BuildHasher::hash_one(&unique, number);
        let holder = format!("process {}, {unique:016x}", std::process::id());
        Self {
            reruns: false,
            store: Arc::new(store),
            holder: holder.into(),
            lease: LEASE,
            observers: Vec::new(),
            active: Active::default(),
            heartbeat: Heartbeat::default(),
            sent: Arc::default(),
            ended: Ended::default(),
        }
    }

    /// Creates a journal in this process's memory, for tests. Its contents are lost when its last
    /// clone is dropped.
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
    /// journal.run("cart-1042", checkout(995)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn memory() -> Self {
        Self::new(MemoryStore::new())
    }

    /// Opens a journal in a file: an `SQLite` database, which is created if it does not exist.
    ///
    /// # Errors
    ///
    /// [`JournalError::Store`] if the file cannot be opened or created, or is not such a database,
    /// as for [`SqliteStore::open`](crate::store::SqliteStore::open).
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
    /// # let path = std::env::temp_dir().join(format!("workflow-open-{}.db", std::process::id()));
    /// let journal = Journal::open(&path).await?;      // `orders.db`, for example
    /// journal.run("cart-1042", checkout(995)).await?;
    /// drop(journal);
    ///
    /// // The next process finds the run.
    /// let journal = Journal::open(&path).await?;
    /// assert_eq!(journal.run("cart-1042", checkout(995)).await?, 995);
    /// # drop(journal);
    /// # for suffix in ["", "-wal", "-shm"] {
    /// #     let _ = std::fs::remove_file(format!("{}{suffix}", path.display()));
    /// # }
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "sqlite")]
    pub async fn open(path: impl AsRef<std::path::Path>) -> Result<Self, JournalError> {
        Ok(Self::new(workflow_journal::SqliteStore::open(path.as_ref()).await?))
    }

    /// Adds an observer of all runs. There can be any number of observers. Clones that were made
    /// earlier do not get it.
    ///
    /// ```
    /// use workflow_runtime::Recorder;
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
    /// let recorder = Recorder::new();
    /// let journal = Journal::memory().observe(recorder.clone());
    /// journal.run("cart-1042", checkout(995)).await?;
    /// assert_eq!(recorder.completed_steps(), ["payment"]);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn observe(mut self, observer: impl Observer + 'static) -> Self {
        self.observers.push(Arc::new(observer));
        self
    }

    /// Runs steps again if they have changed since they were recorded, together with everything
    /// that depends on them. Without this, such a run is refused with
    /// [`JournalError::GraphChanged`] or [`JournalError::ValueChanged`].
    ///
    /// ```
    /// # use workflow_runtime::Journal;
    /// let journal = Journal::memory().rerun_changed();
    /// ```
    #[must_use]
    pub fn rerun_changed(mut self) -> Self {
        self.reruns = true;
        self
    }

    /// How long a process may be silent before others take over its runs: 30 seconds unless set
    /// otherwise. It shows that it is alive three times in that period, from a separate thread if a
    /// step blocks the run's own.
    ///
    /// A shorter lease lets others resume the runs of a dead process sooner. But a process that
    /// only stood still for that long, for example because its machine was suspended, loses its
    /// runs: they end there with [`StoreError::LeaseLost`](crate::StoreError::LeaseLost), without
    /// changing anything more.
    ///
    /// It also limits how long each request to the store may take, and for how long a failing
    /// request is retried. A run whose store is silent or fails for longer ends with an error, and
    /// can be resumed later.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use workflow_runtime::Journal;
    /// let journal = Journal::memory().lease(Duration::from_secs(5));
    /// ```
    #[must_use]
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// Runs a durable workflow under this id, or resumes it.
    ///
    /// Inputs and outputs are read back from their JSON before anything uses them, so that this run
    /// sees the same values as one that is resumed later.
    ///
    /// An id makes a run happen once: if the run has completed, this returns the recorded result
    /// and runs nothing.
    ///
    /// Dropping the future stops the run where it is. It can be resumed later.
    ///
    /// # Errors
    ///
    /// [`DurableError::Workflow`](crate::DurableError::Workflow) if the workflow fails, and
    /// [`DurableError::Journal`](crate::DurableError::Journal) if the journal cannot do its part.
    ///
    /// # Panics
    ///
    /// If the call has been polled before. A step's panic propagates through this future.
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
    /// assert_eq!(journal.run("cart-1042", checkout(995)).await?, 995);
    ///
    /// // The same id again: the recorded result, and nothing runs.
    /// assert_eq!(journal.run("cart-1042", checkout(995)).await?, 995);
    ///
    /// // An id belongs to its inputs.
    /// let error = journal.run("cart-1042", checkout(10)).await.unwrap_err();
    /// assert_eq!(error.to_string(), "run `cart-1042` was started with another `cents`");
    /// # Ok(())
    /// # }
    /// ```
    pub fn run<'a, S>(
        &'a self,
        id: &'a str,
        call: S,
    ) -> impl Future<Output = <S::Output as DurableOutput>::Durable> + use<'a, S>
    where
        S: DurableStep,
        S::Output: DurableOutput,
    {
        self.run_or_go_on(id, call, Inputs::written)
    }

    /// Resumes a run whose call was made from its records. Called by `resume`.
    #[doc(hidden)]
    pub fn go_on_with<'a, S>(
        &'a self,
        id: &'a str,
        call: S,
    ) -> impl Future<Output = <S::Output as DurableOutput>::Durable> + use<'a, S>
    where
        S: DurableStep,
        S::Output: DurableOutput,
    {
        self.run_or_go_on(id, call, |_, _| Ok(Written::nothing()))
    }

    /// Stops all of this journal's runs in this process where they are, and gives up their leases,
    /// so that the next process can resume them at once. Call it at the end of a process: a runtime
    /// that is dropped also stops its runs, but does not wait for the store.
    ///
    /// The steps that are running are dropped, as if the future of their [`run`](Self::run) were
    /// dropped; nothing is undone. That future returns [`JournalError::Closed`], and so does every
    /// later call of `run`, `resume` and `resume_all` through this journal and its clones.
    /// Everything else, such as [`signal`](Self::signal), still works. Closing a journal again does
    /// nothing.
    ///
    /// Returns when all leases have been given up. It waits for a step that blocks its thread, and
    /// for a store that does not answer, but in both cases for no longer than a
    /// [lease](Self::lease) lasts. A `blocking` step cannot be stopped: it continues alongside
    /// whatever comes next, as it does when a future is dropped. A run whose future is kept but not
    /// polled loses its lease after a second. Dropping the future of `close` only stops the
    /// waiting.
    ///
    /// ```no_run
    /// # use workflow_runtime::{Journal, StepError, step, workflow};
    /// # #[step] async fn bill(hour: u32) -> Result<u32, StepError> { Ok(hour) }
    /// # workflow! {
    /// #     #[durable]
    /// #     async fn bills(hour: u32) -> Result<u32, StepError> { let bill = bill(hour).await?; Ok(bill) }
    /// # }
    /// # async fn asked_to_end() {}
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let journal = Journal::memory();            // `Journal::open("orders.db").await?` for a file
    /// let shared = journal.clone();
    /// tokio::spawn(async move { shared.run("hour-7", bills(7)).await });
    ///
    /// asked_to_end().await;                       // as `tokio::signal::ctrl_c()`
    /// journal.close().await;
    /// # }
    /// ```
    pub async fn close(&self) {
        self.active.close();
        if timeout(FAREWELL.min(self.lease), self.active.emptied()).await.is_err() {
            let resting = self.active.take_resting();
            let given_up = resting.iter().map(|asked| {
                Heartbeat::forget(asked.clone());
                asked.release()
            });
            futures_util::future::join_all(given_up).await;
        }
        // Anything that takes longer is waiting for a step or a store that does not return.
        let _ = timeout(self.lease, self.active.emptied()).await;
        let _ = timeout(self.lease, self.heartbeat.answered()).await;
    }

    /// Waits for this long, or until the journal is closed.
    pub(super) async fn pause(&self, time: Duration) {
        let _ = timeout(time, self.active.closed()).await;
    }

    fn run_or_go_on<'a, S>(
        &'a self,
        id: &'a str,
        mut call: S,
        compared: fn(Inputs, &str) -> Result<Written, JournalError>,
    ) -> impl Future<Output = <S::Output as DurableOutput>::Durable> + use<'a, S>
    where
        S: DurableStep,
        S::Output: DurableOutput,
    {
        // Before the first await, so that a call which is not `Sync` can continue in a task.
        let inputs = compared(call.inputs(), id);
        let workflow = Identified { graph: call.info().graph, module: call.module() };
        let read_back = call.read_back();
        // A workflow can be large, and would otherwise be part of this future more than once.
        let call = Box::new(call);
        async move {
            let started = async {
                let inputs = inputs?;
                read_back.map_err(|(input, error)| unreadable(id, input, &error))?;
                self.start(id, inputs, workflow).await
            };
            match started.await {
                Ok(Started::Ended(outcome)) => match S::Output::recorded(&outcome) {
                    Ok(output) => output,
                    Err(error) => S::Output::failed(unreadable(id, "result", &error)),
                },
                Ok(Started::Runs(held)) => {
                    let recording: Arc<dyn Recording> =
                        Arc::<JournalRecording>::clone(&held.recording);
                    let observers = self.observers.clone();
                    let execute = Box::pin(Execute::recorded(*call, observers, recording));
                    self.go_on(held, execute).await
                }
                Err(error) => S::Output::failed(error),
            }
        }
    }

    async fn start(
        &self,
        id: &str,
        inputs: Written,
        workflow: Identified,
    ) -> Result<Started, JournalError> {
        check_id(id)?;
        let at = |error| at_run(id, None, error);
        let graph = workflow.graph();
        let new = NewRun::new(id, graph.name(), inputs.to_json(), workflow.to_json());
        let entered = self.active.enter(id).map_err(|refusal| {
            let run = id.to_owned();
            match refusal {
                Refusal::Closed => JournalError::Closed { run },
                Refusal::GoesOn => {
                    let holder = format!("{}, in this very process", self.holder);
                    JournalError::Busy { run, holder }
                }
            }
        })?;
        let asking = self.asking();
        let before = asking.run(id).await.map_err(at)?;
        if let Some(before) = &before {
            // Checked before the claim, so that a refused call changes nothing about the run.
            workflow.check(before)?;
            inputs.check(before)?;
            if workflow.has_moved(before) && !self.reruns {
                workflow.check_moved(before, &asking.records(id).await.map_err(at)?)?;
            }
        }
        let last = before.as_ref().map_or(LastGo::GivenUp, last_go);
        let as_before = before.as_ref().and_then(end_of);
        let since = Moment::now();
        let claimed = asking.claim(new, self.claim(), &self.heartbeat).await.map_err(at)?;
        let epoch = match claimed {
            Claimed::Held { epoch, .. } => epoch,
            Claimed::Busy { holder, .. } => {
                return Err(JournalError::Busy { run: id.to_owned(), holder });
            }
            Claimed::Ended => {
                let stored = self.stored_run(&asking, id, &workflow).await?;
                inputs.check(&stored)?;
                return result_of(stored).map(Started::Ended);
            }
            other => return Err(unknown_answer(&other)),
        };
        let held = Arc::new(Held::new(self.lease, since, false));
        let run: Arc<str> = id.into();
        let asked =
            |ahead| Asked::new(asking.clone(), Arc::clone(&run), epoch, Arc::clone(&held), ahead);
        entered.holds(asked(0));
        let mut lease = Lease::new(asked(0), self.heartbeat.clone());
        Heartbeat::keep(asked(0), self.claim());
        let ready = async {
            let stored = self.stored_run(&asking, id, &workflow).await?;
            inputs.check(&stored)?;
            if stored.cancel {
                held.cancel();
            }
            let asked = asked(asking.ahead().await.map_err(at)?);
            let mut records = asking.records(id).await.map_err(at)?;
            // Resuming a run that was completely undone means going forward again.
            if last == LastGo::Failed && is_undone(&records) {
                asked.erase(&[String::new()]).await.map_err(at)?;
                records.retain(|record| !record.path.is_empty());
            }
            if let Some(failure) = has_to_be_undone(&records) {
                let mark = Record::new("", Kind::Compensation, failure.to_owned(), asked.now());
                asked.write(mark.clone()).await.map_err(at)?;
                records.push(mark);
            }
            let known = known_signals::of(&stored, &records);
            let now = workflow.signals();
            let news = (known != now).then(|| known_signals::record(&now, asked.now()));
            let sent = Arc::clone(&self.sent);
            let moved = workflow.has_moved(&stored);
            let (module, created) = (module_of(&stored), stored.created);
            let options =
                Options { reruns: self.reruns, module, moved, last, created, signals: now };
            let recording = JournalRecording::new(asked, records, sent, graph, options);
            recording.check(graph)?;
            if let Some(record) = news {
                recording.asked().write(record).await.map_err(at)?;
            }
            Ok::<_, JournalError>(Arc::new(recording))
        };
        match ready.await {
            Ok(recording) => {
                Ok(Started::Runs(HeldRun { recording, lease, as_before, _entered: entered }))
            }
            Err(error) => {
                lease.leave(as_before.filter(|_| error.refuses())).await;
                Err(error)
            }
        }
    }

    async fn go_on<S>(
        &self,
        mut held: HeldRun,
        execute: Pin<Box<Execute<S>>>,
    ) -> <S::Output as DurableOutput>::Durable
    where
        S: DurableStep,
        S::Output: DurableOutput,
    {
        let recording = Arc::clone(&held.recording);
        let mut drive = Drive::new(execute, &recording, &self.heartbeat, self.claim());
        match drive.run().await {
            Ok(drive::Ended::Returned(output)) => {
                let failure = drive.execute().failure_of(&output);
                drop(drive);
                self.end(&mut held, output, failure).await
            }
            Ok(drive::Ended::Undone) => {
                drop(drive);
                S::Output::failed(self.end_undone(&mut held).await)
            }
            Err(error) => {
                drop(drive);
                // What counts is why it failed, not that the lease could not be given up.
                let unchanged = error.refuses() && !recording.has_written();
                held.lease.leave(held.as_before.take().filter(|_| unchanged)).await;
                S::Output::failed(error)
            }
        }
    }

    /// Ends a run that has been undone. Returns the error for its caller.
    async fn end_undone(&self, held: &mut HeldRun) -> JournalError {
        let recording = &held.recording;
        let run = recording.id().to_owned();
        let cancelled = recording.asked().held().is_cancelled();
        let failure = recording.failure();
        let (end, told) = match recording.not_undone().into_iter().next() {
            Some((step, error)) => {
                let told = JournalError::NotUndone { run, step, error };
                let text = if failure.is_empty() { told.to_string() } else { failure };
                (End::UndoFailed(text), told)
            }
            None if cancelled => (End::Cancelled, JournalError::Cancelled { run }),
            None => (End::Failed(failure.clone()), JournalError::Undone { run, error: failure }),
        };
        match self.finish(held, end).await {
            Ok(()) => told,
            Err(error) => error,
        }
    }

    async fn finish(&self, held: &mut HeldRun, end: End) -> Result<(), JournalError> {
        let asked = held.recording.asked();
        match asked.finish(end).await {
            Ok(()) => {
                held.lease.is_over();
                self.ended.tell(asked.run());
                Ok(())
            }
            Err(error) => {
                held.lease.give_up().await;
                Err(at_run(asked.run(), None, error))
            }
        }
    }

    async fn end<O: DurableOutput>(
        &self,
        held: &mut HeldRun,
        output: O,
        failure: Option<Failure>,
    ) -> O::Durable {
        let run = held.recording.id().to_owned();
        let json = match output.encode() {
            Some(Ok(json)) => json,
            Some(Err(error)) => return O::failed(unwritable(&run, "result", &error)),
            None => {
                let text = failure.map(|failure| failure.error).unwrap_or_default();
                let undone = held.recording.not_undone().is_empty();
                let end = if undone { End::Failed(text) } else { End::UndoFailed(text) };
                return match self.finish(held, end).await {
                    Ok(()) => output.durable(),
                    Err(error) => O::failed(error),
                };
            }
        };
        // The caller gets what a later caller would read.
        let read = match O::recorded(&json) {
            Ok(read) => read,
            Err(error) => return O::failed(unreadable(&run, "result", &error)),
        };
        match self.finish(held, End::Completed(json)).await {
            Ok(()) => read,
            Err(error) => O::failed(error),
        }
    }

    /// Records a run that nobody works on yet. If there is such a run, it must have the same inputs.
    pub(super) async fn create(
        &self,
        id: &str,
        inputs: &Written,
        workflow: Identified,
    ) -> Result<(), JournalError> {
        check_id(id)?;
        let at = |error| at_run(id, None, error);
        let asking = self.asking();
        let new = NewRun::new(id, workflow.name(), inputs.to_json(), workflow.to_json());
        if asking.run(id).await.map_err(at)?.is_none() && asking.create(&new).await.map_err(at)? {
            return Ok(());
        }
        inputs.check(&self.stored_of(id, &workflow).await?)
    }

    pub(super) fn store(&self) -> &dyn JournalStore {
        &*self.store
    }

    /// What is notified when this run ends in this process.
    pub(super) fn end_of(&self, id: &str) -> Arc<Notify> {
        self.ended.of(id)
    }

    /// What is stored about a run of this workflow.
    pub(super) async fn stored_of(
        &self,
        id: &str,
        workflow: &Identified,
    ) -> Result<StoredRun, JournalError> {
        let asking = self.asking();
        let stored = self.stored_run(&asking, id, workflow).await?;
        if workflow.has_moved(&stored) && !self.reruns {
            workflow.check_moved(&stored, &self.records(id).await?)?;
        }
        Ok(stored)
    }

    pub(super) async fn records(&self, id: &str) -> Result<Vec<Record>, JournalError> {
        let asking = self.asking();
        asking.records(id).await.map_err(|error| at_run(id, None, error))
    }

    pub(super) fn asking(&self) -> Asking {
        Asking::new(Arc::clone(&self.store), self.lease)
    }

    pub(super) fn claim(&self) -> Claim {
        Claim::new(&*self.holder, self.lease)
    }

    async fn stored_run(
        &self,
        asking: &Asking,
        id: &str,
        workflow: &Identified,
    ) -> Result<StoredRun, JournalError> {
        let stored = asking.run(id).await.map_err(|error| at_run(id, None, error))?;
        let stored = stored.ok_or_else(|| JournalError::NoSuchRun { run: id.to_owned() })?;
        workflow.check(&stored)?;
        Ok(stored)
    }

    /// The runs of this workflow that should be resumed: those that were cut off, and those that
    /// are running in some process. `workflow` is the name of its `fn`. The run that was written to
    /// last comes first.
    ///
    /// `resume_all`, which `workflow!` generates next to each durable workflow, resumes all of
    /// them.
    ///
    /// # Errors
    ///
    /// [`JournalError::Store`] if the store fails.
    ///
    /// # Example
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// # use workflow_runtime::{Journal, TimedOut, signal, workflow};
    /// # workflow! {
    /// #     #[durable]
    /// #     async fn approve(draft: u32) -> Result<String, TimedOut> {
    /// #         let editor = signal::<String>("approval").await?;
    /// #         Ok(format!("{editor} approves {draft}"))
    /// #     }
    /// # }
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let journal = Journal::memory();
    /// // Nobody sends the signal. The future is dropped, and with it the run stops.
    /// let run = journal.run("draft-7", approve(7));
    /// tokio::time::timeout(Duration::from_secs(1), run).await.unwrap_err();
    ///
    /// let unfinished = journal.unfinished("approve").await?;
    /// assert_eq!(unfinished[0].id, "draft-7");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn unfinished(&self, workflow: &str) -> Result<Vec<StoredRun>, JournalError> {
        let filter = Filter::default().workflow(workflow).state(StoredState::Unfinished);
        Ok(self.store.runs(&filter).await?)
    }

    /// Sends a value to a run that waits for it now or later: see [`signal`](crate::signal). The
    /// run may not have been started yet, and may run in any process.
    ///
    /// # Errors
    ///
    /// If the run does not wait for a signal of this name ([`JournalError::NoSuchSignal`], with a
    /// similar name if there is one); if the value cannot be written as JSON; if the run has ended;
    /// or if the store fails. If the name of one of the workflow's signals is computed, any name is
    /// accepted. A wait in a workflow from another `workflow!` is only known once the run gets
    /// there.
    ///
    /// # Example
    ///
    /// ```
    /// # use workflow_runtime::{Journal, TimedOut, signal, workflow};
    /// # workflow! {
    /// #     #[durable]
    /// #     async fn approve(draft: u32) -> Result<String, TimedOut> {
    /// #         let editor = signal::<String>("approval").await?;
    /// #         Ok(format!("{editor} approves {draft}"))
    /// #     }
    /// # }
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let journal = Journal::memory();
    /// journal.signal("draft-7", "approval", "Ada").await?;
    /// assert_eq!(journal.run("draft-7", approve(7)).await?, "Ada approves 7");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn signal<T: Serialize + ?Sized>(
        &self,
        id: &str,
        name: &str,
        value: &T,
    ) -> Result<(), JournalError> {
        check_id(id)?;
        let value = serde_json::to_string(value).map_err(|error| unwritable(id, name, &error))?;
        known_signals::check(&*self.store, id, name).await?;
        let signal = SentSignal::new(name, value, Timestamp::now());
        self.store.send(id, signal).await?;
        self.sent.notify_waiters();
        Ok(())
    }

    /// Requests the cancellation of a run: the process that is working on it drops the running
    /// steps and undoes the completed ones, either soon or when the run is resumed.
    ///
    /// # Errors
    ///
    /// [`JournalError::Store`] if there is no such run, if it has completed or was cancelled, or if
    /// the store fails.
    ///
    /// # Example
    ///
    /// ```
    /// # use workflow_runtime::{Journal, TimedOut, signal, workflow};
    /// # workflow! {
    /// #     #[durable]
    /// #     async fn approve(draft: u32) -> Result<String, TimedOut> {
    /// #         let editor = signal::<String>("approval").await?;
    /// #         Ok(format!("{editor} approves {draft}"))
    /// #     }
    /// # }
    /// # #[tokio::main(flavor = "current_thread", start_paused = true)]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let journal = Journal::memory();
    /// let (run, ()) = tokio::join!(journal.run("draft-7", approve(7)), async {
    ///     while journal.cancel("draft-7").await.is_err() {
    ///         tokio::task::yield_now().await;         // the run has not begun yet
    ///     }
    /// });
    /// assert_eq!(run.unwrap_err().to_string(), "run `draft-7` was cancelled");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn cancel(&self, id: &str) -> Result<(), JournalError> {
        self.store.cancel(id).await?;
        self.active.cancel(id);
        Ok(())
    }

    /// Makes a failed run [unfinished](Self::unfinished) again, so that the next process that
    /// resumes unfinished runs continues it from the step that failed. If a compensation has
    /// failed, that compensation is retried instead, and the run ends as failed once it is undone.
    /// A run that is already unfinished stays as it is.
    ///
    /// # Errors
    ///
    /// [`JournalError::Store`] if there is no such run, if it has completed or was cancelled, or if
    /// the store fails.
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
    /// journal.run("cart-1042", checkout(0)).await.unwrap_err();
    /// assert!(journal.unfinished("checkout").await?.is_empty());
    ///
    /// journal.retry("cart-1042").await?;
    /// assert_eq!(journal.unfinished("checkout").await?.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn retry(&self, id: &str) -> Result<(), JournalError> {
        Ok(self.store.retry(id).await?)
    }

    /// How long until a run that was last seen held like this can be taken over; `None` if its
    /// holder is alive and has renewed its lease or given it up since.
    pub(super) async fn free_in(
        &self,
        id: &str,
        seen: Option<&(String, Timestamp)>,
    ) -> Option<Duration> {
        let asking = self.asking();
        let held = asking.run(id).await.ok()??.held?;
        if seen != Some(&held) {
            return None;
        }
        let left = held.1.0.saturating_sub(Timestamp::now().0 + asking.ahead().await.ok()?);
        // Slightly later than necessary, to avoid asking again and again.
        let left = Duration::from_millis(u64::try_from(left).unwrap_or_default());
        Some(left + Duration::from_millis(20))
    }

    /// What is stored about a run. Called by `resume`.
    #[doc(hidden)]
    pub async fn stored(
        &self,
        id: &str,
        graph: &'static Graph,
        module: &'static str,
    ) -> Result<Stored, JournalError> {
        let asking = self.asking();
        let workflow = Identified { graph: Some(graph), module };
        Stored::of(&self.stored_run(&asking, id, &workflow).await?)
    }
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal").field("holder", &self.holder).finish_non_exhaustive()
    }
}

enum Started {
    /// The run has completed with this value.
    Ended(String),
    Runs(HeldRun),
}

struct HeldRun {
    recording: Arc<JournalRecording>,
    lease: Lease,
    /// How the run ended before, if it had failed.
    as_before: Option<End>,
    _entered: Entered,
}

/// The result of a run that can no longer be claimed.
fn result_of(run: StoredRun) -> Result<String, JournalError> {
    match (run.state, run.outcome) {
        (StoredState::Completed, Some(outcome)) => Ok(outcome),
        (StoredState::Cancelled, _) => Err(JournalError::Cancelled { run: run.id }),
        // Without a result, or in a state that this version does not know.
        (state, _) => {
            let problem = format!("it has ended as `{}`, with no result", state.name());
            Err(StoreError::Corrupt { run: run.id, path: String::new(), problem }.into())
        }
    }
}

/// How the last turn at the run ended.
fn last_go(run: &StoredRun) -> LastGo {
    let had_failed = match run.state {
        StoredState::Failed | StoredState::UndoFailed => true,
        StoredState::Completed | StoredState::Cancelled => false,
        // Unfinished: a run for which a retry was requested keeps its error. So would a run in a
        // state that this version does not know.
        _ => run.outcome.is_some(),
    };
    match &run.held {
        _ if had_failed => LastGo::Failed,
        Some(_) => LastGo::Died,
        // A process that gives up a run releases it.
        None => LastGo::GivenUp,
    }
}

/// How a run failed before: a refused call leaves it that way.
fn end_of(run: &StoredRun) -> Option<End> {
    let outcome = run.outcome.clone().unwrap_or_default();
    match run.state {
        StoredState::Failed => Some(End::Failed(outcome)),
        StoredState::UndoFailed => Some(End::UndoFailed(outcome)),
        // It had not failed, or it failed in a way that this version does not know and cannot write
        // again.
        _ => None,
    }
}

/// Whether a failed run has been undone completely, or has nothing to undo.
fn is_undone(records: &[Record]) -> bool {
    !records.iter().any(is_failed_undo)
}

fn check_id(id: &str) -> Result<(), JournalError> {
    let problem = if id.is_empty() {
        "it is empty"
    } else if id.chars().count() > LONGEST_ID {
        "it is longer than 500 characters"
    } else if id.chars().any(char::is_control) {
        "it holds a control character"
    } else {
        return Ok(());
    };
    Err(JournalError::BadId { id: id.to_owned(), problem })
}
