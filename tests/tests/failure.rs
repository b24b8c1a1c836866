//! Random workflows in which one step fails: the error is returned at that very moment,
//! nothing starts afterwards, and nothing is left running.

use proptest::prelude::*;
use proptest::sample::Index;
use workflow_tests::random::{check, for_each_workflow, interpret, run::run, tables};

/// How many runs of each workflow.
const RUNS: u32 = 50;

#[test]
fn stops_everything_at_the_first_failure() {
    let inputs = (any::<u64>(), any::<u64>(), tables(), any::<Index>());
    for_each_workflow(RUNS, &inputs, |workflow, (number, text, table, which)| {
        let model = workflow.model();
        let without = interpret(&model, number, text, &table, None);
        let can_fail = without.steps.iter().filter(|step| step.can_fail);
        let can_fail: Vec<_> = can_fail.filter_map(|step| step.key).collect();
        if can_fail.is_empty() {
            return Ok(());
        }
        let failing = Some(*which.get(&can_fail));
        let expected = interpret(&model, number, text, &table, failing);
        let observed = run(workflow, number, text, &table, failing);
        check(&expected, &observed)
    });
}
