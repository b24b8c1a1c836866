//! `#[compensate(maybe …)]`: what undoes a step that may not have happened.
#![deny(warnings, missing_docs, unsafe_code, clippy::all, clippy::pedantic, clippy::nursery)]

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::sleep;
use workflow_runtime::{Recorder, Run, Step, TimedOut, step, workflow};

/// What happened, in order.
type Log = Mutex<Vec<String>>;

#[derive(Debug, Clone, PartialEq)]
struct Failed(String);

impl From<TimedOut> for Failed {
    fn from(_: TimedOut) -> Self {
        Self("timed out".to_owned())
    }
}

fn say(log: &Log, what: String) {
    log.lock().expect("no step panics").push(what);
}

/// Takes so many milliseconds. What is bad fails at its end.
#[step]
async fn act(log: &Log, name: &str, millis: u64) -> Result<String, Failed> {
    say(log, format!("act {name}"));
    sleep(Duration::from_millis(millis)).await;
    if name.starts_with("bad") { Err(Failed(name.to_owned())) } else { Ok(name.to_owned()) }
}

/// The same, for no longer than 50 ms.
#[step(timeout = "50ms")]
async fn hurry(log: &Log, name: &str, millis: u64) -> Result<String, Failed> {
    say(log, format!("hurry {name}"));
    sleep(Duration::from_millis(millis)).await;
    Ok(name.to_owned())
}

#[step]
async fn undo(log: &Log, what: &str) {
    sleep(Duration::from_millis(1)).await;
    say(log, format!("undo {what}"));
}

/// A step whose name is that word.
#[step]
async fn maybe(log: &Log, what: &str) {
    say(log, format!("maybe {what}"));
}

const fn send<S: Step + Send>(step: S) -> S {
    step
}

fn said(log: &Log) -> Vec<String> {
    log.lock().expect("no step panics").drain(..).collect()
}

fn undone(log: &Log) -> Vec<String> {
    said(log).into_iter().filter_map(|what| what.strip_prefix("undo ").map(str::to_owned)).collect()
}

fn bad(name: &str) -> Failed {
    Failed(name.to_owned())
}

workflow! {
    /// One after the other.
    async fn chain(log: &Log, first: &str, last: &str) -> Result<usize, Failed> {
        #[compensate(maybe undo(log, first))]
        let a = act(log, first, 10).await?;
        #[compensate(maybe undo(log, &format!("b of {a}")))]
        let b = hurry(log, "b", if a.len() > 10 { 90 } else { 10 }).await?;
        #[compensate(maybe undo(log, last))]
        #[after(b)]
        let c = act(log, last, 10).await?;
        Ok(a.len() + b.len() + c.len())
    }

    /// What is cut off undoes its own steps, and is undone as one too.
    async fn outer(log: &Log) -> Result<usize, Failed> {
        #[compensate(maybe undo(log, "all of it"))]
        let inner = chain(log, "a", "c").await?;
        let quick = act(log, "bad quick", 15).await?;
        Ok(inner + quick.len())
    }
}

#[tokio::test(start_paused = true)]
async fn a_step_is_undone_once_it_has_started() {
    let log = Log::default();
    assert_eq!(send(chain(&log, "a", "c")).await, Ok(3));
    assert_eq!(undone(&log), [""; 0]);

    // The first fails, and the others never start.
    assert_eq!(chain(&log, "bad a", "c").await, Err(bad("bad a")));
    assert_eq!(said(&log), ["act bad a", "undo bad a"]);

    // The second is cut off by its timeout.
    assert_eq!(chain(&log, "a that is long", "c").await, Err(bad("timed out")));
    let expected =
        ["act a that is long", "hurry b", "undo b of a that is long", "undo a that is long"];
    assert_eq!(said(&log), expected);

    // The last fails, and the others have completed.
    assert_eq!(chain(&log, "a", "bad c").await, Err(bad("bad c")));
    assert_eq!(undone(&log), ["bad c", "b of a", "a"]);
}

#[tokio::test(start_paused = true)]
async fn a_run_tells_of_it() {
    let (log, recorder) = (Log::default(), Recorder::new());
    let run = Run::new().observe(recorder.clone());
    assert_eq!(run.execute(chain(&log, "a", "bad c")).await, Err(bad("bad c")));
    assert_eq!(recorder.compensated_steps(), ["c", "b", "a"]);
    assert_eq!(recorder.failed_steps(), ["c"]);
}

