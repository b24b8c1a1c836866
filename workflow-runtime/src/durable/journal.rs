//! The journal: what runs workflows durably.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Poll, ready};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::Notify;
use workflow_journal::{
    Claim, Claimed, End, Filter, JournalStore, MemoryStore, NewRun, Run as StoredRun, RunState,
    Signal, Timestamp,
};

use crate::durable::active::{Active, Entered};
use crate::durable::error::{at_run, unreadable, unwritable};
use crate::durable::keeper::Keeper;
use crate::durable::lease::Lease;
use crate::durable::side::Side;
use crate::durable::{DurableOutput, DurableStep, Inputs, JournalError, Recording, Stored};
use crate::graph::Graph;
use crate::run::{Execute, Observer};
use crate::step::Failure;

/// How long a lease lasts unless the caller says otherwise.
const LEASE: Duration = Duration::from_secs(30);
/// The longest id.
const LONGEST_ID: usize = 500;

/// Runs workflows durably: each step's output is recorded before anything that depends on it
/// starts, and after a crash a run goes on from what is recorded.
///
/// Clones share the journal.
#[derive(Clone)]
pub struct Journal {
    store: Arc<dyn JournalStore>,
    holder: Arc<str>,
    lease: Duration,
    observers: Vec<Arc<dyn Observer>>,
    active: Active,
    sent: Arc<Notify>,
    reruns: bool,
}

