//! Each way in which a run can end, for each shape.

use std::collections::BTreeMap;

use tokio::runtime::Builder;
use workflow_durable_tests::Failures;
use workflow_journal::StoredState;

use crate::explore::Explorer;
use crate::scenario::{Case, Disturbance};
use crate::shapes::{self, Shape};
use crate::world::Mode;

const SHAPES: [&Shape; 15] = [
    &shapes::JOINED,
    &shapes::BOTH_UNDOABLE,
    &shapes::IN_SEQUENCES,
    &shapes::ITEMS,
    &shapes::LIMITED_ITEMS,
    &shapes::ITEMS_BESIDE,
    &shapes::IN_REGION,
    &shapes::IN_ARMS,
    &shapes::CALLED,
    &shapes::CALLED_LONG,
    &shapes::CALLED_AS_ONE,
    &shapes::CALLED_BARE,
    &shapes::CALLED_ELSEWHERE,
    &shapes::CALLED_BARE_ELSEWHERE,
    &shapes::IN_PARTS,
];

/// Tries all orders for all shapes. Each of the states is how some of the ways have to end, and
/// none ends in another one.
fn try_all(mode: Mode, disturbance: Disturbance, ends: &[StoredState]) {
    let mut failures = Failures::default();
    for shape in SHAPES {
        let case = Case { shape, mode, disturbance };
        let (mut explorer, mut ways, mut wrong) = (Explorer::new(), 0, 0);
        let mut ended = BTreeMap::new();
        loop {
            ways += 1;
            let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
            let runtime = runtime.expect("a runtime can be made");
            let failure = match runtime.block_on(case.run(&mut explorer)) {
                Ok(state) => {
                    *ended.entry(state.name()).or_insert(0) += 1;
                    let expected = ends.contains(&state);
                    (!expected).then(|| format!("it is {state:?}"))
                }
                Err(error) => Some(error),
            };
            if let Some(failure) = failure {
                wrong += 1;
                failures.add(&format!("{case:?}"), &failure);
            }
            if !explorer.next() {
                break;
            }
        }
        println!("{case:?}: {ways} ways, {wrong} of them wrong, {ended:?}");
        if wrong == 0 && ended.len() < ends.len() {
            failures.add(&format!("{case:?}"), &format!("it only ends as {ended:?}"));
        }
    }
    failures.panic_if_any();
}

#[test]
fn a_run_that_completes() {
    try_all(Mode::Completes, Disturbance::Nothing, &[StoredState::Completed]);
}

#[test]
fn a_step_fails() {
    try_all(Mode::Fails, Disturbance::Nothing, &[StoredState::Failed]);
}

#[test]
fn a_plain_value_fails() {
    try_all(Mode::FailsInPlainValue, Disturbance::Nothing, &[StoredState::Failed]);
}

#[test]
fn a_step_panics() {
    let ends = [StoredState::Completed, StoredState::Failed];
    try_all(Mode::Panics, Disturbance::Nothing, &ends);
}

#[test]
fn a_run_is_cancelled() {
    let ends = [StoredState::Completed, StoredState::Cancelled];
    try_all(Mode::Completes, Disturbance::Cancel, &ends);
}

#[test]
fn a_run_that_fails_is_cancelled() {
    let ends = [StoredState::Failed, StoredState::Cancelled];
    try_all(Mode::Fails, Disturbance::Cancel, &ends);
}

#[test]
fn a_process_is_killed() {
    try_all(Mode::Completes, Disturbance::Kill, &[StoredState::Completed]);
}

#[test]
fn a_process_whose_run_fails_is_killed() {
    try_all(Mode::Fails, Disturbance::Kill, &[StoredState::Failed]);
}

#[test]
fn a_process_whose_plain_value_fails_is_killed() {
    try_all(Mode::FailsInPlainValue, Disturbance::Kill, &[StoredState::Failed]);
}
