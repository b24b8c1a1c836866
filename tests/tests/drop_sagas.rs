//! Random workflows with compensations that are dropped after any number of polls, some of
//! them while they undo what they did: nothing is left, and what was running is reported as
//! cancelled.

use std::collections::BTreeSet;

use workflow_tests::saga::context::{Fails, Faults};
use workflow_tests::saga::{COMPILED, Expected, Happening, Observed, Plan, What, run};

/// How many faults of each saga are tested: those for which most has to be undone.
const FAULTS: usize = 3;

#[test]
fn leaves_nothing_behind_wherever_it_is_dropped() {
    let mut failures = Vec::new();
    for saga in COMPILED {
        let plan = Plan::new(&(saga.make)(saga.seed));
        'runs: for faults in faults(&plan) {
            let expected = plan.run(&faults);
            for polls in 0.. {
                let cut = run(saga, &faults, polls);
                if let Err(error) = check(&expected, &cut) {
                    let seed = saga.seed;
                    failures.push(format!("seed {seed}, {faults:?}, {polls} polls: {error}"));
                    break 'runs;
                }
                if cut.finished {
                    break;
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} sagas:\n\n{}", failures.len(), failures.join("\n\n"));
}

/// None, and those for which most has to be undone.
fn faults(plan: &Plan) -> Vec<Faults> {
    let mut faults: Vec<(usize, Faults)> = Vec::new();
    for (step, _) in plan.steps() {
        let steps = [(step, Fails::Permanently)].into();
        let fault = Faults { steps, ..Faults::default() };
        let events = plan.run(&fault).events;
        let undone = events.iter().filter(|event| matches!(event.what, What::Compensated(_)));
        faults.push((undone.count(), fault));
    }
    faults.sort_by_key(|(undone, _)| usize::MAX - undone);
    let most = faults.into_iter().take(FAULTS).map(|(_, faults)| faults);
    std::iter::once(Faults::default()).chain(most).collect()
}

fn check(expected: &Expected, cut: &Observed) -> Result<(), String> {
    let left = (cut.live, cut.tasks, cut.open_workflows);
    if left != (0, 0, 0) {
        return Err(format!("{left:?} steps, tasks and workflows are left"));
    }
    let (now, finished) = (cut.end, cut.finished);
    // Before it was dropped, all was as it should be.
    let is_known = |event: &&Happening| event.at < now && event.what != What::Skipped;
    let mut events: Vec<_> = cut.events.iter().filter(is_known).collect();
    events.sort();
    let expected_events: Vec<_> = expected.events.iter().filter(is_known).collect();
    if events != expected_events {
        return Err(format!("{events:#?} instead of {expected_events:#?} before {now}"));
    }
    let has_ended = |end: Option<u64>| end.filter(|end| *end < now);
    let mut log: Vec<_> = cut.log.iter().filter(|attempt| attempt.start < now).collect();
    log.sort_by_key(|attempt| (&attempt.path, attempt.undoes, attempt.start));
    let expected_log = expected.log.iter().filter(|attempt| attempt.start < now);
    let same = log
        .iter()
        .map(|attempt| (&attempt.path, attempt.start, has_ended(attempt.end)))
        .eq(expected_log.map(|attempt| (&attempt.path, attempt.start, has_ended(attempt.end))));
    if !same {
        return Err(format!("{log:#?} before {now}"));
    }
    // Each start of a step has its end.
    let mut open = BTreeSet::new();
    for event in &cut.events {
        let told_once = match event.what {
            What::Started => open.insert(&event.path),
            What::Completed(_) | What::Failed(_) | What::Cancelled => open.remove(&event.path),
            _ => true,
        };
        if !told_once {
            return Err(format!("`{}` has {:?} once more", event.path, event.what));
        }
    }
    if let Some(path) = open.first() {
        return Err(format!("the end of `{path}` is not told"));
    }
    let told =
        |events: &[Happening]| events.iter().filter(|event| event.what != What::Skipped).count();
    if finished && told(&cut.events) != told(&expected.events) {
        return Err("it returned, and something else was told".to_owned());
    }
    Ok(())
}
