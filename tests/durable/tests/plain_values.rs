//! Plain values and choices that come out differently when a run goes on.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::{sleep, timeout};
use workflow_journal::{MemoryStore, StoredState};
use workflow_runtime::{DurableError, Journal, JournalError, StepError, step, workflow};

/// What runs find outside: a clock that stands still until a test moves it.
#[derive(Default)]
struct World {
    clock: AtomicU64,
    flag: AtomicBool,
    done: Mutex<Vec<String>>,
}

impl World {
    fn now(&self) -> u64 {
        self.clock.load(Ordering::Relaxed)
    }

    fn flag(&self) -> bool {
        self.flag.load(Ordering::Relaxed)
    }

    /// It is so whenever it is asked.
    fn did_nothing(&self) -> bool {
        self.clock.load(Ordering::Relaxed) < 100
    }

    fn turn(&self) {
        self.clock.fetch_add(1, Ordering::Relaxed);
        self.flag.fetch_xor(true, Ordering::Relaxed);
    }

    fn did(&self) -> Vec<String> {
        std::mem::take(&mut *self.done.lock().unwrap())
    }
}

/// Takes a second.
#[step]
async fn act(world: &World, what: &str) -> Result<String, StepError> {
    sleep(Duration::from_secs(1)).await;
    world.done.lock().unwrap().push(what.to_owned());
    Ok(what.to_owned())
}

#[step]
async fn undo(world: &World, what: &str) -> Result<(), StepError> {
    world.done.lock().unwrap().push(format!("undo {what}"));
    Ok(())
}

workflow! {
    #[durable]
    async fn keyed(world: &World) -> Result<String, StepError> {
        let key = world.now();
        #[compensate(undo(world, &first))]
        let first = act(world, &format!("first {key}")).await?;
        let second = act(world, &format!("second {key} {first}")).await?;
        Ok(second)
    }

    #[durable]
    async fn recorded(world: &World) -> Result<String, StepError> {
        #[record]
        let key = world.now();
        let first = act(world, &format!("first {key}")).await?;
        let second = act(world, &format!("second {key} {first}")).await?;
        Ok(second)
    }

    /// The value reaches the steps through another one.
    #[durable]
    async fn through(world: &World) -> Result<String, StepError> {
        let key = world.now();
        let text = format!("at {key}");
        let first = act(world, &text).await?;
        let second = act(world, &format!("{text} {first}")).await?;
        Ok(second)
    }

    /// The value is used in the items of a fan-out.
    #[durable]
    async fn in_items(world: &World) -> Result<String, StepError> {
        let key = world.now();
        let all = for item in [1, 2] {
            let each = act(world, &format!("{item} at {key}")).await?;
            let then = act(world, &format!("then {each}")).await?;
            then
        };
        Ok(all.concat())
    }

    #[durable]
    async fn by_if(world: &World) -> Result<String, StepError> {
        let chosen = if world.flag() {
            #[compensate(undo(world, &paid))]
            let paid = act(world, "pay by card").await?;
            let sent = act(world, &format!("send {paid}")).await?;
            sent
        } else {
            let paid = act(world, "pay by bank").await?;
            paid
        };
        let end = act(world, &format!("end {chosen}")).await?;
        Ok(end)
    }

    #[durable]
    async fn by_match(world: &World) -> Result<String, StepError> {
        let chosen = match world.now() % 2 {
            0 => {
                let even = act(world, "even").await?;
                let more = act(world, &format!("more {even}")).await?;
                more
            }
            _ => {
                let odd = act(world, "odd").await?;
                odd
            }
        };
        let end = act(world, &format!("end {chosen}")).await?;
        Ok(end)
    }

    /// The arms have a step of one name.
    #[durable]
    async fn without_else(world: &World) -> Result<String, StepError> {
        #[allow(deprecated, reason = "they run at the same time")]
        if world.flag() {
            let note = act(world, "note").await?;
            act(world, &format!("after {note}")).await?;
        }
        let end = act(world, "end").await?;
        Ok(end)
    }

    /// The arm is the same, and what it binds is not.
    #[durable]
    async fn bound(world: &World) -> Result<String, StepError> {
        let chosen = if let Some(key) = Some(world.now()) {
            let first = act(world, &format!("first {key}")).await?;
            let second = act(world, &format!("second {key} {first}")).await?;
            second
        } else {
            String::new()
        };
        Ok(chosen)
    }

    #[durable]
    async fn bound_by_match(world: &World) -> Result<String, StepError> {
        let chosen = match (world.now(), "b") {
            (key, _) if key < 100 => {
                let first = act(world, &format!("first {key}")).await?;
                let second = act(world, &format!("second {key} {first}")).await?;
                second
            }
            _ => String::new(),
        };
        Ok(chosen)
    }

    #[durable]
    async fn of_parts(world: &World) -> Result<String, StepError> {
        let (key, _rest) = (world.now(), 7);
        let first = act(world, &format!("first {key}")).await?;
        let second = act(world, &format!("second {key} {first}")).await?;
        Ok(second)
    }

    #[durable]
    async fn of_plain_if(world: &World) -> Result<String, StepError> {
        let key = if world.flag() { 1 } else { 2 };
        let first = act(world, &format!("first {key}")).await?;
        let second = act(world, &format!("second {key} {first}")).await?;
        Ok(second)
    }

    #[durable]
    async fn of_block(world: &World) -> Result<String, StepError> {
        let key = { world.now() };
        let first = act(world, &format!("first {key}")).await?;
        let second = act(world, &format!("second {key} {first}")).await?;
        Ok(second)
    }

    #[durable]
    async fn of_map(world: &World) -> Result<String, StepError> {
        let prices: HashMap<u32, u32> = (0..100).map(|item| (item, item * 2)).collect();
        let first = act(world, &format!("first {}", prices[&7])).await?;
        let second = act(world, &format!("second {} {first}", prices[&8])).await?;
        Ok(second)
    }
}

