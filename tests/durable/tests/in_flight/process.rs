//! A process that works on the run, and its store.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::task::JoinHandle;
use workflow_durable_tests::{Call, Done, Ledger, Method, Pause, Refused, Watch, Watched};
use workflow_journal::{Kind, MemoryStore, StoreError};
use workflow_runtime::{DurableError, Journal};

use crate::gates::Gates;
use crate::shapes::Shape;
use crate::world::{Mode, World};

/// The run's id.
pub(crate) const RUN: &str = "one";

/// What a call of `Journal::run` comes to.
pub(crate) type Outcome = Result<Done, DurableError<Refused>>;

/// Holds up what a run writes until the test lets it go on: before it is done, and again before
/// the run hears of it.
struct Held {
    gates: Gates,
    ledger: Arc<Ledger>,
    dead: AtomicBool,
}

impl Held {
    async fn pass(&self, call: &Call, when: When) -> Result<(), StoreError> {
        // Nothing that a dead process has asked for is done later.
        if self.dead.load(Ordering::Relaxed) {
            let source = "the process is dead".into();
            return Err(StoreError::Failed { place: "memory".to_owned(), source });
        }
        if is_held(call, when) {
            let what = if when == When::Before { "done" } else { "answered" };
            self.gates.pass(format!("{} is {what}", call.name())).await;
        }
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum When {
    Before,
    After,
}

/// Whether a call is held up. Where nothing follows from what was done and is not yet known, it
/// is so once.
fn is_held(call: &Call, when: When) -> bool {
    match (call.method, &call.record) {
        (Method::Write, Some(record)) if record.kind == Kind::Failure => when == When::Before,
        (Method::Write, Some(record)) => is_of_the_two(&record.path),
        (Method::Renew | Method::Release, _) => when == When::After,
        (Method::Finish, _) => true,
        _ => false,
    }
}

/// What the shapes have beside the two steps is not held up.
fn is_of_the_two(path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or(path);
    !(name.starts_with("quick") || name.ends_with("list"))
}

impl Watch for Held {
    fn before<'a>(&'a self, call: &'a Call) -> Pause<'a> {
        Box::pin(self.pass(call, When::Before))
    }

    fn applied(&self, call: &Call) {
        if let Some(record) = &call.record {
            self.ledger.recorded(record);
        }
    }

    fn after<'a>(&'a self, call: &'a Call) -> Pause<'a> {
        Box::pin(self.pass(call, When::After))
    }
}

/// A process.
pub(crate) struct Process {
    store: Watched,
    held: Arc<Held>,
    pub(crate) journal: Journal,
    pub(crate) gates: Gates,
    pub(crate) run: JoinHandle<Outcome>,
}

impl Process {
    /// Starts the run, or goes on with it.
    pub(crate) fn start(
        shape: &Shape,
        mode: Mode,
        lease: Duration,
        store: &MemoryStore,
        ledger: &Arc<Ledger>,
    ) -> Self {
        let gates = Gates::default();
        let held =
            Held { gates: gates.clone(), ledger: Arc::clone(ledger), dead: AtomicBool::new(false) };
        let held = Arc::new(held);
        let store = Watched::new(store.clone(), Arc::<Held>::clone(&held));
        let journal = Journal::new(store.clone()).lease(lease);
        let world = World { ledger: Arc::clone(ledger), gates: gates.clone(), mode };
        let run = tokio::spawn((shape.run)(journal.clone(), world));
        Self { store, held, journal, gates, run }
    }

    /// Kills it, and lets its lease run out. What the store has not done yet is never done.
    pub(crate) async fn kill(self) {
        self.held.dead.store(true, Ordering::Relaxed);
        self.run.abort();
        // It was aborted, has panicked, or has just ended.
        let _ = self.run.await;
        self.store.expire(RUN).await.expect("memory does not fail");
    }

    /// Its lease runs out.
    pub(crate) async fn expire(&self) {
        self.store.expire(RUN).await.expect("memory does not fail");
    }
}
