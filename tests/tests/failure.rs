//! Random workflows in which one step fails. By default the error is returned at that very
//! moment, nothing starts afterwards, and nothing is left running. With
//! `#[on_failure(finish)]` nothing is dropped, and at least as much is done.

use proptest::prelude::*;
use proptest::sample::Index;
use workflow_runtime::EventKind;
use workflow_tests::random::run::{Observed, run};
use workflow_tests::random::{
    BORROWING, COMPILED, ENDING, FINISHING, check, for_each_of, for_each_workflow, interpret,
    tables,
};

/// How many runs of each workflow.
const RUNS: u32 = 50;

#[test]
fn stops_everything_at_the_first_failure() {
    let inputs = (any::<u64>(), any::<u64>(), tables(), any::<Index>());
    for_each_workflow(RUNS, &inputs, |workflow, (number, text, table, which)| {
        let model = workflow.model();
        let without = interpret(&model, number, text, &table, None);
        let can_fail = without.can_fail();
        if can_fail.is_empty() {
            return Ok(());
        }
        let failing = Some(*which.get(&can_fail));
        let expected = interpret(&model, number, text, &table, failing);
        let observed = run(workflow, number, text, &table, failing);
        check(&expected, &observed)
    });
}

#[test]
fn finishes_what_it_can_after_a_failure() {
    let inputs = (any::<u64>(), any::<u64>(), tables(), any::<Index>());
    for_each_of(FINISHING, RUNS, &inputs, |workflow, (number, text, table, which)| {
        let model = workflow.model();
        let without = interpret(&model, number, text, &table, None);
        check(&without, &run(workflow, number, text, &table, None))?;
        let can_fail = without.can_fail();
        if can_fail.is_empty() {
            return Ok(());
        }
        let failing = Some(*which.get(&can_fail));
        let cancelling = COMPILED.iter().find(|other| other.seed == workflow.seed);
        let cancelling = cancelling.expect("there is one of each seed");
        let cancelled = run(cancelling, number, text, &table, failing);
        let finished = run(workflow, number, text, &table, failing);
        if finished.result != cancelled.result {
            return Err(format!("{:?}, not {:?}", finished.result, cancelled.result));
        }
        if finished.end < cancelled.end || finished.live != 0 {
            return Err(format!("at {}, with {} left", finished.end, finished.live));
        }
        if finished.log.iter().any(|entry| entry.end.is_none()) {
            return Err("a step was dropped".to_owned());
        }
        let (less, more) = (completed(&cancelled), completed(&finished));
        match less.iter().find(|path| !more.contains(path)) {
            Some(path) => Err(format!("`{path}` has not completed")),
            None => Ok(()),
        }
    });
}

#[test]
fn lets_end_what_runs_and_starts_nothing_after_a_failure() {
    let inputs = (any::<u64>(), any::<u64>(), tables(), any::<Index>());
    for_each_of(ENDING, RUNS, &inputs, |workflow, (number, text, table, which)| {
        let model = workflow.model();
        let without = interpret(&model, number, text, &table, None);
        check(&without, &run(workflow, number, text, &table, None))?;
        let can_fail = without.can_fail();
        if can_fail.is_empty() {
            return Ok(());
        }
        let failing = Some(*which.get(&can_fail));
        let cancelled = interpret(&model, number, text, &table, failing);
        let ended = run(workflow, number, text, &table, failing);
        if ended.result != cancelled.result {
            return Err(format!("{:?}, not {:?}", ended.result, cancelled.result));
        }
        if ended.end < cancelled.end || ended.live != 0 {
            return Err(format!("at {}, with {} left", ended.end, ended.live));
        }
        if ended.log.iter().any(|entry| entry.end.is_none()) {
            return Err("a step was dropped".to_owned());
        }
        // A workflow that has failed inside another one ends later than its first failure.
        let alone = model.functions.len() == 1 && cancelled.result.is_err();
        match ended.log.iter().find(|entry| alone && entry.start > cancelled.end) {
            Some(entry) => Err(format!("{entry:?} has started after {}", cancelled.end)),
            None => Ok(()),
        }
    });
}

#[test]
fn values_may_borrow_from_each_other() {
    let inputs = (any::<u64>(), any::<u64>(), tables());
    for_each_of(BORROWING, RUNS, &inputs, |workflow, (number, text, table)| {
        let expected = interpret(&workflow.model(), number, text, &table, None);
        check(&expected, &run(workflow, number, text, &table, None))
    });
}

/// The paths of the steps that completed.
fn completed(observed: &Observed) -> Vec<String> {
    let events = observed.events.iter().map(|(_, event)| event);
    let completed = events.filter(|event| matches!(event.kind, EventKind::Completed { .. }));
    completed.map(|event| event.path.to_string()).collect()
}
