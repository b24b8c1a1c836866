//! Deploys while runs go on: what a new version of a workflow may change.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};
use workflow_runtime::{DurableError, Journal, JournalError, Retry, graph_lock, step, workflow};

#[derive(Debug, PartialEq)]
struct Stop;

impl std::fmt::Display for Stop {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("stop")
    }
}

/// What runs find outside.
#[derive(Default)]
struct World {
    log: Mutex<Vec<&'static str>>,
    goes_on: AtomicBool,
}

impl World {
    fn taken(&self) -> Vec<&'static str> {
        let mut log = std::mem::take(&mut *self.log.lock().unwrap());
        log.sort_unstable();
        log
    }
}

#[step]
async fn act(world: &World, what: &'static str, input: u32) -> Result<u32, Stop> {
    world.log.lock().unwrap().push(what);
    Ok(input + 1)
}

/// The same function under a new name.
#[step]
async fn perform(world: &World, what: &'static str, input: u32) -> Result<u32, Stop> {
    world.log.lock().unwrap().push(what);
    Ok(input + 1)
}

/// Where the run is cut off.
#[step]
async fn stop(world: &World, input: u32) -> Result<u32, Stop> {
    if world.goes_on.load(Ordering::Relaxed) { Ok(input) } else { Err(Stop) }
}

/// What the order was at first, and later.
mod order {
    use super::{Deserialize, Serialize};

    #[derive(Debug, Clone, Serialize, Deserialize)]
    pub(super) struct First {
        pub(super) amount: u32,
        pub(super) note: String,
    }

    #[derive(Debug, Clone, Serialize, Deserialize)]
    pub(super) struct NewField {
        pub(super) amount: u32,
        pub(super) note: String,
        #[serde(default)]
        pub(super) gift: bool,
    }

    #[derive(Debug, Clone, Serialize, Deserialize)]
    pub(super) struct LessField {
        pub(super) amount: u32,
    }

    #[derive(Debug, Clone, Serialize, Deserialize)]
    pub(super) struct Alias {
        #[serde(alias = "amount")]
        pub(super) cents: u32,
        pub(super) note: String,
    }
}

/// A workflow `flow`, as it is at some time.
macro_rules! version {
    ($name:ident, ($($inputs:tt)*), { $($body:tt)* }) => {
        mod $name {
            use super::*;

            workflow! {
                #[durable]
                pub(super) async fn flow($($inputs)*) -> Result<u32, Stop> {
                    $($body)*
                }
            }
        }
    };
}

version!(before, (world: &World, order: order::First), {
    let first = act(world, "first", order.amount).await?;
    let items = for item in 0..2_u32 {
        let part = act(world, "part", first + item).await?;
        part
    };
    let end = stop(world, items.iter().sum::<u32>()).await?;
    Ok(end)
});

version!(new_field, (world: &World, order: order::NewField), {
    let first = act(world, "first", order.amount + u32::from(order.gift)).await?;
    let items = for item in 0..2_u32 {
        let part = act(world, "part", first + item).await?;
        part
    };
    let end = stop(world, items.iter().sum::<u32>()).await?;
    Ok(end)
});

version!(less_field, (world: &World, order: order::LessField), {
    let first = act(world, "first", order.amount).await?;
    let items = for item in 0..2_u32 {
        let part = act(world, "part", first + item).await?;
        part
    };
    let end = stop(world, items.iter().sum::<u32>()).await?;
    Ok(end)
});

version!(alias, (world: &World, order: order::Alias), {
    let first = act(world, "first", order.cents).await?;
    let items = for item in 0..2_u32 {
        let part = act(world, "part", first + item).await?;
        part
    };
    let end = stop(world, items.iter().sum::<u32>()).await?;
    Ok(end)
});

version!(new_option, (world: &World, order: order::First, code: Option<u32>), {
    let first = act(world, "first", order.amount + code.unwrap_or_default()).await?;
    let items = for item in 0..2_u32 {
        let part = act(world, "part", first + item).await?;
        part
    };
    let end = stop(world, items.iter().sum::<u32>()).await?;
    Ok(end)
});

version!(resources, (shop: &World, till: &World, order: order::First), {
    let first = act(shop, "first", order.amount).await?;
    let items = for item in 0..2_u32 {
        let part = act(till, "part", first + item).await?;
        part
    };
    let end = stop(shop, items.iter().sum::<u32>()).await?;
    Ok(end)
});

version!(local, (world: &World, order: order::First), {
    let amount = order.amount;
    let first = act(world, "first", amount).await?;
    let start = first;
    let items = for item in 0..2_u32 {
        let part = act(world, "part", start + item).await?;
        part
    };
    let sum = items.iter().sum::<u32>();
    let end = stop(world, sum).await?;
    Ok(end)
});

version!(renamed, (world: &World, order: order::First), {
    #[was(first)]
    #[was(function = act)]
    let start = perform(world, "first", order.amount).await?;
    #[was(items)]
    let lines = for item in 0..2_u32 {
        #[was(part)]
        let line = act(world, "part", start + item).await?;
        line
    };
    let end = stop(world, lines.iter().sum::<u32>()).await?;
    Ok(end)
});

