//! Runs that have completed, and run again from a step whose code is another one since.

use std::collections::{BTreeMap, BTreeSet};

use workflow_durable_tests::{Event, Failures, Ledger};
use workflow_journal::{JournalStore, StoredState, completed};
use workflow_runtime::{Journal, JournalError, RerunPlan};

use super::Compiled;
use super::compiled::COMPILED;
use super::context::Cx;
use crate::process::{Cut, Outside, RUN, in_virtual_time};
use crate::random::generate::Dice;
use crate::sample::{chain, runs, some};

impl Compiled {
    /// Runs again from a step, cut off as often as is asked for. Gives whether it could.
    fn check_rerun(&self, step: &str, cuts: &[Cut]) -> Result<bool, String> {
        let expected = self.expected_with(None, Some(step));
        in_virtual_time(async {
            let outside = Outside::default();
            self.process(&outside, None, Cut::Never).await;
            let journal = Journal::new(outside.store.clone());
            let plan = match (self.rerun)(&journal, step).await {
                Ok(plan) => plan,
                // A step of a workflow that this one calls.
                Err(JournalError::NotRerun { problem, .. }) if problem.contains("inside") => {
                    return Ok(false);
                }
                Err(error) => return Err(error.to_string()),
            };
            let before = outside.ledger.events().len();
            for cut in cuts.iter().copied().chain([Cut::Never]) {
                if outside.has_ended().await {
                    break;
                }
                let cx = Cx::new(&outside.ledger, None).mended(Some(step));
                if let (Some(Err(error)), _) = outside.process(cut, &cx, self.durable).await {
                    return Err(format!("it fails: {error}"));
                }
            }
            let ran = ran(&outside.ledger, before, cuts.len())?;
            right(&plan, &ran, &expected.did)?;
            let stored = outside.run().await.ok_or("it is not stored")?;
            let value = expected.result.as_ref().map_err(ToString::to_string)?;
            if (stored.state, &stored.outcome) != (StoredState::Completed, &Some(value.to_string()))
            {
                let came = (stored.state, stored.outcome);
                return Err(format!("it came to {came:?}, and not to {value}"));
            }
            Ok(true)
        })
    }

    /// The steps that a run records.
    fn recorded(&self) -> Vec<String> {
        in_virtual_time(async {
            let outside = Outside::default();
            self.process(&outside, None, Cut::Never).await;
            let records = outside.store.records(RUN).await.expect("memory does not fail");
            completed(&records).map(|record| record.path.clone()).collect()
        })
    }
}

/// The steps that have had an effect since.
///
/// # Errors
///
/// If one has had it again when it was recorded, or more often than processes were cut off.
fn ran(ledger: &Ledger, before: usize, cuts: usize) -> Result<BTreeSet<String>, String> {
    let (mut ran, mut recorded) = (BTreeMap::<String, usize>::new(), BTreeSet::new());
    for event in ledger.events().into_iter().skip(before) {
        match event {
            Event::Did(act) => {
                if recorded.contains(&act.path) {
                    return Err(format!("`{}` ran once more, though it was recorded", act.path));
                }
                let times = ran.entry(act.path.clone()).or_default();
                *times += 1;
                if *times > cuts + 1 {
                    return Err(format!("`{}` ran {times} times", act.path));
                }
            }
            Event::Recorded { path, .. } => _ = recorded.insert(path),
            _ => {}
        }
    }
    Ok(ran.into_keys().collect())
}

/// Whether exactly that has run again which was planned, and which the run with the new code does:
/// `did`.
fn right(plan: &RerunPlan, ran: &BTreeSet<String>, did: &BTreeSet<String>) -> Result<(), String> {
    if let Some(path) = plan.kept.iter().find(|path| ran.contains(*path)) {
        return Err(format!("`{path}` was to be kept, and ran again"));
    }
    let planned: BTreeSet<_> = plan.runs.iter().map(|step| &step.path).collect();
    // A step in an arm that is no longer chosen does not run, and neither does a call itself.
    if let Some(path) = planned.iter().find(|path| did.contains(**path) && !ran.contains(**path)) {
        return Err(format!("`{path}` was to run again, and did not"));
    }
    match ran.iter().find(|path| !did.contains(*path)) {
        Some(path) => Err(format!("`{path}` ran, which the new code does not run")),
        None => Ok(()),
    }
}

#[test]
fn run_again_from_each_step() {
    let (mut failures, mut count) = (Failures::default(), 0);
    for graph in COMPILED {
        if graph.expected(None).result.is_err() {
            continue;
        }
        let (mut dice, polls) = (Dice::new(graph.seed), graph.polls(None));
        for step in some(graph.recorded(), runs(20), graph.seed) {
            for cuts in [Vec::new(), chain(&mut dice, polls)] {
                match graph.check_rerun(&step, &cuts) {
                    Ok(could) => count += usize::from(could),
                    Err(failure) => {
                        let case = format!("graph {} from `{step}` with {cuts:?}", graph.seed);
                        failures.add(&case, &failure);
                    }
                }
            }
        }
    }
    println!("{count} runs");
    failures.panic_if_any();
    assert!(count > 0, "no run has run again");
}
