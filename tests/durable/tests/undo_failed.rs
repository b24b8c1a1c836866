//! A compensation that fails is still to be done.

use std::sync::Mutex;

use workflow_journal::{JournalStore, MemoryStore, StoredState};
use workflow_runtime::{DurableError, Journal, JournalError, step, workflow};

#[derive(Debug, PartialEq)]
struct Refused;

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("refused")
    }
}

/// What fails, and what has been done.
#[derive(Default)]
struct Bank {
    fails: Mutex<Vec<&'static str>>,
    done: Mutex<Vec<&'static str>>,
}

impl Bank {
    fn failing(fails: &[&'static str]) -> Self {
        let bank = Self::default();
        bank.fails(fails);
        bank
    }

    fn fails(&self, fails: &[&'static str]) {
        *self.fails.lock().unwrap() = fails.to_vec();
    }

    fn act(&self, what: &'static str) -> Result<(), Refused> {
        if self.fails.lock().unwrap().contains(&what) {
            return Err(Refused);
        }
        self.done.lock().unwrap().push(what);
        Ok(())
    }

    fn taken(&self) -> Vec<&'static str> {
        std::mem::take(&mut *self.done.lock().unwrap())
    }
}

#[step]
async fn act(bank: &Bank, what: &'static str) -> Result<u32, Refused> {
    bank.act(what).map(|()| 1)
}

#[step]
async fn undo(bank: &Bank, what: &'static str, _done: &u32) -> Result<(), Refused> {
    bank.act(what)
}

workflow! {
    #[durable]
    async fn buy(bank: &Bank) -> Result<u32, Refused> {
        #[compensate(undo(bank, "release", &stock))]
        let stock = act(bank, "reserve").await?;
        #[compensate(undo(bank, "refund", &payment))]
        #[after(stock)]
        let payment = act(bank, "charge").await?;
        #[after(payment)]
        let parcel = act(bank, "ship").await?;
        Ok(stock + payment + parcel)
    }
}

async fn state(store: &MemoryStore) -> StoredState {
    store.run("one").await.unwrap().unwrap().state
}

#[tokio::test]
async fn it_is_tried_again_until_it_succeeds() {
    let (store, bank) = (MemoryStore::new(), Bank::failing(&["ship", "refund"]));
    let journal = Journal::new(store.clone());
    let error = journal.run("one", buy(&bank)).await.unwrap_err();
    assert!(matches!(error, DurableError::Workflow(Refused)), "{error}");
    assert_eq!(bank.taken(), ["reserve", "charge", "release"]);
    assert_eq!(state(&store).await, StoredState::UndoFailed);

    // Still not.
    journal.retry("one").await.unwrap();
    assert_eq!(state(&store).await, StoredState::Unfinished);
    let error = buy::resume(&journal, "one", &bank).await.unwrap_err();
    let DurableError::Journal(JournalError::NotUndone { step, .. }) = error else {
        panic!("{error}")
    };
    assert_eq!(step, "payment");
    assert_eq!(bank.taken(), [""; 0]);
    assert_eq!(state(&store).await, StoredState::UndoFailed);

    // Now it does. Another process goes on.
    bank.fails(&["ship"]);
    journal.retry("one").await.unwrap();
    let other = Journal::new(store.clone());
    let error = buy::resume(&other, "one", &bank).await.unwrap_err();
    assert!(matches!(error, DurableError::Journal(JournalError::Undone { .. })), "{error}");
    assert_eq!(bank.taken(), ["refund"]);
    assert_eq!(state(&store).await, StoredState::Failed);

    // And then forward again.
    bank.fails(&[]);
    assert_eq!(buy::resume(&other, "one", &bank).await.unwrap(), 3);
    assert_eq!(bank.taken(), ["reserve", "charge", "ship"]);
    assert_eq!(state(&store).await, StoredState::Completed);
}

#[tokio::test]
async fn a_run_that_is_not_undone_is_not_cancelled() {
    let (store, bank) = (MemoryStore::new(), Bank::failing(&["ship", "refund"]));
    let journal = Journal::new(store.clone());
    journal.run("one", buy(&bank)).await.unwrap_err();
    bank.taken();
    journal.cancel("one").await.unwrap();
    for _ in 0..2 {
        let error = buy::resume(&journal, "one", &bank).await.unwrap_err();
        assert!(matches!(error, DurableError::Journal(JournalError::NotUndone { .. })), "{error}");
        assert_eq!(state(&store).await, StoredState::UndoFailed);
    }
    assert_eq!(bank.taken(), [""; 0]);

    bank.fails(&[]);
    for undone in [&["refund"][..], &[]] {
        let error = buy::resume(&journal, "one", &bank).await.unwrap_err();
        assert!(matches!(error, DurableError::Journal(JournalError::Cancelled { .. })), "{error}");
        assert_eq!(bank.taken(), undone);
        assert_eq!(state(&store).await, StoredState::Cancelled);
    }
}