/// What a caller wants of it.
fn make<T: From<u32>>(world: &World) -> T {
    T::from(u32::try_from(world.now()).unwrap())
}

struct Client {
    key: u64,
}

fn text_of(number: u64) -> String {
    number.to_string()
}

workflow! {
    /// Only what uses the value tells its type.
    #[durable]
    async fn told_later(world: &World) -> Result<String, StepError> {
        let key = world.now().to_string().parse().unwrap_or_default();
        let first = act(world, &format!("first {}", text_of(key))).await?;
        let second = act(world, &format!("second {key} {first}")).await?;
        Ok(second)
    }

    #[durable]
    async fn told_by_the_caller(world: &World) -> Result<String, StepError> {
        let key = make(world);
        let first = act(world, &format!("first {}", text_of(key))).await?;
        let second = act(world, &format!("second {first}")).await?;
        Ok(second)
    }

    #[durable]
    async fn nothing_or_one(world: &World) -> Result<String, StepError> {
        let key = if world.flag() { None } else { Some(make(world)) };
        let first = act(world, &format!("first {}", key.map_or(String::new(), text_of))).await?;
        let second = act(world, &format!("second {first}")).await?;
        Ok(second)
    }

    /// Its type is told by what another value is, and serde does not know it.
    #[durable]
    async fn hashed_later(world: &World) -> Result<String, StepError> {
        let key = (0..world.now()).map(|_| std::cmp::Ordering::Less).collect();
        let keys: &Vec<std::cmp::Ordering> = &key;
        let first = act(world, &format!("first {}", keys.len())).await?;
        let second = act(world, &format!("second {first}")).await?;
        Ok(second)
    }

    /// Nothing tells what the client is, and what it is made of does.
    #[durable]
    async fn behind_one_that_cannot_be_told(world: &World) -> Result<String, StepError> {
        let key = world.now();
        let client = Client { key };
        let link = &client;
        let first = act(world, &format!("first {}", link.key)).await?;
        let second = act(world, &format!("second {first}")).await?;
        Ok(second)
    }

    #[durable]
    async fn behind_an_arm_that_cannot_be_told(world: &World) -> Result<String, StepError> {
        let client = if world.did_nothing() {
            let key = world.now();
            act(world, "zero").await?;
            Client { key }
        } else {
            Client { key: 7 }
        };
        let first = act(world, &format!("first {}", client.key)).await?;
        let second = act(world, &format!("second {first}")).await?;
        Ok(second)
    }

    #[durable]
    async fn borrowed(world: &World) -> Result<String, StepError> {
        let key = &world.now();
        let first = act(world, &format!("first {key}")).await?;
        let second = act(world, &format!("second {first}")).await?;
        Ok(second)
    }

    #[durable]
    async fn underscored(world: &World) -> Result<String, StepError> {
        let _key = world.now();
        #[allow(clippy::used_underscore_binding)]
        let first = act(world, &format!("first {_key}")).await?;
        let second = act(world, &format!("second {first}")).await?;
        Ok(second)
    }

    #[durable]
    async fn bound_later(world: &World) -> Result<String, StepError> {
        let chosen = if let Ok(key) = world.now().to_string().parse() {
            let first = act(world, &format!("first {}", text_of(key))).await?;
            let second = act(world, &format!("second {first}")).await?;
            second
        } else {
            String::new()
        };
        Ok(chosen)
    }

    #[durable]
    async fn last_of_an_arm(world: &World) -> Result<String, StepError> {
        let chosen = if world.did_nothing() {
            let zero = act(world, "zero").await?;
            (zero, world.now())
        } else {
            (String::new(), 0)
        };
        let first = act(world, &format!("first {chosen:?}")).await?;
        let second = act(world, &format!("second {first}")).await?;
        Ok(second)
    }

    /// The value is a plain one of the arm.
    #[durable]
    async fn variable_of_an_arm(world: &World) -> Result<String, StepError> {
        let chosen = match Some(1) {
            Some(_) => {
                let key = world.now();
                act(world, "zero").await?;
                key
            }
            None => 7,
        };
        let first = act(world, &format!("first {chosen}")).await?;
        let second = act(world, &format!("second {first}")).await?;
        Ok(second)
    }

    #[durable]
    async fn last_of_a_block(world: &World) -> Result<String, StepError> {
        let chosen = {
            let zero = act(world, "zero").await?;
            format!("{zero} {}", world.now())
        };
        let first = act(world, &format!("first {chosen}")).await?;
        let second = act(world, &format!("second {first}")).await?;
        Ok(second)
    }

    #[durable]
    async fn last_of_each(world: &World) -> Result<String, StepError> {
        let chosen = for item in ["a", "b"] {
            let zero = act(world, item).await?;
            (zero, world.now())
        };
        let first = act(world, &format!("first {chosen:?}")).await?;
        let second = act(world, &format!("second {first}")).await?;
        Ok(second)
    }

    /// The arm is in a branch of a join, which goes on by itself.
    #[durable]
    async fn last_beside_others(world: &World) -> Result<String, StepError> {
        let other = act(world, "other").await?;
        let chosen = if world.did_nothing() {
            let zero = act(world, "zero").await?;
            Some(make(world)).map(|key| (key, zero))
        } else {
            None
        };
        let first = act(world, &format!("first {}", chosen.map_or(0u64, |(key, _)| key))).await?;
        let second = act(world, &format!("second {first} {other}")).await?;
        Ok(second)
    }

    /// Values that borrow from variables which end before the body does, of all variances.
    #[durable]
    async fn of_any_lifetime(world: &World) -> Result<String, StepError> {
        let text = world.now().to_string();
        let shared = Mutex::new(vec![&text]);
        let long = text.chars().filter(|letter| !text.is_empty() && *letter != 'x');
        let count = long.count();
        let in_it = {
            let own = act(world, "own").await?;
            let inner = (Mutex::new(Some(&own)), |more: &str| format!("{own} {more}"));
            let more = act(world, &inner.1("more")).await?;
            more
        };
        let length = shared.lock().map_or(0, |all| all.len());
        let last = act(world, &format!("{in_it} {count} {length}")).await?;
        Ok(last)
    }
}

