//! A process that ends in good order while its run goes on, and the next one.

use std::time::Duration;

use workflow_durable_tests::{Ended, Leave, Task};
use workflow_journal::{JournalStore, SqliteStore};

use crate::checks::Whole;
use crate::process::{LONG, all, run, start, task, wait};
use crate::snapshot::Snapshot;

/// Ends the process after each call that writes. Its journal is never dropped, and no lease runs
/// out; so the next one can only go on if the first has given the run up.
async fn ends(leave: Leave, rush: bool, late: Duration) {
    let new = || {
        let (folder, mut task) = task();
        (task.cart.items, task.lease, task.rush, task.late) = (5, LONG, rush, late);
        (folder, task)
    };
    let (_folder, first) = new();
    let whole = Whole::of(&Task { late: Duration::ZERO, ..first }).await;
    for after in (1..=whole.calls).step_by(if all() { 1 } else { 3 }) {
        let (_folder, mut task) = new();
        task.leave = Some((leave, after));
        let said = wait(start(&task)).expect("nobody kills it");
        println!("{leave:?} after {after}: {said:?}");
        let death = Snapshot::of(&task).await;
        let ended = death.outcome.is_some();
        match (leave, &said[..]) {
            (Leave::Return, []) => {}
            (Leave::Close, [Ended { result: Ok(_), .. }]) => assert!(ended),
            (Leave::Close, [Ended { result: Err(error), .. }]) => {
                assert_eq!(error, "run `one` does not go on here: the journal is closed");
                assert!(!ended);
            }
            other => panic!("{other:?}"),
        }
        let store = SqliteStore::open(task.journal()).await.unwrap();
        let stored = store.run("one").await.unwrap().expect("it was claimed");
        assert_eq!(stored.held, None, "its lease is given up");
        drop(store);

        task.leave = None;
        let [Ended { result, .. }] = &run(&task)[..] else { panic!("there is one run") };
        whole.check(&[death], &Snapshot::of(&task).await, result);
    }
}

#[tokio::test]
async fn main_returns_while_a_run_goes_on() {
    ends(Leave::Return, false, Duration::ZERO).await;
}

#[tokio::test]
async fn the_journal_is_closed_while_a_run_goes_on() {
    ends(Leave::Close, false, Duration::ZERO).await;
}

#[tokio::test]
async fn the_journal_is_closed_while_answers_are_late() {
    ends(Leave::Close, true, Duration::from_millis(3)).await;
}
