//! The order in which steps start follows from the order in which they complete, however
//! the task is woken: on small workflows, for every order in which steps can complete.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};

use workflow_runtime::{EventKind, Recorder, Run, Step, workflow};
use workflow_tests::random::context::{At, Cx, Fault, Key, Pace};
use workflow_tests::random::steps::work;

workflow! {
    /// Nothing but sequences and joins.
    async fn nested(cx: &Cx<'_>, at: At) -> Result<(), Fault> {
        let a = work(cx, at, 0, ()).await?;
        let b = work(cx, at, 1, a).await?;
        let c = work(cx, at, 2, a).await?;
        let d = work(cx, at, 3, (a, b, c)).await?;
        let e = work(cx, at, 4, ()).await?;
        work(cx, at, 5, e).await?;
        let _ = d;
        Ok(())
    }

    /// No nesting of sequence and join.
    async fn irreducible(cx: &Cx<'_>, at: At) -> Result<(), Fault> {
        let a = work(cx, at, 0, ()).await?;
        let b = work(cx, at, 1, ()).await?;
        let c = work(cx, at, 2, a).await?;
        let d = work(cx, at, 3, (a, b)).await?;
        let e = work(cx, at, 4, b).await?;
        work(cx, at, 5, (c, d, e)).await?;
        Ok(())
    }

    /// At most two of three items run.
    async fn window(cx: &Cx<'_>, at: At) -> Result<(), Fault> {
        let a = work(cx, at, 0, ()).await?;
        #[concurrency(2)]
        let items = for item in 0..3_usize {
            let own = work(cx, at.item(item), 1, a).await?;
            work(cx, at.item(item), 2, own).await?
        };
        work(cx, at, 3, items).await?;
        Ok(())
    }

    /// The arm is chosen when `a` is done, and needs `b` for some of its steps.
    async fn late_in_arm(cx: &Cx<'_>, at: At) -> Result<(), Fault> {
        let a = work(cx, at, 0, ()).await?;
        let b = work(cx, at, 1, ()).await?;
        let c = match a {
            0 => 0,
            _ => {
                let own = work(cx, at, 2, ()).await?;
                let x = work(cx, at, 3, own).await?;
                let y = work(cx, at, 4, b).await?;
                x ^ y
            }
        };
        work(cx, at, 5, (b, c)).await?;
        Ok(())
    }

    /// All items run, and need `slow` for one of their steps.
    async fn late_in_items(cx: &Cx<'_>, at: At) -> Result<(), Fault> {
        let slow = work(cx, at, 0, ()).await?;
        let items = for item in 0..2_usize {
            let own = work(cx, at.item(item), 1, ()).await?;
            let late = work(cx, at.item(item), 2, slow).await?;
            own ^ late
        };
        work(cx, at, 3, items).await?;
        Ok(())
    }

    /// The same, of which at most two run.
    async fn late_in_window(cx: &Cx<'_>, at: At) -> Result<(), Fault> {
        let slow = work(cx, at, 0, ()).await?;
        #[concurrency(2)]
        let items = for item in 0..3_usize {
            let own = work(cx, at.item(item), 1, ()).await?;
            work(cx, at.item(item), 2, (own, slow)).await?
        };
        work(cx, at, 3, items).await?;
        Ok(())
    }

    /// The same, with a step that runs while the item waits for `slow`.
    async fn late_beside_in_window(cx: &Cx<'_>, at: At) -> Result<(), Fault> {
        let slow = work(cx, at, 0, ()).await?;
        #[concurrency(2)]
        let items = for item in 0..2_usize {
            let own = work(cx, at.item(item), 1, ()).await?;
            let late = work(cx, at.item(item), 2, slow).await?;
            own ^ late
        };
        work(cx, at, 3, items).await?;
        Ok(())
    }
}

type Call<'c> = Pin<Box<dyn Step<Output = Result<(), Fault>> + 'c>>;
type Start = for<'c> fn(&'c Cx<'c>) -> Call<'c>;

