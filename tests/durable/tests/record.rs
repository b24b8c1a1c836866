//! `#[record]`: a value that is computed once and read back.
#![deny(warnings, missing_docs, unsafe_code, clippy::all, clippy::pedantic, clippy::nursery)]

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Deserialize, Serialize};
use workflow_runtime::{DurableError, Journal, NodeKind, Recorder, Step, step, workflow};

#[derive(Debug, PartialEq)]
struct Refused(String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<std::num::ParseIntError> for Refused {
    fn from(error: std::num::ParseIntError) -> Self {
        Self(error.to_string())
    }
}

/// A clock that never shows the same twice, and a step that fails as long as it is told to.
#[derive(Default)]
struct World {
    ticks: AtomicU64,
    fails: AtomicU64,
    seen: Mutex<Vec<String>>,
}

impl World {
    fn now(&self) -> u64 {
        self.ticks.fetch_add(1, Ordering::Relaxed) + 100
    }

    fn looks(&self) -> u64 {
        self.ticks.load(Ordering::Relaxed)
    }

    fn failing(times: u64) -> Self {
        Self { fails: AtomicU64::new(times), ..Self::default() }
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().expect("no step panics").drain(..).collect()
    }
}

/// Notes what it was given.
#[step]
async fn note(world: &World, what: &str) -> Result<String, Refused> {
    tokio::task::yield_now().await;
    world.seen.lock().expect("no step panics").push(what.to_owned());
    Ok(what.to_owned())
}

/// Fails as often as the world says.
#[step]
async fn end(world: &World, what: &str) -> Result<String, Refused> {
    tokio::task::yield_now().await;
    world.seen.lock().expect("no step panics").push(format!("end {what}"));
    let left = world.fails.load(Ordering::Relaxed);
    if left > 0 {
        world.fails.store(left - 1, Ordering::Relaxed);
        return Err(Refused("not yet".to_owned()));
    }
    Ok(what.to_owned())
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Stamp {
    order: String,
    at: u64,
}

const fn stamp(order: String, at: u64) -> Stamp {
    Stamp { order, at }
}

const fn send<S: Step + Send>(step: S) -> S {
    step
}

workflow! {
    /// One after the other: what is borrowed stays, what is consumed goes.
    #[durable]
    async fn chain(world: &World, order: String, spare: String) -> Result<String, Refused> {
        #[record]
        let at = world.now();
        #[record]
        let label = format!("{order} at {at}");
        let noted = note(world, &label).await?;
        #[record]
        let last = stamp(spare, world.now() + noted.len() as u64);
        let done = end(world, &format!("{order} {}", last.at)).await?;
        Ok(done)
    }
}

#[tokio::test]
async fn a_value_is_the_same_when_a_run_goes_on() {
    let recorder = Recorder::new();
    let journal = Journal::memory().observe(recorder.clone());
    let world = World::failing(2);
    let start = || send(chain(&world, "lamp".to_owned(), "spare".to_owned()));
    let failed = journal.run("one", start()).await.expect_err("the end fails");
    assert!(matches!(failed, DurableError::Workflow(Refused(_))));
    assert_eq!(world.seen(), ["lamp at 100", "end lamp 112"]);
    for _ in 0..2 {
        let _ = chain::resume(&journal, "one", &world).await;
    }
    assert_eq!(world.seen(), ["end lamp 112", "end lamp 112"]);
    assert_eq!(world.looks(), 2, "each value was computed once");
    let replayed = recorder.events().iter().filter(|event| &*event.path == "at").count();
    assert_eq!(replayed, 2 + 2, "started and completed, then replayed twice");
    // The run is over.
    assert_eq!(journal.run("one", start()).await.expect("it has ended"), "lamp 112");
    assert_eq!(world.looks(), 2);
}

#[tokio::test]
async fn a_direct_call_computes_it() {
    let world = World::default();
    let result = send(chain(&world, "lamp".to_owned(), "spare".to_owned())).await;
    assert_eq!(result, Ok("lamp 112".to_owned()));
    assert_eq!(world.looks(), 2);
}

#[test]
fn it_is_a_step_of_the_graph() {
    let node = chain::GRAPH.node("at").expect("it is there");
    assert_eq!((node.kind(), node.function()), (NodeKind::Step, Some("world.now")));
    let node = chain::GRAPH.node("label").expect("it is there");
    assert_eq!((node.kind(), node.function()), (NodeKind::Step, None));
    let node = chain::GRAPH.node("last").expect("it is there");
    assert_eq!((node.kind(), node.function()), (NodeKind::Step, Some("stamp")));
}

/// Runs it, drops it after each number of polls, and lets another go on: what was seen under one
/// path is the same everywhere.
macro_rules! cut_everywhere {
    ($workflow:ident, $world:ident, $call:expr, $resume:expr) => {{
        let mut ended = false;
        for polls in 0..60 {
            let $world = World::default();
            let journal = Journal::memory();
            {
                let run = std::pin::pin!(journal.run("one", send($call)));
                ended = polled(run, polls).await;
            }
            if polls > 0 {
                let _ = $resume(&journal, &$world).await.expect("it can go on");
            }
            let mut seen = $world.seen();
            seen.sort();
            seen.dedup();
            // Were a value computed again after a step had seen it, there would be two of a name.
            let names: Vec<_> = seen.iter().map(|text| text.split('@').next()).collect();
            let mut distinct = names.clone();
            distinct.dedup();
            assert_eq!(names, distinct, "after {polls} polls: {seen:?}");
            if ended {
                break;
            }
        }
        assert!(ended, "it ends");
    }};
}

/// Polls so often; whether it has come to its end.
async fn polled<F: Future>(mut run: std::pin::Pin<&mut F>, polls: usize) -> bool {
    for _ in 0..polls {
        let once = std::future::poll_fn(|cx| std::task::Poll::Ready(run.as_mut().poll(cx)));
        if once.await.is_ready() {
            return true;
        }
        tokio::task::yield_now().await;
    }
    false
}

workflow! {
    /// Side by side.
    #[durable]
    async fn beside(world: &World, order: String, given: String) -> Result<usize, Refused> {
        #[record]
        let first = world.now() + order.len() as u64;
        #[record]
        let second = stamp(given, world.now());
        #[record]
        let (left, right): (u64, u64) = (world.now(), world.now());
        let left_seen = note(world, &format!("left@{left}")).await?;
        let right_seen = note(world, &format!("right@{right}")).await?;
        let one = note(world, &format!("first@{first}")).await?;
        let two = note(world, &format!("second@{}", second.at)).await?;
        let borrowed = note(world, &order).await?;
        Ok(left_seen.len() + right_seen.len() + one.len() + two.len() + borrowed.len())
    }

    /// `c` needs `a`, `d` needs `a` and `b`.
    #[durable]
    async fn region(world: &World, order: String, given: String, count: u64) -> Result<usize, Refused> {
        #[record]
        let a = world.now() + order.len() as u64 + count;
        #[record]
        let b = stamp(given, world.now() + count);
        let quick = note(world, &format!("a@{a}")).await?;
        #[record]
        let c = world.now() + a + quick.len() as u64;
        #[record]
        let d = (stamp(order.clone(), a), world.now() + b.at);
        #[record]
        let f: u64 = a.to_string().parse::<u64>()? + b.at + world.now();
        #[after(c, d, f)]
        #[record]
        let e = (quick, b);
        let noted = note(world, &format!("c@{c}")).await?;
        let last = note(world, &format!("d@{} {}", d.0.at, d.1)).await?;
        let both = note(world, &format!("e@{} {}", e.0, e.1.at)).await?;
        let after = note(world, &format!("f@{f}")).await?;
        Ok(noted.len() + last.len() + both.len() + after.len() + usize::try_from(count).unwrap_or_default())
    }

    /// In arms, items and blocks.
    #[durable]
    async fn inside(world: &World, orders: Vec<String>) -> Result<usize, Refused> {
        #[concurrency(2)]
        let items = for order in orders.clone() {
            #[record]
            let at = world.now() + orders.len() as u64;
            let noted = note(world, &format!("{order}@{at}")).await?;
            #[after(noted)]
            #[record]
            let whole = stamp(order, world.now());
            let more = note(world, &format!("{}.more@{}", whole.order, whole.at)).await?;
            noted.len() + more.len()
        };
        let chosen = if orders.len() > 1 {
            #[record]
            let at = world.now() + items.len() as u64;
            let noted = note(world, &format!("arm@{at}")).await?;
            noted.len()
        } else {
            0
        };
        let block = {
            #[record]
            let all: Vec<u64> = (0..2).map(|_| world.now()).collect();
            let noted = note(world, &format!("block@{all:?}")).await?;
            noted.len()
        };
        Ok(items.iter().sum::<usize>() + chosen + block)
    }
}

#[tokio::test]
async fn a_value_is_the_same_after_any_cut() {
    cut_everywhere!(
        beside,
        world,
        beside(&world, "order".to_owned(), "given".to_owned()),
        |journal, world| beside::resume(journal, "one", world)
    );
    cut_everywhere!(
        region,
        world,
        region(&world, "order".to_owned(), "given".to_owned(), 3),
        |journal, world| region::resume(journal, "one", world)
    );
    cut_everywhere!(
        inside,
        world,
        inside(&world, vec!["x".to_owned(), "y".to_owned(), "z".to_owned()]),
        |journal, world| inside::resume(journal, "one", world)
    );
}

workflow! {
    /// A value that may fail.
    #[durable]
    async fn fallible(world: &World, text: String) -> Result<u64, Refused> {
        #[record]
        let number = text.parse::<u64>()? + world.now();
        #[record]
        let looked: Result<u64, String> = text.parse::<u64>().map_err(|error| error.to_string());
        let noted = end(world, &format!("{number} {looked:?}")).await?;
        Ok(number + noted.len() as u64)
    }

    #[durable]
    #[on_failure(finish)]
    async fn finishes(world: &World, text: String) -> Result<u64, Refused> {
        #[record]
        let number: u64 = text.parse::<u64>()?;
        let noted = note(world, "beside").await?;
        let other = note(world, &noted).await?;
        let both = note(world, &format!("{number}{noted}")).await?;
        Ok(number + (other.len() + both.len()) as u64)
    }
}

#[tokio::test]
async fn a_value_fails_as_elsewhere() {
    let recorder = Recorder::new();
    let journal = Journal::memory().observe(recorder.clone());
    let world = World::default();
    let failed = journal.run("bad", fallible(&world, "x".to_owned())).await.expect_err("no number");
    assert!(matches!(failed, DurableError::Workflow(Refused(_))));
    assert_eq!(recorder.failed_steps(), ["number"]);
    assert_eq!(world.looks(), 0);

    let world = World::failing(1);
    journal.run("good", fallible(&world, "7".to_owned())).await.expect_err("the end fails");
    assert_eq!(world.looks(), 1);
    let number = fallible::resume(&journal, "good", &world).await.expect("it goes on");
    assert_eq!(number, 107 + "107 Ok(7)".len() as u64);
    assert_eq!(world.looks(), 1);

    let world = World::default();
    assert!(finishes(&world, "x".to_owned()).await.is_err());
    assert_eq!(world.seen(), ["beside", "beside"]);
    assert_eq!(finishes(&world, "7".to_owned()).await, Ok(7 + 6 + 7));
}
