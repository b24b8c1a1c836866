//! A workflow that uses all that a store can do.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::sleep as wait;
use workflow_durable_tests::{Done, Ledger, Refused, Rules};
use workflow_runtime::{idempotency_key, signal, sleep, step, workflow};

/// The signal that it waits for.
pub(crate) const SIGNAL: &str = "go";

/// What a process finds.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) ledger: Arc<Ledger>,
    /// How long most steps take.
    pub(crate) short: Duration,
    /// How long one of them takes: some heartbeats.
    pub(crate) long: Duration,
    /// Whether the last step fails.
    pub(crate) fails: bool,
}

#[step]
async fn act(world: &World, used: &[&Done]) -> Result<Done, Refused> {
    wait(world.short).await;
    Ok(world.ledger.did(used.iter().copied()))
}

#[step]
async fn work(world: &World, used: &[&Done]) -> Result<Done, Refused> {
    wait(world.long).await;
    Ok(world.ledger.did(used.iter().copied()))
}

#[step]
async fn close(world: &World, used: &[&Done]) -> Result<Done, Refused> {
    wait(world.short).await;
    if world.fails { Err(Refused) } else { Ok(world.ledger.did(used.iter().copied())) }
}

#[step]
async fn undo(world: &World, done: &Done) -> Result<(), Refused> {
    wait(world.short).await;
    // The ledger tells the step that is undone from this key.
    debug_assert!(idempotency_key().contains("/undo"));
    world.ledger.undid(done);
    Ok(())
}

workflow! {
    #[durable]
    pub(crate) async fn everything(world: &World, items: u32) -> Result<Done, Refused> {
        #[compensate(undo(world, &first))]
        let first = act(world, &[]).await?;
        #[concurrency(2)]
        let list = for _number in 0..items {
            #[compensate(undo(world, &item))]
            let item = act(world, &[&first]).await?;
            item
        };
        let beside = work(world, &[]).await?;
        let go = signal::<u64>("go").await?;
        #[after(go)]
        let pause = sleep("20ms").await;
        #[after(pause)]
        let all = act(world, &[&Done::sum("list", &list)]).await?;
        let end = close(world, &[&all, &beside]).await?;
        Ok(end)
    }
}

/// How many items it has.
pub(crate) const ITEMS: u32 = 3;

/// What there is to know of it.
pub(crate) fn rules() -> Rules {
    let mut rules = Rules::default();
    rules.add_undoable("first", false);
    rules.add_undoable("list[].item", false);
    for item in 0..ITEMS {
        rules.needs.entry(format!("list[{item}].item")).or_default().insert("first".to_owned());
    }
    rules
}
