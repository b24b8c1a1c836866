//! Workflows that change while runs of them go on.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use workflow_runtime::{Journal, step, workflow};

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
    /// The step that fails.
    fails: Mutex<Option<&'static str>>,
}

#[step]
async fn act(world: &World, what: &'static str, input: u32) -> Result<u32, Stop> {
    world.log.lock().unwrap().push(what);
    Ok(input + 1)
}

#[step]
async fn act_otherwise(world: &World, what: &'static str, input: u32) -> Result<u32, Stop> {
    world.log.lock().unwrap().push(what);
    Ok(input + 100)
}

#[step]
async fn text(world: &World, what: &'static str) -> Result<String, Stop> {
    world.log.lock().unwrap().push(what);
    Ok("text".to_owned())
}

/// Where the run is cut off.
#[step]
async fn stop(world: &World, input: u32) -> Result<u32, Stop> {
    if world.goes_on.load(Ordering::Relaxed) { Ok(input) } else { Err(Stop) }
}

/// A step that may fail.
#[step]
async fn pass(world: &World, what: &'static str, input: u32) -> Result<u32, Stop> {
    if *world.fails.lock().unwrap() == Some(what) {
        return Err(Stop);
    }
    world.log.lock().unwrap().push(what);
    Ok(input)
}

/// A workflow `flow`, as it is at some time.
macro_rules! version {
    ($name:ident, $world:ident, { $($body:tt)* }) => {
        mod $name {
            use super::*;

            workflow! {
                #[durable]
                pub(super) async fn flow($world: &World) -> Result<u32, Stop> {
                    $($body)*
                }
            }
        }
    };
}

version!(before, world, {
    let first = act(world, "first", 0).await?;
    let side = act(world, "side", 10).await?;
    let second = act(world, "second", first).await?;
    let arm = if second > 1 {
        let chosen = act(world, "chosen", second).await?;
        chosen
    } else {
        0
    };
    let end = stop(world, arm + side).await?;
    Ok(end)
});

version!(reordered, world, {
    let side = act(world, "side", 10).await?;
    let second = act(world, "second", first).await?;
    let end = stop(world, arm + side).await?;
    let arm = if second > 1 {
        let chosen = act(world, "chosen", second).await?;
        chosen
    } else {
        0
    };
    let first = act(world, "first", 0).await?;
    Ok(end)
});

version!(renamed, world, {
    let first = act(world, "first", 0).await?;
    let beside = act(world, "side", 10).await?;
    let second = act(world, "second", first).await?;
    let arm = if second > 1 {
        let chosen = act(world, "chosen", second).await?;
        chosen
    } else {
        0
    };
    let end = stop(world, arm + beside).await?;
    Ok(end)
});

version!(other_function, world, {
    let first = act_otherwise(world, "first", 0).await?;
    let side = act(world, "side", 10).await?;
    let second = act(world, "second", first).await?;
    let arm = if second > 1 {
        let chosen = act(world, "chosen", second).await?;
        chosen
    } else {
        0
    };
    let end = stop(world, arm + side).await?;
    Ok(end)
});

version!(other_type, world, {
    let first = act(world, "first", 0).await?;
    let side = text(world, "side").await?;
    let second = act(world, "second", first).await?;
    let arm = if second > 1 {
        let chosen = act(world, "chosen", second).await?;
        chosen
    } else {
        0
    };
    let length = side.len().try_into().unwrap_or(u32::MAX);
    let end = stop(world, arm + length).await?;
    Ok(end)
});

version!(other_dependency, world, {
    let first = act(world, "first", 0).await?;
    let side = act(world, "side", 10).await?;
    let second = act(world, "second", first + side).await?;
    let arm = if second > 1 {
        let chosen = act(world, "chosen", second).await?;
        chosen
    } else {
        0
    };
    let end = stop(world, arm + side).await?;
    Ok(end)
});

version!(other_arm, world, {
    let first = act(world, "first", 0).await?;
    let side = act(world, "side", 10).await?;
    let second = act(world, "second", first).await?;
    let arm = if second > 1 {
        let chosen = act_otherwise(world, "chosen", second).await?;
        chosen
    } else {
        0
    };
    let end = stop(world, arm + side).await?;
    Ok(end)
});

version!(added, world, {
    let first = act(world, "first", 0).await?;
    let side = act(world, "side", 10).await?;
    let second = act(world, "second", first).await?;
    let arm = if second > 1 {
        let chosen = act(world, "chosen", second).await?;
        chosen
    } else {
        0
    };
    let last = act(world, "last", arm).await?;
    let end = stop(world, last + side).await?;
    Ok(end)
});

