//! A call that does not fit what is recorded is refused, and changes nothing.

use std::sync::Arc;

use workflow_journal::{JournalStore, MemoryStore, SqliteStore, StoredRun, StoredState};
use workflow_runtime::{DurableError, Journal, JournalError, StepError, step, workflow};

#[step]
async fn charge(amount: u32) -> Result<u32, StepError> {
    Ok(amount)
}

#[step]
async fn charge_otherwise(amount: u32) -> Result<u32, StepError> {
    Ok(amount + 1)
}

/// Works with an even amount.
#[step]
async fn refund(payment: &u32) -> Result<(), StepError> {
    if payment % 2 == 0 { Ok(()) } else { Err(StepError::permanent("the bank is closed")) }
}

#[step]
async fn ship(_payment: &u32) -> Result<u32, StepError> {
    Err(StepError::permanent("no stock"))
}

#[step]
async fn stand_still(_payment: &u32) -> Result<u32, StepError> {
    std::future::pending().await
}

workflow! {
    #[durable]
    async fn pay(amount: u32) -> Result<u32, StepError> {
        #[compensate(refund(&payment))]
        let payment = charge(amount).await?;
        let shipped = ship(&payment).await?;
        Ok(shipped)
    }

    #[durable]
    async fn donate(amount: u32) -> Result<u32, StepError> {
        let payment = charge(amount).await?;
        let shipped = ship(&payment).await?;
        Ok(shipped)
    }

    #[durable]
    async fn wait(amount: u32) -> Result<u32, StepError> {
        let payment = charge(amount).await?;
        let stood = stand_still(&payment).await?;
        Ok(stood)
    }
}

/// The same ones in a version that has changed.
mod next {
    use super::*;

    workflow! {
        #[durable]
        #[was(crate::donate)]
        pub(super) async fn donate(amount: u32) -> Result<u32, StepError> {
            let payment = charge_otherwise(amount).await?;
            let shipped = ship(&payment).await?;
            Ok(shipped)
        }

        #[durable]
        #[was(crate::wait)]
        pub(super) async fn wait(amount: u32) -> Result<u32, StepError> {
            let other = charge(amount).await?;
            let stood = stand_still(&other).await?;
            Ok(stood)
        }
    }
}

type Ended = Result<u32, DurableError<StepError>>;

/// A store, with a journal in it.
struct Desk {
    store: Arc<dyn JournalStore>,
    journal: Journal,
    _folder: tempfile::TempDir,
}

impl Desk {
    async fn each() -> [Self; 2] {
        let folder = || tempfile::tempdir().unwrap();
        let (one, other) = (folder(), folder());
        let memory = MemoryStore::new();
        let file = SqliteStore::open(other.path().join("orders.db")).await.unwrap();
        let (in_memory, in_file) = (Journal::new(memory.clone()), Journal::new(file.clone()));
        [
            Self { store: Arc::new(memory), journal: in_memory, _folder: one },
            Self { store: Arc::new(file), journal: in_file, _folder: other },
        ]
    }

    async fn run(&self) -> StoredRun {
        self.store.run("a").await.unwrap().expect("it is there")
    }

    /// Checks that a call is refused, and that nothing of the run is another afterwards.
    async fn refuses(&self, call: impl Future<Output = Ended>, wanted: &str) {
        let before = (self.run().await, self.store.records("a").await.unwrap());
        match call.await {
            Err(DurableError::Journal(error)) => assert!(said(&error) == wanted, "{error}"),
            other => panic!("it is refused as {wanted}, but: {other:?}"),
        }
        let after = (self.run().await, self.store.records("a").await.unwrap());
        assert_eq!(before.0.state, after.0.state);
        assert_eq!(before.0.outcome, after.0.outcome);
        assert_eq!(before.0.inputs, after.0.inputs);
        assert_eq!(before.0.workflow, after.0.workflow);
        assert_eq!(after.0.held, None);
        assert_eq!(before.1, after.1);
    }
}

fn said(error: &JournalError) -> &'static str {
    match error {
        JournalError::InputChanged { .. } => "other inputs",
        JournalError::OtherWorkflow { .. } => "another workflow",
        JournalError::GraphChanged { .. } => "another graph",
        _ => "something else",
    }
}

#[tokio::test]
async fn a_failed_run_stays_failed() {
    for desk in Desk::each().await {
        let journal = &desk.journal;
        journal.run("a", donate(5)).await.unwrap_err();
        assert_eq!(desk.run().await.state, StoredState::Failed);
        desk.refuses(journal.run("a", donate(6)), "other inputs").await;
        desk.refuses(journal.run("a", pay(5)), "another workflow").await;
        desk.refuses(pay::resume(journal, "a"), "another workflow").await;
        desk.refuses(journal.run("a", next::donate(5)), "another graph").await;
        desk.refuses(next::donate::resume(journal, "a"), "another graph").await;
        assert_eq!(journal.unfinished("donate").await.unwrap(), []);
        assert_eq!(desk.run().await.outcome.as_deref(), Some("no stock"));
    }
}

#[tokio::test]
async fn a_run_that_could_not_be_undone_stays_so() {
    for desk in Desk::each().await {
        desk.journal.run("a", pay(5)).await.unwrap_err();
        assert_eq!(desk.run().await.state, StoredState::UndoFailed);
        desk.refuses(desk.journal.run("a", pay(6)), "other inputs").await;
        desk.refuses(desk.journal.run("a", donate(5)), "another workflow").await;
        assert_eq!(desk.run().await.state, StoredState::UndoFailed);
    }
}

#[tokio::test]
async fn a_run_that_was_undone_stays_failed() {
    for desk in Desk::each().await {
        desk.journal.run("a", pay(4)).await.unwrap_err();
        desk.refuses(desk.journal.run("a", pay(5)), "other inputs").await;
        assert_eq!(desk.run().await.state, StoredState::Failed);
    }
}

#[tokio::test]
async fn a_run_that_was_cut_off_stays_as_it_is() {
    for desk in Desk::each().await {
        let journal = &desk.journal;
        let cut =
            tokio::time::timeout(std::time::Duration::from_millis(200), journal.run("a", wait(5)));
        assert!(cut.await.is_err());
        // Its lease is given up beside this.
        while desk.run().await.held.is_some() {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        desk.refuses(journal.run("a", wait(6)), "other inputs").await;
        desk.refuses(journal.run("a", donate(5)), "another workflow").await;
        desk.refuses(journal.run("a", next::wait(5)), "another graph").await;
        assert_eq!(journal.unfinished("wait").await.unwrap().len(), 1);
    }
}