/// Cuts the run after a second and a half, when the first step has completed and the next one
/// runs.
macro_rules! cut {
    ($journal:expr, $call:expr) => {
        cut!($journal, $call, 1500)
    };
    ($journal:expr, $call:expr, $after:expr) => {{
        let run = timeout(Duration::from_millis($after), $journal.run("one", $call));
        assert!(run.await.is_err(), "it is cut off");
    }};
}

macro_rules! refused {
    ($error:expr, $step:expr, $value:expr) => {{
        let error = $error;
        let DurableError::Journal(JournalError::ValueChanged { step, value, .. }) = &error else {
            panic!("{error}");
        };
        assert_eq!((&**step, &**value), ($step, $value));
        assert!(error.to_string().contains("#[record]"), "{error}");
    }};
}

const NOTHING: [&str; 0] = [];

#[tokio::test(start_paused = true)]
async fn another_value_is_told_and_nothing_runs() {
    macro_rules! check {
        ($flow:ident, $step:expr, $value:expr) => {
            check!($flow, $step, $value, 1500)
        };
        ($flow:ident, $step:expr, $value:expr, $cut:expr) => {{
            let (world, journal) = (World::default(), Journal::memory());
            cut!(journal, $flow(&world), $cut);
            assert_ne!(world.did(), NOTHING);
            world.turn();
            refused!($flow::resume(&journal, "one", &world).await.unwrap_err(), $step, $value);
            refused!(journal.run("one", $flow(&world)).await.unwrap_err(), $step, $value);
            sleep(Duration::from_secs(10)).await;
            assert_eq!(world.did(), NOTHING);
            // It goes on when the value is what it was.
            world.clock.store(0, Ordering::Relaxed);
            world.flag.store(false, Ordering::Relaxed);
            $flow::resume(&journal, "one", &world).await.unwrap();
            assert_ne!(world.did(), NOTHING);
        }};
    }
    check!(keyed, "first", "key");
    check!(through, "first", "text");
    check!(in_items, "all[0].each", "key");
    check!(of_parts, "first", "key");
    check!(of_block, "first", "key");
    check!(of_plain_if, "first", "key");
    check!(bound, "chosen.first", "chosen");
    check!(bound_by_match, "chosen.first", "chosen");
    check!(by_if, "chosen.paid", "chosen");
    check!(by_match, "chosen.even", "chosen");
    check!(told_later, "first", "key");
    check!(told_by_the_caller, "first", "key");
    check!(nothing_or_one, "first", "key");
    check!(hashed_later, "first", "key");
    check!(behind_one_that_cannot_be_told, "first", "key");
    check!(behind_an_arm_that_cannot_be_told, "first", "client.key", 2500);
    check!(borrowed, "first", "key");
    check!(underscored, "first", "_key");
    check!(bound_later, "chosen.first", "chosen");
    check!(last_of_an_arm, "first", "chosen", 2500);
    check!(variable_of_an_arm, "first", "chosen", 2500);
    check!(last_of_a_block, "first", "chosen", 2500);
    check!(last_of_each, "first", "chosen", 2500);
    check!(last_beside_others, "first", "chosen", 2500);
}

