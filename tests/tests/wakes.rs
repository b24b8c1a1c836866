//! Random workflows that are polled only when their task is woken, or for no reason at
//! all: none of them gets stuck, in whatever order the steps complete.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use proptest::prelude::*;
use proptest::sample::Index;
use workflow_tests::random::context::{Cx, Fault, Key, Pace};
use workflow_tests::random::{Compiled, for_each_workflow, interpret};

/// How many runs of each workflow.
const RUNS: u32 = 10;

/// What happens between two polls.
#[derive(Debug, Clone)]
enum Move {
    /// The gate of a running step opens.
    Open(Index),
    /// A running step is woken and finds its gate closed.
    Nudge(Index),
    /// The workflow is polled without being woken.
    Poll,
}

#[test]
fn never_gets_stuck() {
    let step = prop_oneof![
        6 => any::<Index>().prop_map(Move::Open),
        1 => any::<Index>().prop_map(Move::Nudge),
        1 => Just(Move::Poll),
    ];
    // Between two polls one or several of them happen.
    let rounds = prop::collection::vec(prop::collection::vec(step, 1..4), 1..40);
    let inputs = (any::<u64>(), any::<u64>(), any::<Index>(), rounds);
    for_each_workflow(RUNS, &inputs, |workflow, (number, text, first, mut rounds)| {
        // They are gone through again and again, so one of them has to lead on.
        rounds.push(vec![Move::Open(first)]);
        let expected = interpret(&workflow.model(), number, text, &gates, None);
        let result = drive(workflow, number, text, &rounds)?;
        if result == expected.result {
            return Ok(());
        }
        Err(format!("expected {:?}, not {result:?}", expected.result))
    });
}

fn gates(_: Key) -> Pace {
    Pace::Gate
}

#[derive(Default)]
struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::SeqCst);
    }
}

fn drive(
    workflow: &Compiled,
    number: u64,
    text: u64,
    rounds: &[Vec<Move>],
) -> Result<Result<u64, Fault>, String> {
    let cx = Cx::new(&gates, None);
    let flag = Arc::new(Flag::default());
    let waker = Waker::from(Arc::clone(&flag));
    let mut task = Context::from_waker(&waker);
    let mut call = pin!((workflow.call)(&cx, number, text.to_string()));
    let mut rounds = rounds.iter().cycle();
    let mut polls = true;
    loop {
        if polls && let Poll::Ready(result) = call.as_mut().poll(&mut task) {
            return Ok(result);
        }
        if cx.gates().is_empty() && !flag.0.load(Ordering::SeqCst) {
            return Err("it is stuck: no step runs, and the task is not woken".to_owned());
        }
        polls = false;
        for step in rounds.next().expect("there are rounds") {
            let closed = cx.gates();
            match step {
                Move::Open(which) if !closed.is_empty() => cx.open(*which.get(&closed)),
                Move::Nudge(which) if !closed.is_empty() => cx.nudge(*which.get(&closed)),
                Move::Poll => polls = true,
                Move::Open(_) | Move::Nudge(_) => {}
            }
        }
        polls |= flag.0.swap(false, Ordering::SeqCst);
    }
}
