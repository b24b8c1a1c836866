//! Each step starts when all that it names is done and its branch is chosen, never later:
//! random workflows with random durations, and what such have not found.

use proptest::prelude::*;
use workflow_runtime::workflow;
use workflow_tests::random::context::{At, Cx, Fault, Key, Pace};
use workflow_tests::random::run::in_virtual_time;
use workflow_tests::random::steps::work;
use workflow_tests::random::{check, for_each_workflow, interpret, run::run, tables};

/// How many runs of each workflow.
const RUNS: u32 = 50;

#[test]
fn runs_last_as_long_as_the_longest_path() {
    let inputs = (any::<u64>(), any::<u64>(), tables());
    for_each_workflow(RUNS, &inputs, |workflow, (number, text, table)| {
        let expected = interpret(&workflow.model(), number, text, &table, None);
        let observed = run(workflow, number, text, &table, None);
        check(&expected, &observed)
    });
}

workflow! {
    /// One arm binds a name that the other uses from outside.
    async fn bound_in_one_arm(cx: &Cx<'_>, at: At, choice: Option<u64>) -> Result<u64, Fault> {
        let slow = work(cx, at, 0, ()).await?;
        let end = match choice {
            Some(slow) => work(cx, at, 1, slow).await?,
            None => work(cx, at, 2, slow).await?,
        };
        Ok(end ^ slow)
    }

    /// One arm is after a step that has the name of a function which both arms call.
    async fn after_a_function_in_one_arm(
        cx: &Cx<'_>,
        at: At,
        choice: Option<u64>,
    ) -> Result<u64, Fault> {
        work(cx, at, 0, ()).await?;
        let end = match choice {
            Some(number) => work(cx, at, 1, number).await?,
            None => {
                #[after(work)]
                let late = work(cx, at, 2, ()).await?;
                late
            }
        };
        Ok(end)
    }

    /// What names `first` needs it in one of its arms only, and can start before it.
    async fn needed_in_one_arm(cx: &Cx<'_>, at: At, choice: Option<u64>) -> Result<u64, Fault> {
        let slow = work(cx, at, 0, ()).await?;
        let end = {
            let first = work(cx, at, 2, slow).await?;
            let other = match choice {
                Some(number) => work(cx, at, 1, number).await?,
                None => first,
            };
            first ^ other
        };
        Ok(end)
    }

    /// Nobody needs `slow` in the block, as its branch is chosen.
    async fn needed_in_another_arm(cx: &Cx<'_>, at: At, choice: Option<u64>) -> Result<u64, Fault> {
        let slow = work(cx, at, 0, ()).await?;
        let block = {
            let own = work(cx, at, 1, ()).await?;
            match choice {
                Some(number) => work(cx, at, 3, (own, number)).await?,
                None => work(cx, at, 4, (own, slow)).await?,
            }
        };
        let end = work(cx, at, 2, block).await?;
        Ok(end ^ slow)
    }
}

/// The first step takes long.
fn pace(key: Key) -> Pace {
    Pace::Sleep(if key.id == 0 { 100 } else { 1 })
}

/// When the steps start, by their numbers.
async fn starts(cx: &Cx<'_>, call: impl Future<Output = Result<u64, Fault>>) -> Vec<(u32, u64)> {
    call.await.expect("no step fails");
    let mut starts: Vec<_> = cx.log().iter().map(|entry| (entry.key.id, entry.start)).collect();
    starts.sort_unstable();
    starts
}

#[test]
fn a_branch_waits_for_nothing_that_only_one_of_its_arms_needs() {
    let at = At::default();
    in_virtual_time(async {
        let cx = Cx::new(&pace, None);
        let starts = starts(&cx, bound_in_one_arm(&cx, at, Some(7))).await;
        assert_eq!(starts, [(0, 0), (1, 0)]);
    });
    in_virtual_time(async {
        let cx = Cx::new(&pace, None);
        let starts = starts(&cx, after_a_function_in_one_arm(&cx, at, Some(7))).await;
        assert_eq!(starts, [(0, 0), (1, 0)]);
    });
    in_virtual_time(async {
        let cx = Cx::new(&pace, None);
        let starts = starts(&cx, needed_in_one_arm(&cx, at, Some(7))).await;
        assert_eq!(starts, [(0, 0), (1, 0), (2, 100)]);
    });
    in_virtual_time(async {
        let cx = Cx::new(&pace, None);
        let starts = starts(&cx, needed_in_another_arm(&cx, at, Some(7))).await;
        assert_eq!(starts, [(0, 0), (1, 0), (2, 2), (3, 1)]);
    });
}
