//! Two processes that want the same 100 runs.

use std::collections::BTreeMap;
use std::time::Duration;

use tempfile::TempDir;
use workflow_durable_tests::{Ended, Task, random};

use crate::checks::Whole;
use crate::process::{LONG, all, start, task, wait};
use crate::snapshot::Snapshot;

const RUNS: usize = 100;

async fn fight(lease: Duration) -> (TempDir, Task, Whole) {
    let (_folder, mut first) = task();
    first.cart.items = if all() { 50 } else { 3 };
    let whole = Whole::of(&first).await;
    let (folder, mut task) = task();
    (task.cart, task.lease) = (first.cart, lease);
    task.runs = (0..RUNS).map(|number| format!("run-{number}")).collect();
    (folder, task, whole)
}

/// Checks all runs, after deaths of processes that had them.
async fn check(task: &Task, whole: &Whole, deaths: &[BTreeMap<String, Snapshot>], said: &[Ended]) {
    assert_eq!(said.len(), RUNS, "each run is ended");
    let now = Snapshot::of_all(task).await;
    for Ended { run, result, .. } in said {
        let deaths: Vec<_> = deaths.iter().map(|death| death[run].clone()).collect();
        whole.check(&deaths, &now[run], result);
    }
}

#[tokio::test]
async fn each_run_happens_once() {
    let (_folder, task, whole) = fight(LONG).await;
    let children = [start(&task), start(&task)];
    for child in children {
        let said = wait(child).expect("nobody kills it");
        check(&task, &whole, &[], &said).await;
    }
}

#[tokio::test]
async fn the_other_one_is_killed() {
    // Long enough for the one that lives, however busy the machine is.
    let (_folder, task, whole) = fight(Duration::from_secs(5)).await;
    let lives = start(&task);
    let mut deaths = Vec::new();
    for _ in 0..if all() { 10 } else { 2 } {
        let mut dies = start(&task);
        tokio::time::sleep(Duration::from_millis(20 + random() % 300)).await;
        dies.kill().unwrap();
        if wait(dies).is_none() {
            deaths.push(Snapshot::of_all(&task).await);
        }
    }
    let said = wait(lives).expect("nobody kills it");
    check(&task, &whole, &deaths, &said).await;
}
