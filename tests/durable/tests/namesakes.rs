//! Two workflows of one function name, in different modules.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::time::timeout;
use workflow_journal::{JournalStore, MemoryStore, NewRun};
use workflow_runtime::{DurableError, Journal, JournalError, StepError};

/// Steps up to which a run goes, so that it is cut off there, and those that have run.
#[derive(Default)]
struct World {
    limit: AtomicU32,
    shop: AtomicU32,
    travel: AtomicU32,
}

impl World {
    async fn act(&self, done: &AtomicU32) {
        if self.limit.load(Ordering::Relaxed) == 0 {
            std::future::pending::<()>().await;
        }
        self.limit.fetch_sub(1, Ordering::Relaxed);
        done.fetch_add(1, Ordering::Relaxed);
    }
}

/// The same names and types in each.
macro_rules! business {
    ($name:ident, $price:expr) => {
        mod $name {
            use super::World;
            use workflow_runtime::{StepError, step, workflow};

            #[step]
            async fn price(world: &World) -> Result<u32, StepError> {
                world.act(&world.$name).await;
                Ok($price)
            }

            #[step]
            async fn pay(world: &World, price: u32) -> Result<u32, StepError> {
                world.act(&world.$name).await;
                Ok(price)
            }

            workflow! {
                #[durable]
                pub(super) async fn checkout(world: &World) -> Result<u32, StepError> {
                    let price = price(world).await?;
                    let paid = pay(world, price).await?;
                    Ok(paid)
                }
            }
        }
    };
}

business!(shop, 5);
business!(travel, 900);

const SOON: Duration = Duration::from_millis(50);
const LONG: Duration = Duration::from_secs(20);

/// A run of the shop's that has come this far.
async fn run_of_shop(journal: &Journal, world: &Arc<World>, steps: u32) {
    world.limit.store(steps, Ordering::Relaxed);
    let run = timeout(SOON, journal.run("one", shop::checkout(world))).await;
    assert_eq!(run.is_ok(), steps == 2);
    assert_eq!(world.shop.load(Ordering::Relaxed), steps);
    world.limit.store(9, Ordering::Relaxed);
}

fn is_refused(error: &DurableError<StepError>, completed: bool) -> bool {
    match error {
        DurableError::Journal(JournalError::OtherWorkflow { of, workflow, .. }) => {
            of == "namesakes::shop::checkout" && workflow == "namesakes::travel::checkout"
        }
        DurableError::Journal(JournalError::GraphChanged { .. }) => !completed,
        _ => false,
    }
}

#[tokio::test]
async fn they_do_not_share_runs() {
    for steps in 0..=2 {
        let (journal, world) = (Journal::memory(), Arc::<World>::default());
        run_of_shop(&journal, &world, steps).await;
        let run = timeout(LONG, journal.run("one", travel::checkout(&world))).await.unwrap();
        let resumed = timeout(LONG, travel::checkout::resume(&journal, "one", &world));
        for come_to in [run, resumed.await.unwrap()] {
            let error = come_to.unwrap_err();
            assert!(is_refused(&error, steps == 2), "after {steps} steps: {error}");
        }
        assert_eq!(world.travel.load(Ordering::Relaxed), 0);
        // The run is as it was.
        assert_eq!(shop::checkout::resume(&journal, "one", &world).await.unwrap(), 5);
        assert_eq!(world.shop.load(Ordering::Relaxed), 2);
    }
}

#[tokio::test]
async fn a_run_of_an_old_journal_has_no_module() {
    for steps in 0..2 {
        let (store, world) = (MemoryStore::new(), Arc::<World>::default());
        let journal = Journal::new(store.clone());
        run_of_shop(&journal, &world, steps).await;
        let stored = store.run("one").await.unwrap().unwrap();
        let mut graph: serde_json::Value = serde_json::from_str(&stored.graph).unwrap();
        graph.as_object_mut().unwrap().remove("module").expect("it is there today");
        let old = NewRun::new("old", stored.workflow, stored.inputs, graph.to_string());
        let claim = workflow_journal::Claim::new("before", Duration::from_secs(30));
        let claimed = store.claim(&old, &claim).await.unwrap();
        let workflow_journal::Claimed::Held { epoch, .. } = claimed else { panic!("{claimed:?}") };
        for record in store.records("one").await.unwrap() {
            store.write("old", epoch, record).await.unwrap();
        }
        store.release("old", epoch).await.unwrap();
        let resumed = timeout(LONG, shop::checkout::resume(&journal, "old", &world));
        assert_eq!(resumed.await.unwrap().unwrap(), 5);
        assert_eq!(world.shop.load(Ordering::Relaxed), 2);
    }
}
