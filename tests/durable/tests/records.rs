//! What stands in a store, for whoever looks at a run that is stuck.

use std::sync::atomic::{AtomicU32, Ordering};

use workflow_journal::{JournalStore as _, Kind, MemoryStore, Record};
use workflow_runtime::{Journal, StepError, step, workflow};

#[step]
async fn weigh(item: u32) -> u32 {
    item * 10
}

#[step]
async fn repack(item: &u32) -> Result<(), StepError> {
    if *item == 10 { Ok(()) } else { Err(StepError::permanent("too heavy")) }
}

/// Fails three times, and then for good.
#[step(retry(max_attempts = 3, backoff = none))]
async fn charge(calls: &AtomicU32, grams: u32) -> Result<u32, StepError> {
    let call = calls.fetch_add(1, Ordering::Relaxed);
    Err(StepError::retryable(format!("the bank is closed ({call}), {grams} g")))
}

workflow! {
    #[durable]
    async fn sell(calls: &AtomicU32, items: Vec<u32>) -> Result<u32, StepError> {
        let weights = for item in items {
            #[compensate(repack(&weight))]
            let weight = weigh(item).await;
            weight
        };
        let paid = charge(calls, weights.iter().sum::<u32>()).await?;
        Ok(paid)
    }
}

fn shown(records: &[Record]) -> Vec<String> {
    let shown = |record: &Record| {
        let Record { path, kind, output, attempts, .. } = record;
        format!("{path} {} {output} {attempts}", kind.name())
    };
    records.iter().map(shown).collect()
}

#[tokio::test(start_paused = true)]
async fn it_tells_what_has_failed_and_what_is_undone() {
    let (store, calls) = (MemoryStore::new(), AtomicU32::new(0));
    let journal = Journal::new(store.clone());
    journal.run("one", sell(&calls, vec![1, 2])).await.unwrap_err();
    let mut records = store.records("one").await.unwrap();
    assert!(records.iter().all(|record| record.started <= record.finished));
    records.sort_by_key(|record| (record.kind, record.path.clone()));
    assert_eq!(
        shown(&records),
        [
            "weights[0].weight step 10 1",
            "weights[1].weight step 20 1",
            "weights items 2 1",
            "paid failure \"the bank is closed (2), 30 g\" 3",
            " compensation \"the bank is closed (2), 30 g\" 1",
            "weights[0].weight compensation null 1",
            "weights[1].weight compensation \"too heavy\" 1",
        ]
    );
    let completed: Vec<_> = workflow_journal::completed(&records).collect();
    assert_eq!(shown(&completed.into_iter().cloned().collect::<Vec<_>>()).len(), 1);
    assert_eq!(Kind::from_name("failure"), Some(Kind::Failure));
}