workflow! {
    /// `quick` fails while `slow` runs; `done` has completed by then, and `later` never starts.
    async fn beside(log: &Log, quick: &str) -> Result<usize, Failed> {
        #[compensate(maybe undo(log, "slow"))]
        let slow = act(log, "slow", 100).await?;
        #[compensate(maybe undo(log, quick))]
        let soon = act(log, quick, 20).await?;
        #[compensate(maybe undo(log, "done"))]
        let done = act(log, "done", 10).await?;
        #[compensate(maybe undo(log, &later))]
        let other = act(log, &slow, 10).await?;
        let later = format!("later than {slow}");
        Ok(slow.len() + soon.len() + done.len() + other.len())
    }
}

#[tokio::test(start_paused = true)]
async fn a_step_that_was_dropped_is_undone() {
    let log = Log::default();
    assert_eq!(send(beside(&log, "bad")).await, Err(bad("bad")));
    let mut all = undone(&log);
    all.sort();
    assert_eq!(all, ["bad", "done", "slow"]);
    assert_eq!(beside(&log, "good").await, Ok(16));
    assert_eq!(undone(&log), [""; 0]);
}

workflow! {
    /// In an arm, in items, in a block.
    async fn inside(log: &Log, names: Vec<String>, chosen: u32) -> Result<usize, Failed> {
        let arm = match chosen {
            0 => {
                #[compensate(maybe undo(log, "first arm"))]
                act(log, "bad first", 5).await?
            }
            1 => {
                let early = act(log, "early", 5).await?;
                #[compensate(maybe undo(log, &format!("second arm, {early}")))]
                act(log, "second", 5).await?
            }
            _ => String::new(),
        };
        #[after(arm)]
        #[concurrency(2)]
        let items = for (at, name) in names.into_iter().enumerate() {
            #[compensate(maybe undo(log, &format!("item {at}: {name}")))]
            let done = act(log, &name, 10 + at as u64).await?;
            done
        };
        let block = {
            #[compensate(maybe undo(log, "block"))]
            let inner = act(log, "bad inner", items.len() as u64).await?;
            inner.len()
        };
        Ok(arm.len() + block)
    }
}

