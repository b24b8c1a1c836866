//! A process that is killed, and another one that finishes what it has begun.

use std::time::{Duration, Instant};

use workflow_durable_tests::{Ended, Strike, Task, When, random};

use crate::checks::Whole;
use crate::process::{all, random_moments, run, start, task, wait};
use crate::snapshot::Snapshot;

/// Lets another process finish what one that was killed has begun, and checks it.
async fn finish(task: &Task, whole: &Whole) {
    let death = Snapshot::of(task).await;
    let finish = Task { strike: None, ..task.clone() };
    let [Ended { result, .. }] = &run(&finish)[..] else { panic!("there is one run") };
    whole.check(&[death], &Snapshot::of(task).await, result);
}

/// Kills at the calls that write, before and after.
async fn kill_at_writes(sells: bool, items: u32) {
    let new = || {
        let (folder, mut task) = task();
        (task.sells, task.cart.items) = (sells, items);
        (folder, task)
    };
    let (_folder, first) = new();
    let whole = Whole::of(&first).await;
    let calls = (1..=whole.calls).step_by(if all() { 1 } else { 7 });
    // The last ones are what ends the run.
    let calls = calls.chain(whole.calls - 5..=whole.calls);
    for when in calls.flat_map(|call| [When::Before(call), When::After(call)]) {
        let (_folder, mut task) = new();
        task.strike = Some((Strike::Kill, when));
        assert_eq!(wait(start(&task)), None, "it is killed: {when:?}");
        println!("killed: {when:?}");
        finish(&task, &whole).await;
    }
}

#[tokio::test]
async fn killed_at_a_write() {
    kill_at_writes(true, 50).await;
}

#[tokio::test]
async fn killed_at_a_write_of_a_run_that_fails() {
    // The fan-out has no part in what is undone.
    kill_at_writes(false, 5).await;
}

/// A process is seldom killed in the middle of a line of the log, so here its last line is cut.
#[tokio::test]
async fn killed_in_the_middle_of_a_line() {
    let whole = {
        let (_folder, mut first) = task();
        first.cart.items = 5;
        Whole::of(&first).await
    };
    let mut left = 1;
    loop {
        let (_folder, mut task) = task();
        task.cart.items = 5;
        // The first call takes the run, the second one records its first step.
        task.strike = Some((Strike::Kill, When::Before(2)));
        assert_eq!(wait(start(&task)), None);
        let log = std::fs::OpenOptions::new().write(true).open(task.log()).unwrap();
        let length = log.metadata().unwrap().len();
        if left >= length {
            break;
        }
        log.set_len(left).unwrap();
        let death = Snapshot::of(&task).await;
        assert!(death.log.is_empty() && death.recorded.is_empty());
        finish(&task, &whole).await;
        left += if all() { 1 } else { 30 };
    }
    assert!(left > 30, "the log has a line");
}

#[tokio::test]
async fn killed_at_random_moments() {
    let (_folder, first) = task();
    let begin = Instant::now();
    let whole = Whole::of(&first).await;
    let longest = u64::try_from(begin.elapsed().as_micros()).unwrap();
    let mut killed = 0;
    for _ in 0..random_moments() {
        let (_folder, task) = task();
        let moment = Duration::from_micros(random() % longest);
        let mut child = start(&task);
        tokio::time::sleep(moment).await;
        child.kill().unwrap();
        println!("killed after {moment:?}");
        killed += usize::from(wait(child).is_none());
        finish(&task, &whole).await;
    }
    assert!(killed > 0, "all were finished already");
}

#[tokio::test]
async fn killed_again_and_again() {
    let (_folder, mut first) = task();
    first.cart.express = true;
    let whole = Whole::of(&first).await;
    for call in if all() { 3..=20 } else { 9..=9 } {
        let (_folder, mut task) = task();
        task.cart.express = true;
        task.strike = Some((Strike::Kill, When::After(call)));
        let mut deaths = Vec::new();
        let result = loop {
            match wait(start(&task)) {
                Some(ended) => break ended[0].result.clone(),
                None => deaths.push(Snapshot::of(&task).await),
            }
        };
        assert!(!deaths.is_empty());
        whole.check(&deaths, &Snapshot::of(&task).await, &result);
    }
}
