//! One graph, cut off as often as is asked for, and whether what has come of it is right.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use workflow_durable_tests::{Event, Ledger};
use workflow_journal::StoredState;

use super::context::Cx;
use super::{Compiled, Durable, Plain};
use crate::process::{Cut, Outside, in_virtual_time};

/// What a run has to come to.
pub(crate) struct Expected {
    pub(crate) result: Plain,
    /// The steps that have an effect.
    pub(crate) did: BTreeSet<String>,
}

/// One case.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// The path of the step that fails.
    pub(crate) failing: Option<String>,
    pub(crate) cuts: Vec<Cut>,
}

impl Compiled {
    /// What a plain run comes to.
    pub(crate) fn expected(&self, failing: Option<&str>) -> Expected {
        self.expected_with(failing, None)
    }

    /// The same with another code of a step.
    pub(super) fn expected_with(&self, failing: Option<&str>, mended: Option<&str>) -> Expected {
        in_virtual_time(async {
            let ledger = Arc::default();
            let cx = Cx::new(&ledger, failing).mended(mended);
            let result = (self.plain)(&cx).await;
            let did = checked(&ledger, 0).expect("a plain run does nothing twice");
            Expected { result, did }
        })
    }

    /// How often a durable run is polled that nothing cuts off.
    pub(crate) fn polls(&self, failing: Option<&str>) -> usize {
        in_virtual_time(async { self.process(&Outside::default(), failing, Cut::Never).await.1 })
    }

    pub(super) async fn process(
        &self,
        outside: &Outside,
        failing: Option<&str>,
        cut: Cut,
    ) -> (Option<Durable>, usize) {
        let cx = Cx::new(&outside.ledger, failing);
        outside.process(cut, &cx, self.durable).await
    }

    /// Runs a case, and checks it.
    pub(crate) fn check(&self, case: &Case, expected: &Expected) -> Result<(), String> {
        in_virtual_time(async {
            let outside = Outside::default();
            for cut in case.cuts.iter().copied().chain([Cut::Never]) {
                if outside.has_ended().await {
                    break;
                }
                self.process(&outside, case.failing.as_deref(), cut).await;
            }
            let stored = outside.run().await.ok_or("it is not stored")?;
            let did = checked(&outside.ledger, case.cuts.len())?;
            match &expected.result {
                Ok(value) => {
                    let outcome = Some(value.to_string());
                    if (stored.state, &stored.outcome) != (StoredState::Completed, &outcome) {
                        let came = (stored.state, stored.outcome);
                        return Err(format!("it came to {came:?}, and not to {value}"));
                    }
                    if did != expected.did {
                        return Err("it has done something else than a plain run".to_owned());
                    }
                }
                Err(fault) => {
                    let outcome = Some(fault.to_string());
                    if (stored.state, &stored.outcome) != (StoredState::Failed, &outcome) {
                        let came = (stored.state, stored.outcome);
                        return Err(format!("it came to {came:?}, and not to `{fault}`"));
                    }
                }
            }
            Ok(())
        })
    }
}

/// The steps that have had an effect.
///
/// # Errors
///
/// If one has had it again when it was recorded, or more often than processes were cut off.
fn checked(ledger: &Ledger, cuts: usize) -> Result<BTreeSet<String>, String> {
    let (mut did, mut recorded) = (BTreeMap::<String, usize>::new(), BTreeSet::new());
    for event in ledger.events() {
        match event {
            Event::Did(act) => {
                if recorded.contains(&act.path) {
                    return Err(format!("`{}` ran again, though it was recorded", act.path));
                }
                let times = did.entry(act.path.clone()).or_default();
                *times += 1;
                if *times > cuts + 1 {
                    return Err(format!("`{}` ran {times} times", act.path));
                }
            }
            Event::Recorded { path, .. } => {
                recorded.insert(path);
            }
            _ => {}
        }
    }
    Ok(did.into_keys().collect())
}