/// A workflow and its name.
type Named = (&'static str, Start);

/// Those in which all that a scope waits for is there when it starts.
const PLAIN: [Named; 3] = [
    ("nested", |cx| Box::pin(nested(cx, At::default()))),
    ("irreducible", |cx| Box::pin(irreducible(cx, At::default()))),
    ("window", |cx| Box::pin(window(cx, At::default()))),
];

/// Those in which a scope waits inside for something from outside.
const LATE: [Named; 3] = [
    ("late_in_arm", |cx| Box::pin(late_in_arm(cx, At::default()))),
    ("late_in_items", |cx| Box::pin(late_in_items(cx, At::default()))),
    ("late_in_window", |cx| Box::pin(late_in_window(cx, At::default()))),
];

/// One in which the order of starts follows from the order in which items are woken, too:
/// a fan-out with a limit polls them in that order, so that those which have been woken
/// for nothing come first when `slow` completes.
const LATE_BY_WAKES: [Named; 1] =
    [("late_beside_in_window", |cx| Box::pin(late_beside_in_window(cx, At::default())))];

fn all() -> impl Iterator<Item = Named> {
    PLAIN.into_iter().chain(LATE).chain(LATE_BY_WAKES)
}

/// What happens before one poll.
#[derive(Debug, Clone)]
struct Round {
    /// Steps that are woken and find their gates closed.
    nudged: Vec<Key>,
    /// The gates that open, in this order.
    opened: Vec<Key>,
}

/// What happened, as the recorder has it: the starts and completions of steps.
type Trace = Vec<(bool, String)>;

struct Unconcerned;

impl Wake for Unconcerned {
    fn wake(self: Arc<Self>) {}
}

fn gates(_: Key) -> Pace {
    Pace::Gate
}

/// Plays the rounds. Returns what happened, and the gates that are closed then.
fn play(start: Start, rounds: &[Round], polls: usize) -> (Trace, Vec<Key>) {
    let cx = Cx::new(&gates, None);
    let recorder = Recorder::new();
    let mut call = Box::pin(Run::new().observe(recorder.clone()).execute(start(&cx)));
    let waker = Waker::from(Arc::new(Unconcerned));
    let mut task = Context::from_waker(&waker);
    let mut done = call.as_mut().poll(&mut task).is_ready();
    for round in rounds {
        for key in &round.nudged {
            cx.nudge(*key);
        }
        for key in &round.opened {
            cx.open(*key);
        }
        for _ in 0..polls {
            done = done || matches!(call.as_mut().poll(&mut task), Poll::Ready(Ok(())));
        }
    }
    let closed = cx.gates();
    assert!(done || !closed.is_empty(), "it is stuck after {rounds:?}");
    let events = recorder.events();
    let told = events.iter().filter_map(|event| match event.kind {
        EventKind::Started => Some((true, event.path.to_string())),
        EventKind::Completed { .. } => Some((false, event.path.to_string())),
        _ => None,
    });
    (told.collect(), closed)
}

/// Which steps have started, in which order, by which have completed, in which order.
#[derive(Default)]
struct Starts(BTreeMap<Vec<String>, Vec<String>>);

impl Starts {
    /// Adds what has started whenever a step completes, and at the end.
    fn add(&mut self, trace: &Trace) -> Result<(), String> {
        let (mut completed, mut started) = (Vec::new(), Vec::new());
        for (start, path) in trace {
            if *start {
                started.push(path.clone());
            } else {
                self.add_one(completed.clone(), started.clone())?;
                completed.push(path.clone());
            }
        }
        self.add_one(completed, started)
    }

    /// Adds what has started at the end, in any order, by what has completed in any order.
    fn add_end(&mut self, trace: &Trace) -> Result<(), String> {
        let sorted = |starts: bool| {
            let paths = trace.iter().filter(|(start, _)| *start == starts);
            let mut paths: Vec<String> = paths.map(|(_, path)| path.clone()).collect();
            paths.sort();
            paths
        };
        self.add_one(sorted(false), sorted(true))
    }

    fn add_one(&mut self, completed: Vec<String>, started: Vec<String>) -> Result<(), String> {
        match self.0.get(&completed) {
            Some(known) if *known == started => Ok(()),
            Some(known) => Err(format!("after {completed:?}: once {known:?}, once {started:?}")),
            None => {
                self.0.insert(completed, started);
                Ok(())
            }
        }
    }
}

/// What to look at in a trace.
type Look<'a> = &'a mut dyn FnMut(&Trace) -> Result<(), String>;

/// Plays every sequence of rounds that `next` allows, and each beginning of one.
fn explore(
    (name, start): Named,
    rounds: &mut Vec<Round>,
    polls: usize,
    next: &dyn Fn(&[Key]) -> Vec<Round>,
    look: Look<'_>,
) {
    let (trace, closed) = play(start, rounds, polls);
    if let Err(error) = look(&trace) {
        panic!("{name}, {rounds:?}: {error}");
    }
    for round in next(&closed) {
        rounds.push(round);
        explore((name, start), rounds, polls, next, look);
        rounds.pop();
    }
}

/// Opens one gate.
fn one(closed: &[Key]) -> Vec<Round> {
    let open = |&key: &Key| Round { nudged: Vec::new(), opened: vec![key] };
    closed.iter().map(open).collect()
}

/// Opens one gate, after all running steps have been woken for nothing.
fn one_nudged(closed: &[Key]) -> Vec<Round> {
    let mut rounds = one(closed);
    for round in &mut rounds {
        round.nudged = closed.iter().rev().copied().collect();
    }
    rounds
}

/// Opens one gate, or two.
fn two(closed: &[Key]) -> Vec<Round> {
    let mut rounds = one(closed);
    for first in closed {
        for second in closed.iter().filter(|second| *second != first) {
            rounds.push(Round { nudged: Vec::new(), opened: vec![*first, *second] });
        }
    }
    rounds
}

#[test]
fn starts_follow_from_completions() {
    for workflow in all() {
        let mut starts = Starts::default();
        for polls in [1, 3] {
            explore(workflow, &mut Vec::new(), polls, &one, &mut |trace| starts.add(trace));
        }
    }
}

#[test]
fn starts_do_not_depend_on_wakes_for_nothing() {
    for workflow in PLAIN.into_iter().chain(LATE) {
        let mut starts = Starts::default();
        for next in [one, one_nudged] {
            explore(workflow, &mut Vec::new(), 1, &next, &mut |trace| starts.add(trace));
        }
    }
}

#[test]
fn starts_follow_from_completions_where_several_complete_at_once() {
    for workflow in PLAIN {
        let mut starts = Starts::default();
        explore(workflow, &mut Vec::new(), 1, &two, &mut |trace| starts.add(trace));
    }
}

/// What waits inside an arm or an item is started only when that is polled, and then what
/// else has completed there may come first. But nothing is started late.
#[test]
fn everything_has_started_when_several_complete_at_once() {
    for workflow in all() {
        let mut starts = Starts::default();
        explore(workflow, &mut Vec::new(), 1, &two, &mut |trace| starts.add_end(trace));
    }
}
