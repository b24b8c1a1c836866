//! A step that panics, and a store that fails, leave a run in order.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use workflow_durable_tests::{Call, Method, Pause, Watch, Watched};
use workflow_journal::{JournalStore, Kind, MemoryStore, StoreError, StoredState};
use workflow_runtime::{DurableError, Journal, StepError, step, workflow};

#[step]
async fn start() -> Result<u32, StepError> {
    Ok(7)
}

#[step]
async fn divide(number: u32, by: u32) -> Result<u32, StepError> {
    tokio::task::yield_now().await;
    assert_ne!(by, 0, "there is nothing to divide {number} by");
    Ok(number / by)
}

#[step(spawn)]
async fn divide_in_task(number: u32, by: u32) -> Result<u32, StepError> {
    tokio::task::yield_now().await;
    assert_ne!(by, 0, "there is nothing to divide {number} by");
    Ok(number / by)
}

workflow! {
    #[durable]
    async fn halve(by: &u32) -> Result<u32, StepError> {
        let number = start().await?;
        let parts = for part in 0..2_u32 {
            let half = divide(number + part, *by).await?;
            half
        };
        Ok(parts.iter().sum())
    }

    #[durable]
    async fn halve_in_task(by: &u32) -> Result<u32, StepError> {
        let number = start().await?;
        let half = divide_in_task(number, *by).await?;
        Ok(half)
    }
}

/// The text of the panic that this future ends with.
async fn panic_of<T: std::fmt::Debug>(future: impl Future<Output = T>) -> String {
    let mut future = Box::pin(future);
    let caught = std::future::poll_fn(|cx| {
        let polled = AssertUnwindSafe(|| future.as_mut().poll(cx));
        match std::panic::catch_unwind(polled) {
            Ok(polled) => polled.map(|output| panic!("it gave {output:?}")),
            Err(panic) => std::task::Poll::Ready(panic),
        }
    });
    let panic = caught.await;
    panic.downcast_ref::<String>().expect("it has a text").clone()
}

#[tokio::test]
async fn a_panic_is_recorded_and_goes_on() {
    const TEXT: &str = "there is nothing to divide 7 by";
    let store = MemoryStore::new();
    let journal = Journal::new(store.clone());
    for (id, path) in [("items", "parts[0].half"), ("task", "half")] {
        let text = if id == "items" {
            panic_of(journal.run(id, halve(&0))).await
        } else {
            panic_of(journal.run(id, halve_in_task(&0))).await
        };
        assert!(text.contains(TEXT), "{text}");
        let records = store.records(id).await.unwrap();
        let failures = records.iter().filter(|record| record.kind == Kind::Failure);
        let failures: Vec<_> = failures.map(|record| (&*record.path, &*record.output)).collect();
        let [(at, error)] = failures[..] else { panic!("{failures:?}") };
        assert_eq!(at, path);
        assert!(error.contains(TEXT), "{error}");
        // It was cut off, and goes on.
        assert_eq!(store.run(id).await.unwrap().unwrap().state, StoredState::Unfinished);
    }
    assert_eq!(halve::resume(&journal, "items", &1).await.unwrap(), 15);
    assert_eq!(halve_in_task::resume(&journal, "task", &1).await.unwrap(), 7);
}

#[step]
async fn weigh(item: u32) -> Result<u32, StepError> {
    tokio::task::yield_now().await;
    Ok(item)
}

workflow! {
    #[durable]
    async fn weigh_all() -> Result<u32, StepError> {
        #[concurrency(2)]
        let weights = for item in 0..6_u32 {
            let weight = weigh(item).await?;
            weight
        };
        Ok(weights.iter().sum())
    }
}

/// Refuses the write with this number, and all that follow.
struct Refuses(AtomicUsize, usize);

impl Watch for Refuses {
    fn before<'a>(&'a self, call: &'a Call) -> Pause<'a> {
        let number = match call.method {
            Method::Write => self.0.fetch_add(1, Ordering::Relaxed),
            _ => 0,
        };
        let refused = call.method == Method::Write && number >= self.1;
        Box::pin(async move {
            tokio::task::yield_now().await;
            if refused {
                return Err(StoreError::Refused {
                    place: "the store".to_owned(),
                    source: "it is full".into(),
                });
            }
            Ok(())
        })
    }

    fn after<'a>(&'a self, _: &'a Call) -> Pause<'a> {
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test]
async fn a_write_that_fails_amid_items_is_an_error() {
    for writes in 0..7 {
        let refuses = Arc::new(Refuses(AtomicUsize::new(0), writes));
        let journal = Journal::new(Watched::new(MemoryStore::new(), refuses));
        let run = journal.run("one", weigh_all());
        let error = tokio::time::timeout(Duration::from_secs(20), run).await.unwrap().unwrap_err();
        assert!(matches!(error, DurableError::Journal(_)), "{error}");
        assert!(error.to_string().contains("it is full"), "{error}");
    }
}

/// Lets records of failures, and what comes behind them, wait until the test says otherwise.
struct Holds(tokio::sync::Semaphore);

impl Watch for Holds {
    fn before<'a>(&'a self, call: &'a Call) -> Pause<'a> {
        let failure = call.record.as_ref().is_some_and(|record| record.kind == Kind::Failure);
        let waits = failure || call.method == Method::Release;
        Box::pin(async move {
            if waits {
                let _ = self.0.acquire().await;
            }
            Ok(())
        })
    }

    fn after<'a>(&'a self, _: &'a Call) -> Pause<'a> {
        Box::pin(async { Ok(()) })
    }
}

#[test]
fn a_panic_is_recorded_also_after_the_end_of_the_runtime() {
    let runtime =
        || tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let store = MemoryStore::new();
    let holds = Arc::new(Holds(tokio::sync::Semaphore::new(0)));
    let journal = Journal::new(Watched::new(store.clone(), holds.clone()));
    let first = runtime();
    first.block_on(panic_of(journal.run("one", halve(&0))));
    drop(first);
    // Time for the thread in the background to hear of it.
    std::thread::sleep(Duration::from_millis(100));
    holds.0.add_permits(1);
    runtime().block_on(async {
        // Returns when what is done in the background has been answered.
        journal.close().await;
        let records = store.records("one").await.unwrap();
        assert!(records.iter().any(|record| record.kind == Kind::Failure), "{records:?}");
    });
}