impl Journal {
    /// A journal in this store.
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
            sent: Arc::default(),
        }
    }

    /// A journal in this process's memory, for tests: it is gone with its last clone.
    #[must_use]
    pub fn memory() -> Self {
        Self::new(MemoryStore::new())
    }

    /// A journal in a file: an `SQLite` database, made if it is not there.
    ///
    /// # Errors
    ///
    /// If the file cannot be opened or made, or is something else.
    #[cfg(feature = "sqlite")]
    pub async fn open(path: impl AsRef<std::path::Path>) -> Result<Self, JournalError> {
        Ok(Self::new(workflow_journal::SqliteStore::open(path.as_ref()).await?))
    }

    /// Adds an observer of all runs. There can be any number.
    #[must_use]
    pub fn observe(mut self, observer: impl Observer + 'static) -> Self {
        self.observers.push(Arc::new(observer));
        self
    }

    /// Runs steps again that have changed since they were recorded, and all that depends on
    /// them. Without this, such a run is refused with [`JournalError::GraphChanged`].
    #[must_use]
    pub fn rerun_changed(mut self) -> Self {
        self.reruns = true;
        self
    }

    /// How long a process may be silent before others take its runs over: 30 seconds unless said
    /// otherwise. It tells that it is alive three times as often.
    ///
    /// A shorter lease lets others go on sooner with the runs of a process that has died. But one
    /// that only stood still for so long, as on a machine that was suspended, loses its runs: they
    /// end there with [`StoreError::LeaseLost`](crate::StoreError::LeaseLost), having changed
    /// nothing more.
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

    /// Runs a durable workflow under this id, or goes on with it.
    ///
    /// An id makes a run happen once: if it has completed, this gives the recorded result and
    /// runs nothing.
    ///
    /// Dropping the future stops the run where it stands. It can go on later.
    ///
    /// # Errors
    ///
    /// [`DurableError::Workflow`](crate::DurableError::Workflow) where the workflow fails, and
    /// [`DurableError::Journal`](crate::DurableError::Journal) where the journal cannot do its
    /// part.
    pub fn run<'a, S>(
        &'a self,
        id: &'a str,
        call: S,
    ) -> impl Future<Output = <S::Output as DurableOutput>::Durable> + use<'a, S>
    where
        S: DurableStep,
        S::Output: DurableOutput,
    {
        // Before anything is waited for, so that a call which is not `Sync` can go on in a task.
        let (inputs, graph) = (call.inputs(), call.graph());
        // A workflow can be large, and would be a part of this future more than once.
        let call = Box::new(call);
        async move {
            match self.start(id, inputs, graph).await {
                Ok(Started::Ended(outcome)) => match S::Output::recorded(&outcome) {
                    Ok(output) => output,
                    Err(error) => S::Output::failed(unreadable(id, "result", &error)),
                },
                Ok(Started::Runs(held)) => {
                    let recording: Arc<dyn Recording> = Arc::<Keeper>::clone(&held.keeper);
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
        inputs: Inputs,
        graph: Option<&Graph>,
    ) -> Result<Started, JournalError> {
        check_id(id)?;
        let at = |error| at_run(id, None, error);
        let graph = graph.expect("a workflow has a graph");
        let inputs = inputs.written(id)?;
        let new = NewRun {
            id: id.to_owned(),
            workflow: graph.name().to_owned(),
            inputs: inputs.to_json(),
            graph: serde_json::to_string(graph).expect("a graph holds nothing but texts"),
        };
        let Some(entered) = self.active.enter(id) else {
            let holder = format!("{}, in this very process", self.holder);
            return Err(JournalError::Busy { run: id.to_owned(), holder });
        };
        let before = self.store.run(id).await.map_err(at)?;
        // One that was asked to be tried again has kept its error.
        let had_failed = before.is_some_and(|run| match run.state {
            RunState::Failed | RunState::UndoFailed => true,
            RunState::Unfinished => run.outcome.is_some(),
            RunState::Completed | RunState::Cancelled => false,
        });
        let asked = Timestamp::now();
        let claimed = self.store.claim(&new, &self.claim()).await.map_err(at)?;
        let stored = self.stored_run(id, graph.name()).await;
        let epoch = match claimed {
            Claimed::Held { epoch, .. } => epoch,
            Claimed::Busy { holder, .. } => {
                return Err(JournalError::Busy { run: id.to_owned(), holder });
            }
            Claimed::Ended => {
                let stored = stored?;
                inputs.check(&stored)?;
                return match (stored.state, stored.outcome) {
                    (RunState::Completed, Some(outcome)) => Ok(Started::Ended(outcome)),
                    _ => Err(JournalError::Cancelled { run: id.to_owned() }),
                };
            }
        };
        let run: Arc<str> = id.into();
        let lease = Lease::new(Arc::clone(&self.store), Arc::clone(&run), epoch);
        let ready = async {
            let stored = stored?;
            inputs.check(&stored)?;
            let mut records = self.store.records(id).await.map_err(at)?;
            if had_failed && records.iter().any(|record| record.path.is_empty()) {
                // It was undone to its end. To go on with it is to go forward.
                self.store.erase(id, epoch, &[String::new()]).await.map_err(at)?;
                records.retain(|record| !record.path.is_empty());
            }
            let (store, run) = (Arc::clone(&self.store), Arc::clone(&run));
            let sent = Arc::clone(&self.sent);
            let keeper = Keeper::new(store, run, epoch, records, sent, self.reruns);
            keeper.check(graph)?;
            Ok((Arc::new(keeper), stored.cancel))
        };
        match ready.await {
            Ok((keeper, cancelled)) => Ok(Started::Runs(Held {
                keeper,
                run,
                lease,
                cancelled,
                claimed: asked,
                _entered: entered,
            })),
            Err(error) => {
                lease.give_up().await.map_err(at)?;
                Err(error)
            }
        }
    }

    async fn go_on<S>(
        &self,
        mut held: Held,
        mut execute: Pin<Box<Execute<S>>>,
    ) -> <S::Output as DurableOutput>::Durable
    where
        S: DurableStep,
        S::Output: DurableOutput,
    {
        let Held { keeper, run, lease, claimed, cancelled, .. } = &mut held;
        let (store, claim) = (Arc::clone(&self.store), self.claim());
        let mut side = Side::new(keeper, store, Arc::clone(run), lease.epoch(), claim, *claimed);
        if *cancelled {
            keeper.undo();
        }
        let mut replayed = false;
        let outcome = poll_fn(|cx| {
            if let Err(error) = ready!(side.poll_held(cx)) {
                return Poll::Ready(Err(error));
            }
            // What is to be undone has to be known again first: the body gets so far without
            // running anything.
            if !(keeper.undoes() && replayed) {
                let undid = keeper.undoes();
                let output = execute.as_mut().poll(cx);
                if let Some(error) = keeper.stopped() {
                    return Poll::Ready(Err(error));
                }
                if let Poll::Ready(output) = output {
                    return Poll::Ready(Ok(Some(output)));
                }
                replayed = undid;
            }
            match side.poll(cx) {
                Ok(cancel) if cancel && !*cancelled => {
                    *cancelled = true;
                    replayed = true;
                    keeper.undo();
                }
                Ok(_) => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
            if !replayed {
                return Poll::Pending;
            }
            let undone = execute.as_mut().poll_undo(cx);
            keeper.stopped().map_or_else(|| undone.map(Ok), |error| Poll::Ready(Err(error)))
        });
        match outcome.await {
            Ok(Some(output)) => {
                if let Err(error) = side.write_the_rest().await {
                    return S::Output::failed(error);
                }
                let failure = execute.as_mut().failure_of(&output);
                self.end(&mut held, output, failure).await
            }
            Ok(None) => match side.write_the_rest().await {
                Ok(()) => S::Output::failed(self.end_undone(&mut held).await),
                Err(error) => S::Output::failed(error),
            },
            Err(error) => {
                // Why it failed counts, not that the lease could not be given up.
                let _ = held.lease.give_up().await;
                S::Output::failed(error)
            }
        }
    }

    /// Ends a run that is undone. Gives what its caller is told.
    async fn end_undone(&self, held: &mut Held) -> JournalError {
        let Held { keeper, run, cancelled, .. } = &*held;
        let (end, told) = if *cancelled {
            (End::Cancelled, JournalError::Cancelled { run: run.to_string() })
        } else {
            let error = keeper.failure();
            (End::Failed(error.clone()), JournalError::Undone { run: run.to_string(), error })
        };
        match self.finish(held, end).await {
            Ok(()) => told,
            Err(error) => error,
        }
    }

    async fn finish(&self, held: &mut Held, end: End) -> Result<(), JournalError> {
        let finished = self.store.finish(&held.run, held.lease.epoch(), end).await;
        finished.map_err(|error| at_run(&held.run, None, error))?;
        held.lease.is_over();
        Ok(())
    }

    async fn end<O: DurableOutput>(
        &self,
        held: &mut Held,
        output: O,
        failure: Option<Failure>,
    ) -> O::Durable {
        let end = match output.encode() {
            Some(Ok(json)) => End::Completed(json),
            Some(Err(error)) => return O::failed(unwritable(&held.run, "result", &error)),
            None => End::Failed(failure.map(|failure| failure.error).unwrap_or_default()),
        };
        match self.finish(held, end).await {
            Ok(()) => output.durable(),
            Err(error) => O::failed(error),
        }
    }

    fn claim(&self) -> Claim {
        Claim { holder: self.holder.to_string(), lease: self.lease }
    }

    async fn stored_run(&self, id: &str, workflow: &str) -> Result<StoredRun, JournalError> {
        let stored = self.store.run(id).await.map_err(|error| at_run(id, None, error))?;
        let stored = stored.ok_or_else(|| JournalError::NoSuchRun { run: id.to_owned() })?;
        if stored.workflow != workflow {
            return Err(JournalError::OtherWorkflow {
                run: id.to_owned(),
                of: stored.workflow,
                workflow: workflow.to_owned(),
            });
        }
        Ok(stored)
    }

    /// The runs of this workflow that somebody should go on with: those that were cut off, and
    /// those that go on in some process.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn unfinished(&self, workflow: &str) -> Result<Vec<StoredRun>, JournalError> {
        let filter = Filter {
            workflow: Some(workflow.to_owned()),
            state: Some(RunState::Unfinished),
            ..Filter::default()
        };
        Ok(self.store.runs(&filter).await?)
    }

    /// Sends a value to a run that waits for it, or will: see [`signal`](crate::signal). The run
    /// may be one that has not been started yet, and go on in any process.
    ///
    /// # Errors
    ///
    /// If the value cannot be written as JSON, or the store fails.
    pub async fn signal<T: Serialize + ?Sized>(
        &self,
        id: &str,
        name: &str,
        value: &T,
    ) -> Result<(), JournalError> {
        check_id(id)?;
        let value = serde_json::to_string(value).map_err(|error| unwritable(id, name, &error))?;
        let signal = Signal { name: name.to_owned(), value, sent: Timestamp::now() };
        self.store.send(id, signal).await?;
        self.sent.notify_waiters();
        Ok(())
    }

    /// Asks for a run to be cancelled: whoever works on it drops the steps that run and undoes
    /// those that have completed, soon, or when it goes on.
    ///
    /// # Errors
    ///
    /// If there is no such run, if it has ended, or if the store fails.
    pub async fn cancel(&self, id: &str) -> Result<(), JournalError> {
        Ok(self.store.cancel(id).await?)
    }

    /// Makes a run that has failed one that is [unfinished](Self::unfinished) again, so that
    /// whoever goes on with those takes it up, from the step that failed. A run that is
    /// unfinished stays as it is.
    ///
    /// # Errors
    ///
    /// If there is no such run, if it has completed or was cancelled, or if the store fails.
    pub async fn retry(&self, id: &str) -> Result<(), JournalError> {
        Ok(self.store.retry(id).await?)
    }

    /// What is stored of a run: called by `resume`.
    #[doc(hidden)]
    pub async fn stored(&self, id: &str, graph: &Graph) -> Result<Stored, JournalError> {
        let stored = self.stored_run(id, graph.name()).await?;
        Stored::of(&stored)
    }
}

impl std::fmt::Debug for Journal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Journal").field("holder", &self.holder).finish_non_exhaustive()
    }
}

enum Started {
    /// It has completed with this value.
    Ended(String),
    Runs(Held),
}

struct Held {
    keeper: Arc<Keeper>,
    run: Arc<str>,
    lease: Lease,
    claimed: Timestamp,
    /// Somebody has asked for the run to be cancelled.
    cancelled: bool,
    _entered: Entered,
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
