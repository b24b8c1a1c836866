//! Going on with all runs at the start of a process.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::time::timeout;
use workflow_journal::{Claim, JournalStore, MemoryStore, NewRun};
use workflow_runtime::{DurableError, Journal, JournalError, step, workflow};

#[derive(Debug, PartialEq)]
struct Refused;

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("refused")
    }
}

#[derive(Default)]
struct Shop {
    done: Mutex<Vec<String>>,
    open: AtomicBool,
}

impl Shop {
    fn taken(&self) -> Vec<String> {
        let mut done = std::mem::take(&mut *self.done.lock().unwrap());
        done.sort_unstable();
        done
    }
}

#[step]
async fn charge(shop: &Shop, cart: u32) -> Result<u32, Refused> {
    shop.done.lock().unwrap().push(format!("charge {cart}"));
    Ok(cart)
}

/// Hangs while the shop is closed. It has nothing for cart 13.
#[step]
async fn ship(shop: &Shop, cart: u32) -> Result<u32, Refused> {
    if !shop.open.load(Ordering::Relaxed) {
        std::future::pending::<()>().await;
    }
    if cart == 13 {
        return Err(Refused);
    }
    shop.done.lock().unwrap().push(format!("ship {cart}"));
    Ok(cart)
}

workflow! {
    #[durable]
    async fn checkout(shop: &Shop, cart: u32) -> Result<u32, Refused> {
        let payment = charge(shop, cart).await?;
        let parcel = ship(shop, payment).await?;
        Ok(parcel)
    }
}

mod elsewhere {
    use super::{Refused, step, workflow};

    #[step]
    async fn quote() -> Result<u32, Refused> {
        std::future::pending().await
    }

    workflow! {
        #[durable]
        pub(super) async fn checkout() -> Result<u32, Refused> {
            let price = quote().await?;
            Ok(price)
        }
    }
}

const SOON: Duration = Duration::from_millis(50);
const LONG: Duration = Duration::from_secs(20);

/// Starts a run, and stops it in its second step.
async fn cut_off(journal: &Journal, shop: &Shop, id: &str, cart: u32) {
    timeout(SOON, journal.run(id, checkout(shop, cart))).await.unwrap_err();
    assert_eq!(shop.taken(), [format!("charge {cart}")]);
}

type All = Vec<(String, Result<u32, DurableError<Refused>>)>;

async fn resume_all(journal: &Journal, shop: &Shop) -> All {
    let mut all = timeout(LONG, checkout::resume_all(journal, shop)).await.unwrap().unwrap();
    all.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    all
}

#[tokio::test]
async fn one_bad_run_does_not_end_the_recovery_of_the_others() {
    let (store, shop) = (MemoryStore::new(), Shop::default());
    let before = Journal::new(store.clone());
    for (id, cart) in [("a", 1), ("b", 13), ("c", 3)] {
        cut_off(&before, &shop, id, cart).await;
    }
    // In good order: its leases are given up.
    drop(before);
    shop.open.store(true, Ordering::Relaxed);
    let journal = Journal::new(store);
    let all = resume_all(&journal, &shop).await;
    let [(a, Ok(1)), (b, Err(DurableError::Workflow(Refused))), (c, Ok(3))] = &all[..] else {
        panic!("{all:?}")
    };
    assert_eq!([a, b, c], ["a", "b", "c"]);
    assert_eq!(shop.taken(), ["ship 1", "ship 3"]);
    assert!(resume_all(&journal, &shop).await.is_empty(), "nothing is left to go on with");
}

#[tokio::test]
async fn a_run_of_a_dead_process_is_taken_over_when_its_lease_ends() {
    let (store, shop) = (MemoryStore::new(), Shop::default());
    let before = Journal::new(store.clone());
    cut_off(&before, &shop, "one", 1).await;
    // A process that claimed it and was killed.
    let claim = Claim::new("dead", Duration::from_millis(300));
    let stored = store.run("one").await.unwrap().unwrap();
    let run = NewRun::new(stored.id, stored.workflow, stored.inputs, stored.graph);
    store.claim(&run, &claim).await.unwrap();

    shop.open.store(true, Ordering::Relaxed);
    let journal = Journal::new(store);
    let error = checkout::resume(&journal, "one", &shop).await.unwrap_err();
    assert!(matches!(error, DurableError::Journal(JournalError::Busy { .. })), "{error}");
    let all = resume_all(&journal, &shop).await;
    assert!(matches!(&all[..], [(_, Ok(1))]), "{all:?}");
    assert_eq!(shop.taken(), ["ship 1"]);
}

#[tokio::test]
async fn a_run_of_a_live_process_is_left_to_it() {
    let (store, shop) = (MemoryStore::new(), Shop::default());
    let alive = Journal::new(store.clone()).lease(Duration::from_millis(300));
    let journal = Journal::new(store);
    let left = async {
        tokio::time::sleep(SOON).await;
        resume_all(&journal, &shop).await
    };
    let all = tokio::select! {
        biased;
        ended = alive.run("one", checkout(&shop, 1)) => panic!("{ended:?}"),
        all = left => all,
    };
    let [(_, Err(DurableError::Journal(JournalError::Busy { .. })))] = &all[..] else {
        panic!("{all:?}")
    };
    assert_eq!(shop.taken(), ["charge 1"]);
}

#[tokio::test]
async fn runs_of_another_workflow_of_that_name_are_not_its_own() {
    let (journal, shop) = (Journal::memory(), Shop::default());
    timeout(SOON, journal.run("quote", elsewhere::checkout())).await.unwrap_err();
    cut_off(&journal, &shop, "one", 1).await;
    shop.open.store(true, Ordering::Relaxed);
    let all = resume_all(&journal, &shop).await;
    let [(one, Ok(1))] = &all[..] else { panic!("{all:?}") };
    assert_eq!(one, "one");
}