#[tokio::test(start_paused = true)]
async fn an_if_without_else() {
    let (world, journal) = (World::default(), Journal::memory());
    world.flag.store(true, Ordering::Relaxed);
    cut!(journal, without_else(&world));
    let mut did = world.did();
    did.sort_unstable();
    assert_eq!(did, ["end", "note"]);
    world.turn();
    let error = without_else::resume(&journal, "one", &world).await.unwrap_err();
    assert!(matches!(error, DurableError::Journal(JournalError::ValueChanged { .. })), "{error}");
    assert_eq!(world.did(), NOTHING);
}

#[tokio::test(start_paused = true)]
async fn the_same_value_goes_on() {
    macro_rules! check {
        ($($flow:ident),*) => {$(
            let (world, journal) = (World::default(), Journal::memory());
            cut!(journal, $flow(&world));
            let before = world.did();
            $flow::resume(&journal, "one", &world).await.unwrap();
            let after = world.did();
            assert!(before.iter().all(|one| !after.contains(one)), "{before:?}, {after:?}");
        )*};
    }
    check!(bound, bound_by_match, of_parts, of_block, of_plain_if);
    check!(keyed, through, in_items, by_if, by_match, of_map, recorded);
    check!(told_later, told_by_the_caller, nothing_or_one, hashed_later, borrowed, underscored);
    check!(bound_later, last_of_an_arm, variable_of_an_arm, last_of_a_block, last_of_each);
    check!(last_beside_others, of_any_lifetime);
    check!(behind_one_that_cannot_be_told, behind_an_arm_that_cannot_be_told);
}