version!(unnamed, (world: &World, order: order::First), {
    let start = act(world, "first", order.amount).await?;
    let items = for item in 0..2_u32 {
        let part = act(world, "part", start + item).await?;
        part
    };
    let end = stop(world, items.iter().sum::<u32>()).await?;
    Ok(end)
});

version!(policies, (world: &World, order: order::First), {
    #[retry(max_attempts = 3, backoff = none, when = |_| true)]
    let first = act(world, "first", order.amount).await?;
    let items = for item in 0..2_u32 {
        #[retry(policy = Retry::attempts(2).constant("1s"), when = |_| true)]
        let part = act(world, "part", first + item).await?;
        part
    };
    #[retry(max_attempts = 1, when = |stop| *stop == Stop)]
    let end = stop(world, items.iter().sum::<u32>()).await?;
    Ok(end)
});

fn first_order() -> order::First {
    order::First { amount: 1, note: "fast".to_owned() }
}

const RESULT: u32 = 7;

/// Goes on, with this version, with a run that the first one has begun.
macro_rules! goes_on {
    ($version:ident $(, $also:ident)?) => {{
        let (world, journal) = (World::default(), Journal::memory());
        journal.run("one", before::flow(&world, first_order())).await.unwrap_err();
        assert_eq!(world.taken(), ["first", "part", "part"]);
        world.goes_on.store(true, Ordering::Relaxed);
        $(let $also = &world;)?
        let result = $version::flow::resume(&journal, "one", &world $(, $also)?).await;
        assert_eq!(world.taken(), [""; 0], "nothing runs twice");
        result.unwrap()
    }};
}

#[tokio::test]
async fn inputs_that_change_and_still_read_go_on() {
    assert_eq!(goes_on!(new_field), RESULT);
    assert_eq!(goes_on!(less_field), RESULT);
    assert_eq!(goes_on!(alias), RESULT);
    assert_eq!(goes_on!(new_option), RESULT);
}

#[tokio::test]
async fn resources_and_local_variables_are_no_change() {
    assert_eq!(goes_on!(resources, till), RESULT);
    assert_eq!(goes_on!(local), RESULT);
}

/// How often a step is tried is not part of what it is.
#[tokio::test]
async fn policies_of_declarations_are_no_change() {
    assert_eq!(goes_on!(policies), RESULT);
}

#[tokio::test]
async fn what_was_renamed_and_says_so_goes_on() {
    assert_eq!(goes_on!(renamed), RESULT);
}

#[tokio::test]
async fn what_was_renamed_in_silence_is_refused() {
    let (world, journal) = (World::default(), Journal::memory());
    journal.run("one", before::flow(&world, first_order())).await.unwrap_err();
    world.taken();
    let error = unnamed::flow::resume(&journal, "one", &world).await.unwrap_err();
    let DurableError::Journal(JournalError::GraphChanged { path, .. }) = error else {
        panic!("{error}")
    };
    assert_eq!(path, "first");
    assert_eq!(world.taken(), [""; 0]);
}

#[tokio::test]
async fn run_with_other_inputs_is_refused() {
    let (world, journal) = (World::default(), Journal::memory());
    journal.run("one", before::flow(&world, first_order())).await.unwrap_err();
    world.taken();
    let other = order::First { amount: 2, ..first_order() };
    let error = journal.run("one", before::flow(&world, other)).await.unwrap_err();
    let DurableError::Journal(JournalError::InputChanged { input, .. }) = error else {
        panic!("{error}")
    };
    assert_eq!(input, "order");
    let order = order::NewField { amount: 1, note: "fast".to_owned(), gift: true };
    let error = journal.run("one", new_field::flow(&world, order)).await.unwrap_err();
    assert!(matches!(error, DurableError::Journal(JournalError::InputChanged { .. })), "{error}");
    assert_eq!(world.taken(), [""; 0]);
}

/// What stands in the lock of one version, and what that says of another one.
#[test]
fn a_lock_says_the_same() {
    let said = |check: fn(&std::path::Path)| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("flow.lock");
        lock_of_first(&file);
        let checked = std::panic::catch_unwind(|| check(&file));
        checked.err().map(|panic| panic.downcast_ref::<String>().expect("it has a text").clone())
    };
    if std::env::var_os("CI").is_some() || std::env::var_os("UPDATE_GRAPH_LOCKS").is_some() {
        // Then no lock is written, or it is written anew.
        return;
    }
    assert_eq!(said(|file| graph_lock!(new_field::flow, file)), None);
    assert_eq!(said(|file| graph_lock!(less_field::flow, file)), None);
    assert_eq!(said(|file| graph_lock!(alias::flow, file)), None);
    assert_eq!(said(|file| graph_lock!(new_option::flow, file)), None);
    assert_eq!(said(|file| graph_lock!(resources::flow, file)), None);
    assert_eq!(said(|file| graph_lock!(local::flow, file)), None);
    assert_eq!(said(|file| graph_lock!(renamed::flow, file)), None);
    let gone = said(|file| graph_lock!(unnamed::flow, file)).unwrap();
    assert!(gone.contains("- step `first`: the workflow has no such step any more"), "{gone}");
}

fn lock_of_first(file: &std::path::Path) {
    graph_lock!(before::flow, file);
}