fn names(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

#[tokio::test(start_paused = true)]
async fn in_arms_items_and_blocks() {
    let log = Log::default();
    assert_eq!(send(inside(&log, names(&["x"]), 0)).await, Err(bad("bad first")));
    assert_eq!(undone(&log), ["first arm"]);

    // The second item fails while the first has completed and the third runs; no other starts.
    let items = ["x", "bad y", "z", "w"];
    assert_eq!(inside(&log, names(&items), 1).await, Err(bad("bad y")));
    let mut all = undone(&log);
    all.sort();
    assert_eq!(all, ["item 0: x", "item 1: bad y", "item 2: z", "second arm, early"]);

    assert_eq!(inside(&log, names(&["x", "y"]), 2).await, Err(bad("bad inner")));
    let mut all = undone(&log);
    assert_eq!(all.remove(0), "block");
    all.sort();
    assert_eq!(all, ["item 0: x", "item 1: y"]);
}

workflow! {
    /// `c` needs `a`; `d` needs `a` and `b`.
    async fn region(log: &Log, a: &str, b: &str, c: &str, d: &str) -> Result<usize, Failed> {
        #[compensate(maybe undo(log, a))]
        let a_done = act(log, a, 10).await?;
        #[compensate(maybe undo(log, b))]
        let b_done = act(log, b, 20).await?;
        #[compensate(maybe undo(log, &format!("{c} of {a_done}")))]
        let c_done = act(log, c, 30).await?;
        #[compensate(maybe undo(log, &format!("{d} of {a_done} and {b_done}")))]
        let d_done = act(log, d, 15).await?;
        Ok(c_done.len() + d_done.len())
    }

    /// The same, where the rest goes on after a failure.
    #[on_failure(finish)]
    async fn finishing(log: &Log, a: &str, b: &str, c: &str, d: &str) -> Result<usize, Failed> {
        #[compensate(maybe undo(log, a))]
        let a_done = act(log, a, 10).await?;
        #[compensate(maybe undo(log, b))]
        let b_done = act(log, b, 20).await?;
        #[compensate(maybe undo(log, &format!("{c} of {a_done}")))]
        let c_done = act(log, &format!("{c}{}", a_done.len()), 30).await?;
        #[compensate(maybe undo(log, &format!("{d} of {a_done} and {b_done}")))]
        let d_done = act(log, d, 15).await?;
        Ok(c_done.len() + d_done.len())
    }

    /// With compensations of completed steps, which name what other branches declare.
    async fn mixed(log: &Log, fails: &str) -> Result<usize, Failed> {
        #[compensate(undo(log, &a))]
        let a = act(log, "a", 10).await?;
        #[compensate(maybe undo(log, "b"))]
        let b = act(log, "b", 20).await?;
        #[compensate(undo(log, &format!("{c} after {a}")))]
        let c = act(log, &a, 1).await?;
        #[compensate(maybe undo(log, &format!("d after {a} and {b}")))]
        let d = act(log, &format!("{fails}{a}{b}"), 5).await?;
        Ok(c.len() + d.len())
    }
}

#[tokio::test(start_paused = true)]
async fn in_any_graph() {
    let log = Log::default();
    assert_eq!(send(region(&log, "a", "b", "c", "d")).await, Ok(2));
    assert_eq!(undone(&log), [""; 0]);

    // `d` never starts, and `c` has started.
    assert_eq!(region(&log, "a", "bad b", "c", "d").await, Err(bad("bad b")));
    assert_eq!(undone(&log), ["bad b", "c of a", "a"]);

    // `d` fails, and `c` is dropped.
    assert_eq!(region(&log, "a", "b", "c", "bad d").await, Err(bad("bad d")));
    let mut all = undone(&log);
    let mut first = all.drain(..2).collect::<Vec<_>>();
    first.sort();
    assert_eq!(first, ["bad d of a and b", "c of a"]);
    all.sort();
    assert_eq!(all, ["a", "b"]);

    // Neither `c` nor `d` starts.
    assert_eq!(region(&log, "bad a", "b", "c", "d").await, Err(bad("bad a")));
    let mut all = undone(&log);
    all.sort();
    assert_eq!(all, ["b", "bad a"]);

    assert_eq!(finishing(&log, "a", "bad b", "c", "d").await, Err(bad("bad b")));
    assert_eq!(undone(&log), ["bad b", "c of a", "a"]);

    assert_eq!(mixed(&log, "bad ").await, Err(bad("bad ab")));
    let mut all = undone(&log);
    let mut first = all.drain(..2).collect::<Vec<_>>();
    first.sort();
    assert_eq!(first, ["a after a", "d after a and b"]);
    all.sort();
    assert_eq!(all, ["a", "b"]);
}

workflow! {
    async fn isolated(log: &Log, name: &str, rest: &str) -> Result<bool, Failed> {
        #[compensate(maybe undo(log, "isolated"))]
        let looked_at = act(log, name, 10).await;
        let is_ok = looked_at.is_ok();
        #[after(is_ok)]
        act(log, rest, 10).await?;
        Ok(is_ok)
    }

    /// A call of a step with that name, a method, and arguments that leave early.
    async fn words(log: &Log, number: &str, rest: &str) -> Result<usize, Failed> {
        #[compensate(maybe(log, "word"))]
        let word = act(log, "word", 1).await?;
        #[compensate(maybe maybe(log, "twice"))]
        let twice = act(log, "twice", 1).await?;
        #[compensate(maybe undo(log, "number"))]
        #[after(word, twice)]
        let read = act(log, "number", number.parse().map_err(|_| Failed("no number".to_owned()))?).await?;
        #[after(read)]
        let last = act(log, rest, 1).await?;
        Ok(last.len())
    }
}

#[tokio::test(start_paused = true)]
async fn wherever_else_it_may_stand() {
    let log = Log::default();
    // A failure that the workflow looks at may have done its work.
    assert_eq!(isolated(&log, "bad", "bad rest").await, Err(bad("bad rest")));
    assert_eq!(undone(&log), ["isolated"]);
    assert_eq!(isolated(&log, "bad", "rest").await, Ok(false));
    assert_eq!(undone(&log), [""; 0]);

    let after = |log: &Log| {
        let mut all: Vec<_> =
            said(log).into_iter().skip_while(|what| what.starts_with("act")).collect();
        all.sort();
        all
    };
    assert_eq!(words(&log, "7", "bad").await, Err(bad("bad")));
    assert_eq!(after(&log), ["maybe twice", "maybe word", "undo number"]);
    // The call was never made.
    assert_eq!(words(&log, "x", "rest").await, Err(bad("no number")));
    assert_eq!(after(&log), ["maybe twice", "maybe word"]);

    assert_eq!(send(outer(&log)).await, Err(bad("bad quick")));
    let mut all = undone(&log);
    all.sort();
    assert_eq!(all, ["a", "all of it", "b of a"]);
}
