//! A step of a durable run that always finds its semaphore ready, beside a value that borrows: its
//! neighbour, the lease and a cancellation get their turn all the same.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use workflow_journal::MemoryStore;
use workflow_runtime::{DurableError, Journal, JournalError, StepError, step, workflow};

const LEASE: Duration = Duration::from_millis(400);
const LONG: Duration = Duration::from_secs(20);

struct Shop {
    always_ready: Semaphore,
    over: AtomicBool,
}

impl Shop {
    fn new() -> Arc<Self> {
        Arc::new(Self { always_ready: Semaphore::new(1), over: AtomicBool::new(false) })
    }
}

/// Goes on until it may end.
#[step]
async fn busy(shop: &Shop) -> Result<u32, StepError> {
    while !shop.over.load(Ordering::Relaxed) {
        drop(shop.always_ready.acquire().await.map_err(StepError::permanent)?);
    }
    Ok(1)
}

/// Takes more than one poll.
#[step]
async fn text(ends: bool, shop: &Shop) -> Result<String, StepError> {
    let own = Semaphore::new(1);
    for _ in 0..1000 {
        drop(own.acquire().await.map_err(StepError::permanent)?);
    }
    shop.over.fetch_or(ends, Ordering::Relaxed);
    Ok(" text ".to_owned())
}

#[step]
async fn measured(text: &str, number: u32) -> Result<usize, StepError> {
    Ok(text.len() + usize::try_from(number).map_err(StepError::permanent)?)
}

workflow! {
    #[durable]
    async fn beside(shop: &Shop, ends: bool) -> Result<usize, StepError> {
        let text = text(ends, shop).await?;
        let part: &str = text.trim();
        let number = busy(shop).await?;
        let length = measured(part, number).await?;
        Ok(length)
    }

    /// What lends runs behind the busy step.
    #[durable]
    async fn behind(shop: &Shop, ends: bool) -> Result<usize, StepError> {
        let number = busy(shop).await?;
        let text = text(ends, shop).await?;
        let part: &str = text.trim();
        let length = measured(part, number).await?;
        Ok(length)
    }
}

#[tokio::test]
async fn its_neighbour_gets_its_turn() {
    let journal = Journal::memory();
    let shop = Shop::new();
    let run = timeout(LONG, journal.run("one", beside(&shop, true)));
    assert_eq!(run.await.unwrap().unwrap(), 5);
    let shop = Shop::new();
    let run = timeout(LONG, journal.run("two", behind(&shop, true)));
    assert_eq!(run.await.unwrap().unwrap(), 5);
}

#[tokio::test]
async fn its_lease_is_kept_and_a_cancellation_is_noticed() {
    let store = MemoryStore::new();
    let journal = Arc::new(Journal::new(store.clone()).lease(LEASE));
    let shop = Shop::new();
    let run = tokio::spawn({
        let (journal, shop) = (Arc::clone(&journal), Arc::clone(&shop));
        async move { journal.run("one", behind(&shop, false)).await }
    });
    sleep(LEASE * 5).await;
    // Another process does not get it.
    let other = Journal::new(store).lease(LEASE);
    let taken = timeout(LEASE * 3, other.run("one", behind(&Shop::new(), true))).await;
    assert!(!matches!(taken, Ok(Ok(_))), "the lease is lost");
    assert!(!run.is_finished());
    journal.cancel("one").await.unwrap();
    let end = timeout(LONG, run).await.unwrap().unwrap();
    assert!(matches!(end, Err(DurableError::Journal(JournalError::Cancelled { .. }))), "{end:?}");
}
