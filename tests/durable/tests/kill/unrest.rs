//! Orders of which a step fails, or which are cancelled, and whose processes are killed while records
//! are on their way: what is recorded is undone or used.

use std::time::{Duration, Instant};

use workflow_durable_tests::{Ended, Task, random};
use workflow_journal::StoredState;

use crate::checks::nothing_recorded_ran_again;
use crate::process::{random_moments, run, start, task, wait};
use crate::snapshot::{Entry, Snapshot};

/// The last parts of the paths of what has a compensation.
fn is_undoable(task: &Task, path: &str) -> bool {
    let name = path.rsplit('.').next().unwrap_or(path);
    let undoable: &[&str] = if task.rush {
        &["stock", "rider", "bundle", "label"]
    } else {
        &["stock", "payment", "label"]
    };
    undoable.contains(&name)
}

/// A number below `bound`.
fn below(bound: usize) -> usize {
    usize::try_from(random() % u64::try_from(bound).unwrap()).unwrap()
}

/// An order with something that goes wrong, in a new folder.
fn troubled(rush: bool, steps: &[String], calls: usize) -> (tempfile::TempDir, Task) {
    let (folder, mut task) = task();
    (task.rush, task.cart.items) = (rush, 5);
    task.late = Duration::from_millis(4);
    let trouble = below(4);
    if trouble < 3 {
        task.fails = Some(steps[below(steps.len())].clone());
    }
    if trouble > 1 {
        task.cancel = Some(1 + below(calls));
    }
    (folder, task)
}

/// What must hold at the end.
fn check(task: &Task, deaths: &[Snapshot], now: &Snapshot) {
    for before in deaths {
        nothing_recorded_ran_again(before, now);
    }
    let ends: &[StoredState] = match (&task.fails, task.cancel) {
        (None, None) => &[StoredState::Completed],
        (None, Some(_)) => &[StoredState::Completed, StoredState::Cancelled],
        (Some(_), None) => &[StoredState::Failed],
        (Some(_), Some(_)) => &[StoredState::Failed, StoredState::Cancelled],
    };
    let state = now.state.expect("it is stored");
    assert!(ends.contains(&state), "it is {state:?}, not one of {ends:?}");
    let undone = |path: &str| {
        let path = path.to_owned();
        now.log.iter().filter(move |entry| entry.undone && entry.path == path)
    };
    undone_each_time(now);
    for (path, (output, is_undone)) in &now.steps {
        let last = undone(path).map(|entry| entry.undone_before).max();
        let at_last = undone(path).filter(|entry| Some(entry.undone_before) == last);
        let rightly = !is_undone || at_last.clone().all(|entry| entry.output == *output);
        assert!(rightly, "`{path}` was another one");
        let times = undone(path).count();
        let has_to_be = is_undoable(task, path) && state != StoredState::Completed;
        assert_eq!(*is_undone, has_to_be, "`{path}` is recorded, and undone {times} times");
        let right = if has_to_be { 1..=deaths.len() + 1 } else { 0..=0 };
        assert!(right.contains(&times), "`{path}` is recorded, and undone {times} times");
    }
    let recorded = |path: &str| now.steps.contains_key(path);
    for entry in &now.log {
        assert!(!entry.undone || recorded(&entry.path), "`{}` is not recorded", entry.path);
    }
    for (path, outputs) in now.done() {
        assert!(outputs.len() <= deaths.len() + 1, "`{path}` ran {} times", outputs.len());
    }
}

/// A call of a workflow undoes its own steps when it fails. If the process dies before its caller has
/// failed, the call runs once more: as something new, with new keys.
fn undone_each_time(now: &Snapshot) {
    for entry in &now.log {
        for before in 0..entry.undone_before {
            let is_of_it = |it: &&Entry| it.path == entry.path && it.undone_before == before;
            let all: Vec<_> = now.log.iter().filter(is_of_it).collect();
            let done = all.iter().rfind(|entry| !entry.undone).expect("it ran that time");
            let mut undone = all.iter().filter(|entry| entry.undone).peekable();
            assert!(undone.peek().is_some(), "`{}` ran again and was not undone", entry.path);
            assert!(undone.all(|undone| undone.output == done.output), "another was undone");
        }
    }
}

async fn killed_while_records_are_on_their_way(rush: bool) {
    let (_folder, mut whole) = task();
    (whole.rush, whole.cart.items, whole.late) = (rush, 5, Duration::from_millis(4));
    let begin = Instant::now();
    let [Ended { calls, .. }] = run(&whole)[..] else { panic!("there is one run") };
    let longest = u64::try_from(begin.elapsed().as_micros()).unwrap();
    let steps: Vec<_> = Snapshot::of(&whole).await.steps.into_keys().collect();
    // A call has a record, and does nothing itself.
    let steps: Vec<_> = steps.into_iter().filter(|path| path != "delivery").collect();
    for _ in 0..random_moments() {
        let (_folder, task) = troubled(rush, &steps, calls);
        let mut deaths = Vec::new();
        for _ in 0..below(3) {
            let mut child = start(&task);
            tokio::time::sleep(Duration::from_micros(random() % longest)).await;
            child.kill().unwrap();
            if wait(child).is_none() {
                deaths.push(Snapshot::of(&task).await);
            }
        }
        println!("fails: {:?}, cancel: {:?}, {} deaths", task.fails, task.cancel, deaths.len());
        run(&task);
        check(&task, &deaths, &Snapshot::of(&task).await);
    }
}

#[tokio::test]
async fn orders() {
    killed_while_records_are_on_their_way(false).await;
}

#[tokio::test]
async fn rush_orders() {
    killed_while_records_are_on_their_way(true).await;
}