#[tokio::test(start_paused = true)]
async fn a_recorded_value_stays() {
    let (world, journal) = (World::default(), Journal::memory());
    cut!(journal, recorded(&world));
    world.turn();
    let end = recorded::resume(&journal, "one", &world).await.unwrap();
    assert_eq!(end, "second 0 first 0");
    assert_eq!(world.did(), ["first 0", "second 0 first 0"]);
}

#[tokio::test(start_paused = true)]
async fn it_runs_again_if_it_is_told_to() {
    let (world, journal) = (World::default(), Journal::memory().rerun_changed());
    cut!(journal, keyed(&world));
    world.turn();
    let end = keyed::resume(&journal, "one", &world).await.unwrap();
    assert_eq!(end, "second 1 first 1");

    let (world, journal) = (World::default(), Journal::memory().rerun_changed());
    world.flag.store(true, Ordering::Relaxed);
    cut!(journal, by_if(&world));
    world.turn();
    let end = by_if::resume(&journal, "one", &world).await.unwrap();
    assert_eq!(end, "end pay by bank");
}

#[tokio::test(start_paused = true)]
async fn a_run_that_cannot_go_on_can_be_cancelled_and_is_undone() {
    let store = MemoryStore::new();
    let (world, journal) = (World::default(), Journal::new(store.clone()));
    cut!(journal, keyed(&world));
    assert_eq!(world.did(), ["first 0"]);
    world.turn();
    refused!(keyed::resume(&journal, "one", &world).await.unwrap_err(), "first", "key");
    let journal = Journal::new(store).rerun_changed();
    journal.cancel("one").await.unwrap();
    let error = keyed::resume(&journal, "one", &world).await.unwrap_err();
    assert!(matches!(error, DurableError::Journal(JournalError::Cancelled { .. })), "{error}");
    assert_eq!(world.did(), ["undo first 0"]);
}

#[tokio::test(start_paused = true)]
async fn a_run_is_not_cancelled_while_what_an_arm_did_cannot_be_undone() {
    for reruns in [false, true] {
        let (world, journal) = (World::default(), Journal::memory());
        let journal = if reruns { journal.rerun_changed() } else { journal };
        world.flag.store(true, Ordering::Relaxed);
        cut!(journal, by_if(&world));
        assert_eq!(world.did(), ["pay by card"]);
        world.turn();
        journal.cancel("one").await.unwrap();
        let error = by_if::resume(&journal, "one", &world).await.unwrap_err();
        refused!(error, "chosen.paid", "chosen");
        assert_eq!(journal.unfinished("by_if").await.unwrap()[0].state, StoredState::Unfinished);
        world.turn();
        let error = by_if::resume(&journal, "one", &world).await.unwrap_err();
        assert!(matches!(error, DurableError::Journal(JournalError::Cancelled { .. })), "{error}");
        assert_eq!(world.did(), ["undo pay by card"]);
    }
}

/// A workflow `flow`, as it is at some time.
macro_rules! version {
    ($name:ident, $world:ident, { $($body:tt)* }) => {
        mod $name {
            use super::*;

            workflow! {
                #[durable]
                pub(super) async fn flow($world: &World) -> Result<String, StepError> {
                    $($body)*
                }
            }
        }
    };
}

version!(plain, world, {
    let first = act(world, "first").await?;
    let second = act(world, &format!("second {first}")).await?;
    Ok(second)
});

version!(with_local, world, {
    let what = "first".to_owned();
    let first = act(world, &what).await?;
    let text = format!("second {first}");
    let second = act(world, &text).await?;
    Ok(second)
});

version!(with_other_local, world, {
    let name = "first".to_owned();
    let first = act(world, &name).await?;
    let second = act(world, &format!("second {first}")).await?;
    Ok(second)
});

#[tokio::test(start_paused = true)]
async fn a_variable_more_or_less_is_no_change() {
    macro_rules! check {
        ($($before:ident to $after:ident),*) => {$(
            let (world, journal) = (World::default(), Journal::memory());
            cut!(journal, $before::flow(&world));
            assert_eq!($after::flow::resume(&journal, "one", &world).await.unwrap(), "second first");
            assert_eq!(world.did(), ["first", "second first"]);
        )*};
    }
    check!(plain to with_local, with_local to plain, with_local to with_other_local);
}
