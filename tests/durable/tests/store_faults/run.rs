//! One run in a store with a fault, and what comes of it.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::timeout;
use workflow_durable_tests::{Audit, Done, Ledger, Method, Refused, Watched};
use workflow_journal::{JournalStore, MemoryStore, SentSignal, StoredState, Timestamp};
use workflow_runtime::{DurableError, Journal};

use crate::faults::{At, Fault, Faulty};
use crate::workflow::{ITEMS, SIGNAL, World, everything, rules};

/// The run's id.
const RUN: &str = "one";

/// How long everything takes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Times {
    pub(crate) lease: Duration,
    pub(crate) short: Duration,
    pub(crate) long: Duration,
    /// Within this the run has to end, one way or another.
    pub(crate) limit: Duration,
}

/// What a run has come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Came {
    /// To its end.
    ToItsEnd,
    /// To an error of the journal, and then, without a fault, to its end.
    ToAnErrorFirst(String),
}

/// One case.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Case {
    pub(crate) times: Times,
    pub(crate) fails: bool,
    pub(crate) at: At,
    pub(crate) fault: Fault,
}

impl Case {
    /// The calls of a run without a fault.
    pub(crate) async fn calls(&self) -> Vec<(Method, String)> {
        let (store, ledger) = (store().await, Arc::default());
        let whole = Self { at: At::Nowhere, ..*self };
        let (faulty, _) = whole.process(&store, &ledger, At::Nowhere).await.expect("no fault");
        faulty.calls()
    }

    /// Runs it, and checks what has come of it.
    pub(crate) async fn check(&self) -> Result<Came, String> {
        let (store, ledger) = (store().await, Arc::default());
        let (faulty, outcome) = self.process(&store, &ledger, self.at).await?;
        let hit = faulty.hit();
        let told = move |error: String| {
            format!("{error}\nthe fault was at: {}", hit.unwrap_or_else(|| "no call".to_owned()))
        };
        self.go_on(&store, &ledger, outcome).await.map_err(told)
    }

    async fn go_on(
        &self,
        store: &MemoryStore,
        ledger: &Arc<Ledger>,
        outcome: Outcome,
    ) -> Result<Came, String> {
        let came = match outcome {
            Err(DurableError::Journal(error)) => {
                ledger.cut();
                if state(store).await == Some(StoredState::Unfinished)
                    || state(store).await.is_none()
                {
                    self.process(store, ledger, At::Nowhere)
                        .await?
                        .1
                        .map_or_else(again, |_| Ok(()))?;
                }
                Came::ToAnErrorFirst(error.to_string())
            }
            Ok(_) | Err(DurableError::Workflow(_)) => Came::ToItsEnd,
            Err(other) => return Err(format!("it came to: {other}")),
        };
        let end = if self.fails { StoredState::Failed } else { StoredState::Completed };
        let state = state(store).await;
        if state != Some(end) {
            return Err(format!("it is {state:?}, not {end:?}"));
        }
        Audit::check(&rules(), &ledger.events(), end)?;
        Ok(came)
    }

    /// Lets a process run it to its end.
    async fn process(
        &self,
        store: &MemoryStore,
        ledger: &Arc<Ledger>,
        at: At,
    ) -> Result<(Arc<Faulty>, Outcome), String> {
        let faulty = Arc::new(Faulty::new(at, self.fault, ledger));
        let watched = Watched::new(store.clone(), Arc::<Faulty>::clone(&faulty));
        let journal = Journal::new(watched.clone()).lease(self.times.lease);
        let Times { short, long, limit, .. } = self.times;
        let world = World { ledger: Arc::clone(ledger), short, long, fails: self.fails };
        // In a task, so that a panic is seen.
        let mut run =
            tokio::spawn(async move { journal.run(RUN, everything(&world, ITEMS)).await });
        let ended = timeout(limit, &mut run).await;
        let at = || faulty.hit().unwrap_or_else(|| "no call".to_owned());
        match ended {
            Err(_) => {
                run.abort();
                Err(format!("it hangs\nthe fault was at: {}", at()))
            }
            Ok(Err(panic)) => Err(format!("it panics\n{panic}\nthe fault was at: {}", at())),
            Ok(Ok(outcome)) => {
                watched.expire(RUN).await.expect("memory does not fail");
                Ok((faulty, outcome))
            }
        }
    }
}

type Outcome = Result<Done, DurableError<Refused>>;

/// What the next process says: that the run has failed and is undone is right.
fn again(error: DurableError<Refused>) -> Result<(), String> {
    match error {
        DurableError::Workflow(_)
        | DurableError::Journal(workflow_runtime::JournalError::Undone { .. }) => Ok(()),
        error => Err(format!("without a fault it came to: {error}")),
    }
}

async fn state(store: &MemoryStore) -> Option<StoredState> {
    store.run(RUN).await.expect("memory does not fail").map(|run| run.state)
}

/// A store in which the signal is.
async fn store() -> MemoryStore {
    let store = MemoryStore::new();
    let signal = SentSignal::new(SIGNAL, "7", Timestamp::now());
    store.send(RUN, signal).await.expect("memory does not fail");
    store
}
