//! Steps in doubt, and recorded values with a compensation, in durable runs.
#![deny(warnings, missing_docs, unsafe_code, clippy::all, clippy::pedantic, clippy::nursery)]

use std::sync::Mutex;

use workflow_runtime::{DurableError, Journal, Recorder, step, workflow};

/// What happened, in order.
#[derive(Default)]
struct World {
    did: Mutex<Vec<String>>,
}

impl World {
    fn does(&self, what: impl Into<String>) {
        self.did.lock().expect("no step panics").push(what.into());
    }

    fn did(&self) -> Vec<String> {
        self.did.lock().expect("no step panics").drain(..).collect()
    }

    fn draw(&self) -> u32 {
        self.does("draw");
        7
    }
}

#[step]
async fn charge(world: &World, key: u32, fails: bool) -> Result<u32, String> {
    world.does(format!("charge {key}"));
    tokio::task::yield_now().await;
    if fails { Err("no answer".to_owned()) } else { Ok(key + 1) }
}

#[step]
async fn refund(world: &World, key: u32) {
    tokio::task::yield_now().await;
    world.does(format!("refund {key}"));
}

#[step]
async fn forget(world: &World, key: &u32) {
    world.does(format!("forget {key}"));
}

workflow! {
    /// Draws a key, and charges by it.
    #[durable]
    async fn pay(world: &World, fails: bool, fails_later: bool) -> Result<u32, String> {
        #[compensate(forget(world, &key))]
        #[record]
        let key = world.draw();
        #[compensate(maybe refund(world, key))]
        let payment = charge(world, key, fails).await?;
        let last = charge(world, payment, fails_later).await?;
        Ok(last)
    }
}

#[tokio::test]
async fn a_step_in_doubt_is_undone() {
    let recorder = Recorder::new();
    let journal = Journal::memory().observe(recorder.clone());
    let world = World::default();
    let failed = journal.run("one", pay(&world, true, false)).await.expect_err("it fails");
    assert!(matches!(failed, DurableError::Workflow(_)));
    assert_eq!(world.did(), ["draw", "charge 7", "refund 7", "forget 7"]);
    assert_eq!(recorder.compensated_steps(), ["payment", "key"]);
}

#[tokio::test]
async fn a_step_that_has_completed_is_undone_once() {
    let journal = Journal::memory();
    let world = World::default();
    let failed = journal.run("one", pay(&world, false, true)).await.expect_err("it fails");
    assert!(matches!(failed, DurableError::Workflow(_)));
    assert_eq!(world.did(), ["draw", "charge 7", "charge 8", "refund 7", "forget 7"]);
    assert_eq!(journal.run("two", pay(&world, false, false)).await.expect("it ends"), 9);
    assert_eq!(world.did(), ["draw", "charge 7", "charge 8"]);
}
