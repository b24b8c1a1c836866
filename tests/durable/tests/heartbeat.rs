//! A lease while a step blocks the thread of its run, and when it is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use workflow_journal::{JournalStore, MemoryStore, StoreError};
use workflow_runtime::{DurableError, Journal, JournalError, StepError, step, workflow};

const LEASE: Duration = Duration::from_millis(300);

#[derive(Default)]
struct World {
    blocked: AtomicU32,
    begun: AtomicBool,
    after: AtomicU32,
}

/// Blocks its thread for longer than the lease lasts.
#[step]
async fn block(world: &Arc<World>) -> Result<u32, StepError> {
    world.blocked.fetch_add(1, Ordering::Relaxed);
    world.begun.store(true, Ordering::Relaxed);
    thread::sleep(LEASE * 5 / 2);
    Ok(1)
}

#[step]
async fn count(world: &Arc<World>, number: u32) -> Result<u32, StepError> {
    Ok(number + world.after.fetch_add(1, Ordering::Relaxed))
}

workflow! {
    #[durable]
    async fn work(world: &Arc<World>) -> Result<u32, StepError> {
        let number = block(world).await?;
        let end = count(world, number).await?;
        Ok(end)
    }
}

/// Does something on a thread of its own, with a runtime, once the step has begun.
fn beside<F: Future<Output = ()>>(
    world: &Arc<World>,
    does: impl FnOnce() -> F + Send + 'static,
) -> thread::JoinHandle<()> {
    let world = Arc::clone(world);
    thread::spawn(move || {
        let begun = Instant::now();
        while !world.begun.load(Ordering::Relaxed) {
            assert!(begun.elapsed() < Duration::from_secs(20), "the step does not begin");
            thread::sleep(Duration::from_millis(1));
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.unwrap().block_on(does());
    })
}

#[tokio::test]
async fn a_step_that_blocks_its_thread_keeps_the_lease() {
    let (store, world) = (MemoryStore::new(), Arc::new(World::default()));
    let journal = Journal::new(store.clone()).lease(LEASE);
    let (seen, others) = (Arc::clone(&world), store.clone());
    let other = beside(&world, move || async move {
        let other = Journal::new(others).lease(LEASE);
        let begun = Instant::now();
        while begun.elapsed() < LEASE * 2 {
            let error = work::resume(&other, "one", &seen).await.unwrap_err();
            assert!(matches!(error, DurableError::Journal(JournalError::Busy { .. })), "{error}");
            tokio::time::sleep(LEASE / 10).await;
        }
    });
    assert_eq!(journal.run("one", work(&world)).await.unwrap(), 1);
    other.join().unwrap();
    assert_eq!(world.blocked.load(Ordering::Relaxed), 1);
    assert_eq!(world.after.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn a_run_that_has_lost_its_lease_stops_before_its_next_step() {
    let (store, world) = (MemoryStore::new(), Arc::new(World::default()));
    let journal = Journal::new(store.clone()).lease(LEASE);
    let taker = beside(&world, move || async move {
        // Taken by force: given up in the name of its holder, and claimed by another one.
        let stored = store.run("one").await.unwrap().unwrap();
        store.release("one", 1).await.unwrap();
        let run =
            workflow_journal::NewRun::new(stored.id, stored.workflow, stored.inputs, stored.graph);
        let claim = workflow_journal::Claim::new("another", Duration::from_secs(30));
        store.claim(&run, &claim).await.unwrap();
    });
    let error = journal.run("one", work(&world)).await.unwrap_err();
    let DurableError::Journal(JournalError::Store(StoreError::LeaseLost { run })) = error else {
        panic!("{error}")
    };
    assert_eq!(run, "one");
    taker.join().unwrap();
    assert_eq!(world.after.load(Ordering::Relaxed), 0);
}
