//! What must hold of a run, whatever happened to its processes.

use workflow_durable_tests::{Ended, Task, Token};
use workflow_journal::StoredState;

use crate::process::run;
use crate::snapshot::Snapshot;

/// What is undone when an order fails, in this order.
const UNDONE: [&str; 3] = ["delivery.label", "payment", "stock"];

/// A run that nothing has interrupted.
pub(crate) struct Whole {
    pub(crate) snapshot: Snapshot,
    pub(crate) result: Result<Token, String>,
    /// How many calls of the store write.
    pub(crate) calls: usize,
}

impl Whole {
    pub(crate) async fn of(task: &Task) -> Self {
        let [ended] = &run(task)[..] else { panic!("there is one run") };
        let Ended { result, calls, .. } = ended.clone();
        let whole = Self { snapshot: Snapshot::of(task).await, result, calls };
        whole.check(&[], &whole.snapshot, &whole.result);
        whole
    }

    /// Checks a run that has ended as this one did, after deaths of its processes: what there
    /// was after each of them, what there is now, and what the last process said.
    pub(crate) fn check(
        &self,
        deaths: &[Snapshot],
        now: &Snapshot,
        result: &Result<Token, String>,
    ) {
        let mut known = 0;
        for before in deaths {
            nothing_recorded_ran_again(before, now);
            nothing_in_doubt_is_recorded(before, known);
            known = before.in_doubt.len();
        }
        assert_eq!(now.in_doubt.len(), known, "only what is killed leaves a part of a line");
        let (done, undone) = (now.done(), now.undone());
        for (path, outputs) in &done {
            assert!(outputs.len() <= deaths.len() + 1, "`{path}` ran {} times", outputs.len());
            if !undone.contains(path) {
                let recorded = now.recorded.get(*path);
                assert_eq!(recorded, outputs.last().copied(), "`{path}` is recorded as it was");
            }
        }
        assert!(now.recorded.keys().all(|path| done.contains_key(&**path)), "all have run");
        assert_eq!(now.used(), self.snapshot.used());
        assert_eq!(now.state, self.snapshot.state);
        match (result, &self.result) {
            (Ok(output), Ok(whole)) => {
                assert_eq!(output.value, whole.value);
                assert_eq!(Some(output), now.recorded.get("closed"));
                let outcome: Token = serde_json::from_str(now.outcome.as_ref().unwrap()).unwrap();
                assert_eq!(*output, outcome);
                assert!(undone.is_empty());
            }
            (Err(_), Err(_)) => failed_and_undone(now),
            _ => panic!("it came to {result:?} instead of {:?}", self.result),
        }
    }
}

/// What was recorded before is so for ever, and never ran after that; what was undone, neither.
pub(crate) fn nothing_recorded_ran_again(before: &Snapshot, now: &Snapshot) {
    for entry in &now.log[before.log.len()..] {
        let path = &entry.path;
        let recorded = before.recorded.contains_key(path);
        if entry.undone {
            assert!(recorded || !before.undoes, "`{path}` was undone again");
        } else {
            assert!(!recorded, "`{path}` was recorded, and ran again");
        }
    }
    let undone = now.undone();
    for (path, output) in &before.recorded {
        if !undone.contains(&**path) {
            assert_eq!(now.recorded.get(path), Some(output), "`{path}` has another record");
        }
    }
}

/// A step whose line is torn has not returned. Those before `known` are of earlier deaths: they
/// may have run again.
fn nothing_in_doubt_is_recorded(death: &Snapshot, known: usize) {
    for path in &death.in_doubt[known..] {
        // The line may be that of what undoes the step.
        let recorded = death.recorded.contains_key(path) && !death.undoes;
        assert!(!recorded, "`{path}` is recorded, and had not returned");
    }
}

fn failed_and_undone(now: &Snapshot) {
    assert_eq!(now.state, Some(StoredState::Failed));
    assert_eq!(now.outcome.as_deref(), Some("refused"));
    assert_eq!(now.undone().into_iter().collect::<Vec<_>>(), UNDONE);
    let places = UNDONE.map(|path| {
        let entries = now.log.iter().enumerate();
        let entries: Vec<_> =
            entries.filter(|(_, entry)| entry.undone && entry.path == path).collect();
        let done = now.done()[path].last().copied();
        assert!(entries.iter().all(|(_, entry)| Some(&entry.output) == done));
        (entries[0].0, entries[entries.len() - 1].0)
    });
    assert!(places.windows(2).all(|pair| pair[0].1 < pair[1].0), "in the order: {places:?}");
    assert!(UNDONE.iter().all(|path| !now.recorded.contains_key(*path)));
}
