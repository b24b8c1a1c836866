//! A process that stands still for longer than its lease, and then goes on.

use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use workflow_durable_tests::{Strike, Task, When};

use crate::checks::Whole;
use crate::process::{all, run, start, task, wait};
use crate::snapshot::Snapshot;

#[tokio::test]
async fn stopped_past_its_lease() {
    let (_folder, mut first) = task();
    first.cart.items = 5;
    let whole = Whole::of(&first).await;
    let calls = (2..=whole.calls).step_by(if all() { 1 } else { 3 });
    for when in calls.flat_map(|call| [When::Before(call), When::After(call)]) {
        // After its end it has no lease to lose.
        if when == When::After(whole.calls) {
            continue;
        }
        println!("stopped: {when:?}");
        let (_folder, mut task) = task();
        task.cart.items = 5;
        let stopped = start(&Task { strike: Some((Strike::Stop, when)), ..task.clone() });
        let pid = Pid::from_child(&stopped);
        let (_, status) = waitpid(Some(pid), WaitOptions::UNTRACED).unwrap().unwrap();
        assert!(status.stopped());

        // The other one waits for the end of the lease, and takes the run over.
        let taken_over = Snapshot::of(&task).await;
        let result = &run(&task)[0].result;
        let finished = Snapshot::of(&task).await;
        whole.check(&[taken_over], &finished, result);

        kill_process(pid, Signal::CONT).unwrap();
        let said = wait(stopped).expect("nobody kills it");
        match &said[0].result {
            // All that was left was to say how the run has ended, and that is so.
            Ok(output) => {
                assert_eq!(when, When::Before(whole.calls));
                assert_eq!(Ok(output), result.as_ref());
            }
            Err(error) => {
                // A request that was under way all the time has had no answer.
                let ends = ["the lease on run `one` is over", "run `one`: the store failed"];
                assert!(ends.iter().any(|end| error.starts_with(end)), "{error}");
            }
        }
        let mut now = Snapshot::of(&task).await;
        for late in now.log.drain(finished.log.len()..) {
            assert!(was_at_work(&late.path), "`{}` has begun without the lease", late.path);
        }
        assert_eq!(now, finished, "it has changed nothing");
    }
}

/// Whether the step can have been at work beside the one at whose record the process stopped:
/// what such a step does outside cannot be held up any more.
fn was_at_work(path: &str) -> bool {
    ["stock", "address"].contains(&path) || path.starts_with("boxes[")
}
