//! Runs that are deleted: one by one, and by their age.

use std::time::Duration;

use workflow_journal::{Claim, Claimed, End, JournalStore, MemoryStore, NewRun, StoredState};
use workflow_runtime::{Journal, JournalError, Retention, StepError, step, workflow};

#[step]
async fn charge(cents: u32) -> Result<u32, StepError> {
    if cents == 0 { Err(StepError::permanent("nothing to pay")) } else { Ok(cents) }
}

workflow! {
    #[durable]
    async fn checkout(cents: u32) -> Result<u32, StepError> {
        let payment = charge(cents).await?;
        Ok(payment)
    }
}

async fn end(store: &MemoryStore, id: &str, end: End) {
    let claim = Claim::new("a", Duration::from_secs(60));
    let claimed = store.claim(&NewRun::new(id, "checkout", "{}", "{}"), &claim).await.unwrap();
    let Claimed::Held { epoch, .. } = claimed else { panic!("{claimed:?}") };
    store.finish(id, epoch, end).await.unwrap();
}

/// The ids that are left, in alphabetical order.
async fn left(store: &MemoryStore) -> Vec<String> {
    let runs = store.runs(&workflow_journal::Filter::default()).await.unwrap();
    let mut ids: Vec<_> = runs.into_iter().map(|run| run.id).collect();
    ids.sort();
    ids
}

/// Waits until everything that has been written is older than 0 ms by the clock of the store.
fn grow_old() {
    std::thread::sleep(Duration::from_millis(5));
}

#[tokio::test]
async fn only_a_run_that_has_ended_is_deleted() {
    let store = MemoryStore::new();
    let journal = Journal::new(store.clone());
    checkout::start(&journal, "open", 1).await.unwrap();
    let error = journal.delete("open").await.unwrap_err();
    assert!(matches!(&error, JournalError::Unfinished { run } if run == "open"), "{error}");
    let error = journal.delete("unknown").await.unwrap_err();
    assert!(matches!(error, JournalError::NoSuchRun { .. }), "{error}");

    journal.run("paid", checkout(995)).await.unwrap();
    journal.run("unpaid", checkout(0)).await.unwrap_err();
    for run in ["paid", "unpaid"] {
        journal.delete(run).await.unwrap();
        assert!(store.records(run).await.unwrap().is_empty());
    }
    assert_eq!(left(&store).await, ["open"]);
    // The id is free for other inputs.
    assert_eq!(journal.run("paid", checkout(7)).await.unwrap(), 7);
}

#[tokio::test]
async fn each_kind_of_end_is_kept_for_as_long_as_it_is_said() {
    let store = MemoryStore::new();
    let journal = Journal::new(store.clone());
    end(&store, "completed", End::Completed("1".into())).await;
    end(&store, "failed", End::Failed("no".into())).await;
    end(&store, "not undone", End::UndoFailed("no".into())).await;
    end(&store, "cancelled", End::Cancelled).await;
    checkout::start(&journal, "open", 1).await.unwrap();
    grow_old();

    assert_eq!(journal.sweep(&Retention::completed("1h")).await.unwrap(), 0, "they are young");
    assert_eq!(journal.sweep(&Retention::completed("0s").failed("1h")).await.unwrap(), 1);
    assert_eq!(left(&store).await, ["cancelled", "failed", "not undone", "open"]);
    let rest = Retention::completed("0s").failed(Duration::ZERO).cancelled("0s");
    assert_eq!(journal.sweep(&rest).await.unwrap(), 2);
    assert_eq!(left(&store).await, ["not undone", "open"], "something is left to do for these");
    assert_eq!(store.run("open").await.unwrap().unwrap().state, StoredState::Unfinished);
}

/// More than are deleted at once, by several sweepers at the same time.
#[tokio::test]
async fn many_are_swept_by_many() {
    let store = MemoryStore::new();
    let journal = Journal::new(store.clone());
    for run in 0..1050 {
        end(&store, &format!("run {run}"), End::Completed("1".into())).await;
    }
    checkout::start(&journal, "open", 1).await.unwrap();
    grow_old();
    let sweeps = (0..3).map(|_| {
        let journal = journal.clone();
        tokio::spawn(async move { journal.sweep(&Retention::completed("0s")).await.unwrap() })
    });
    let mut deleted = 0;
    for sweep in sweeps.collect::<Vec<_>>() {
        deleted += sweep.await.unwrap();
    }
    // A sweeper whose whole batch another one has deleted leaves the rest to that one.
    assert_eq!(deleted, 1050);
    assert_eq!(left(&store).await, ["open"]);
}

#[test]
#[should_panic(expected = "`a month` is not a duration")]
fn a_text_that_is_not_a_duration_is_refused() {
    let _ = Retention::completed("a month");
}
