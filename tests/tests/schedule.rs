//! Random workflows with random durations: each step starts when all that it names is
//! done and its branch is chosen, never later.

use proptest::prelude::*;
use workflow_tests::random::{check, for_each_workflow, interpret, run::run, tables};

/// How many runs of each workflow.
const RUNS: u32 = 20;

#[test]
fn runs_last_as_long_as_the_longest_path() {
    let inputs = (any::<u64>(), any::<u64>(), tables());
    for_each_workflow(RUNS, &inputs, |workflow, (number, text, table)| {
        let expected = interpret(&workflow.model(), number, text, &table, None);
        let observed = run(workflow, number, text, &table, None);
        check(&expected, &observed)
    });
}
