//! One saga, cut off as often as is asked for, and whether what has come of it is right.

use std::collections::BTreeSet;
use std::sync::Arc;

use workflow_durable_tests::{Audit, Event, Ledger};
use workflow_journal::StoredState;

use super::context::{Cx, Done, Faults};
use super::{Compiled, Durable, Known, Plain};
use crate::process::{Cut, Outside, in_virtual_time};

/// What a run has to come to.
pub(crate) struct Expected {
    pub(crate) result: Plain,
    did: BTreeSet<String>,
}

/// One case.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    pub(crate) faults: Faults,
    /// The processes that are cut off.
    pub(crate) cuts: Vec<Cut>,
    /// Those that are cut off when the run goes forward again after its failure.
    pub(crate) again: Vec<Cut>,
}

/// The steps that have had an effect.
fn did(ledger: &Ledger) -> BTreeSet<String> {
    let events = ledger.events().into_iter();
    let did = events.filter_map(|event| match event {
        Event::Did(act) => Some(act.path),
        _ => None,
    });
    did.collect()
}

impl Compiled {
    /// What a plain run comes to.
    pub(crate) fn expected(&self, faults: &Faults) -> Expected {
        in_virtual_time(async {
            let ledger = Arc::default();
            let cx = Cx::new(&ledger, faults, false);
            let result = (self.plain)(&cx).await;
            Expected { result, did: did(&ledger) }
        })
    }

    /// How often a durable run is polled that nothing cuts off.
    pub(crate) fn polls(&self, faults: &Faults) -> usize {
        in_virtual_time(async {
            let outside = Outside::default();
            self.process(&outside, faults, Cut::Never).await.1
        })
    }

    async fn process(
        &self,
        outside: &Outside,
        faults: &Faults,
        cut: Cut,
    ) -> (Option<Durable>, usize) {
        let resumes = outside.run().await.is_some();
        let cx = Cx::new(&outside.ledger, faults, resumes);
        outside.process(cut, &cx, self.durable).await
    }

    /// Runs a case, and checks it.
    pub(crate) fn check(
        &self,
        known: &Known,
        case: &Case,
        expected: &Expected,
        whole: &Expected,
    ) -> Result<(), String> {
        in_virtual_time(async {
            let outside = Outside::default();
            self.run(&outside, &case.faults, &case.cuts).await?;
            let events = || outside.ledger.events();
            let stored = outside.run().await.ok_or("it is not stored")?;
            let failed = matches!(stored.state, StoredState::Failed | StoredState::UndoFailed);
            if failed == expected.result.is_ok() {
                return Err(format!("it is {:?}, not {:?}", stored.state, expected.result));
            }
            Audit::check(&known.rules, &events(), stored.state)?;
            if let Err(fault) = &expected.result {
                if stored.outcome != Some(fault.to_string()) {
                    return Err(format!("its outcome is {:?}, not `{fault}`", stored.outcome));
                }
                self.go_forward(&outside, &case.again).await?;
                let stored = outside.run().await.ok_or("it is not stored")?;
                Audit::check(&known.rules, &events(), stored.state)
                    .map_err(|error| format!("forward again: {error}"))?;
            }
            let stored = outside.run().await.ok_or("it is not stored")?;
            let outcome = stored.outcome.unwrap_or_default();
            let output: Done = serde_json::from_str(&outcome)
                .map_err(|error| format!("its outcome `{outcome}` cannot be read: {error}"))?;
            let value = whole.result.as_ref().expect("nothing fails").value;
            if output.value != value {
                return Err("it came to another value than a plain run".to_owned());
            }
            if did(&outside.ledger) != whole.did {
                return Err("it has done something else than a plain run".to_owned());
            }
            Ok(())
        })
    }

    /// Runs until it has ended.
    async fn run(&self, outside: &Outside, faults: &Faults, cuts: &[Cut]) -> Result<(), String> {
        for cut in cuts.iter().copied().chain([Cut::Never]) {
            if outside.has_ended().await {
                // To run it once more would go on from its failure.
                return Ok(());
            }
            if let (Some(result), _) = self.process(outside, faults, cut).await {
                return match result {
                    _ if outside.has_ended().await => Ok(()),
                    result => Err(format!("it came to {result:?}, and has not ended")),
                };
            }
        }
        unreachable!("the last one is not cut off")
    }

    /// Lets a run that has failed go forward, now that nothing fails.
    async fn go_forward(&self, outside: &Outside, cuts: &[Cut]) -> Result<(), String> {
        // What could not be undone may be tried again before it goes forward; and a process that
        // dies before it has begun to may leave a run that has failed as it was.
        for cuts in [cuts, &[], &[]] {
            outside.ledger.cut();
            outside.retry().await;
            self.run(outside, &Faults::default(), cuts).await?;
            if outside.run().await.is_some_and(|run| run.state == StoredState::Completed) {
                return Ok(());
            }
        }
        Err("nothing fails any more, and it does not complete".to_owned())
    }
}