version!(removed, world, {
    let first = act(world, "first", 0).await?;
    let second = act(world, "second", first).await?;
    let arm = if second > 1 {
        let chosen = act(world, "chosen", second).await?;
        chosen
    } else {
        0
    };
    let end = stop(world, arm).await?;
    Ok(end)
});

/// What a version says of a run that another one has begun, and what it runs.
macro_rules! goes_on {
    ($version:ident, $reruns:expr) => {{
        let world = World::default();
        let journal = Journal::memory();
        let journal = if $reruns { journal.rerun_changed() } else { journal };
        journal.run("one", before::flow(&world)).await.unwrap_err();
        let mut ran = std::mem::take(&mut *world.log.lock().unwrap());
        ran.sort_unstable();
        assert_eq!(ran, ["chosen", "first", "second", "side"]);

        world.goes_on.store(true, Ordering::Relaxed);
        let result = journal.run("one", $version::flow(&world)).await;
        let mut ran = std::mem::take(&mut *world.log.lock().unwrap());
        ran.sort_unstable();
        (result.map_err(|error| error.to_string()), ran)
    }};
}

const NOTHING: [&str; 0] = [];

#[tokio::test]
async fn what_is_only_reordered_has_not_changed() {
    for reruns in [false, true] {
        let (result, ran) = goes_on!(reordered, reruns);
        assert_eq!(result, Ok(14));
        assert_eq!(ran, NOTHING);
    }
}

#[tokio::test]
async fn an_added_step_runs() {
    for reruns in [false, true] {
        let (result, ran) = goes_on!(added, reruns);
        assert_eq!(result, Ok(15));
        assert_eq!(ran, ["last"]);
    }
}

#[tokio::test]
async fn a_changed_step_is_refused() {
    let step = |path, change| Err(format!("step `{path}` of run `one` has changed: {change}"));
    let gone = "the workflow has no such step any more";
    let function = "its function was `act` and is `act_otherwise`";
    for ((result, ran), expected) in [
        (goes_on!(renamed, false), step("side", gone)),
        (goes_on!(removed, false), step("side", gone)),
        (goes_on!(other_function, false), step("first", function)),
        (goes_on!(other_arm, false), step("arm.chosen", function)),
        (goes_on!(other_type, false), step("side", "its function was `act` and is `text`")),
        (
            goes_on!(other_dependency, false),
            step("second", "what it depends on was `first` and is `first, side`"),
        ),
    ] {
        assert_eq!(result, expected);
        assert_eq!(ran, NOTHING);
    }
}

#[tokio::test]
async fn a_changed_step_and_what_depends_on_it_run_again() {
    for ((result, ran), expected) in [
        (goes_on!(renamed, true), (14, &["side"][..])),
        (goes_on!(removed, true), (3, &[])),
        (goes_on!(other_function, true), (113, &["chosen", "first", "second"])),
        (goes_on!(other_arm, true), (113, &["chosen"])),
        (goes_on!(other_type, true), (7, &["side"])),
        (goes_on!(other_dependency, true), (25, &["chosen", "second"])),
    ] {
        assert_eq!(result, Ok(expected.0));
        assert_eq!(ran, expected.1);
    }
}

version!(chain, world, {
    let first = act(world, "first", 0).await?;
    let second = pass(world, "second", first).await?;
    let third = pass(world, "third", second).await?;
    let end = pass(world, "end", third).await?;
    Ok(end)
});

version!(changed_chain, world, {
    let first = act_otherwise(world, "first", 0).await?;
    let second = pass(world, "second", first).await?;
    let third = pass(world, "third", second).await?;
    let end = pass(world, "end", third).await?;
    Ok(end)
});

#[tokio::test]
async fn what_depends_on_a_changed_step_runs_again_after_a_crash() {
    let (world, journal) = (World::default(), Journal::memory().rerun_changed());
    let fails = |step| *world.fails.lock().unwrap() = step;
    fails(Some("end"));
    journal.run("one", chain::flow(&world)).await.unwrap_err();
    assert_eq!(std::mem::take(&mut *world.log.lock().unwrap()), ["first", "second", "third"]);

    fails(Some("second"));
    journal.run("one", changed_chain::flow(&world)).await.unwrap_err();
    assert_eq!(std::mem::take(&mut *world.log.lock().unwrap()), ["first"]);

    // What is recorded of the others came of the first step as it was before.
    fails(None);
    assert_eq!(journal.run("one", changed_chain::flow(&world)).await.unwrap(), 100);
    assert_eq!(*world.log.lock().unwrap(), ["second", "third", "end"]);
}
