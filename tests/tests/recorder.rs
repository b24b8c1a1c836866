//! What a recorder's assertions take, and what they say when they fail.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use tokio::time::sleep;
use workflow_runtime::{Recorder, Run, Step, step, workflow};

#[step]
async fn analyze(amount: u32) -> u32 {
    sleep(Duration::from_millis(10)).await;
    amount
}

#[step]
async fn approve(amount: u32) -> Result<u32, String> {
    sleep(Duration::from_millis(5)).await;
    if amount == 13 { Err("unlucky".to_owned()) } else { Ok(amount) }
}

#[step]
async fn manual_review(amount: u32) -> u32 {
    amount
}

#[step]
async fn withdraw(_risk: &u32) -> Result<(), String> {
    Ok(())
}

workflow! {
    async fn decide(amount: u32) -> Result<u32, String> {
        #[compensate(withdraw(&risk))]
        let risk = analyze(amount).await;
        let decision = if risk > 100 {
            manual_review(risk).await
        } else {
            approve(risk).await?
        };
        let pages = for page in 0..2_u32 {
            let fetched = analyze(page + decision).await;
            fetched
        };
        Ok(pages.iter().sum())
    }
}

async fn record<S: Step>(call: S) -> Recorder {
    let recorder = Recorder::new();
    Run::new().observe(recorder.clone()).execute(call).await;
    recorder
}

/// What the assertion says.
fn failure(assertion: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(assertion)).expect_err("it should fail");
    *panic.downcast::<String>().expect("a text")
}

fn first_line(assertion: impl FnOnce()) -> String {
    failure(assertion).lines().next().unwrap_or_default().to_owned()
}

#[tokio::test(start_paused = true)]
async fn assertions_take_any_list_of_paths() {
    let recorder = record(decide(20)).await;
    recorder.assert_ran(["risk", "decision.approve"]);
    recorder.assert_ran(&["risk", "decision.approve"][..]);
    recorder.assert_ran(vec!["pages[1].fetched".to_owned()]);
    recorder.assert_ran((0..2).map(|page| format!("pages[{page}].fetched")));
    recorder.assert_not_run(["decision.manual_review"]);
    recorder.assert_order("risk", "decision.approve");
    recorder.assert_order("decision.approve", "pages[0].fetched");
    assert!(!recorder.compensated("risk"));
}

#[tokio::test(start_paused = true)]
async fn a_failure_says_what_did_happen() {
    let recorder = record(decide(13)).await;
    recorder.assert_compensated(["risk"]);
    assert!(recorder.compensated("risk"));
    let text = failure(|| recorder.assert_ran(["risk", "decision.approve", "pages.fetched"]));
    assert_eq!(
        text,
        "`decision.approve` should have completed, but it failed: unlucky\n\
         `pages.fetched` should have completed, but it was skipped\n\
         \n\
         decide failed after 15 ms: unlucky\n\
         \u{20} risk                    ✓ completed  0 ms to 10 ms   undone\n\
         \u{20} decision.manual_review  – skipped\n\
         \u{20} decision.approve        ✗ failed     10 ms to 15 ms\n\
         \u{20} pages.fetched           – skipped"
    );
    assert_eq!(
        first_line(|| recorder.assert_compensated(["decision.approve"])),
        "`decision.approve` should have been undone, but it failed: unlucky"
    );
}

#[tokio::test(start_paused = true)]
async fn a_step_that_should_not_have_run_is_named() {
    let recorder = record(decide(20)).await;
    assert_eq!(
        first_line(|| recorder.assert_not_run(["decision.manual_review", "risk"])),
        "`risk` should not have run, but it completed"
    );
    // Without the position it means every item.
    assert_eq!(
        first_line(|| recorder.assert_not_run(["pages.fetched"])),
        "`pages[0].fetched` should not have run, but it completed"
    );
    assert_eq!(
        first_line(|| recorder.assert_ran(["pages[7].fetched"])),
        "`pages[7].fetched` should have completed, but it did not start"
    );
}

#[tokio::test(start_paused = true)]
async fn a_wrong_order_is_told_with_its_times() {
    let recorder = record(decide(20)).await;
    assert_eq!(
        first_line(|| recorder.assert_order("decision.approve", "risk")),
        "`risk` started (at 0 ms) before `decision.approve` was done (at 15 ms)"
    );
    assert_eq!(
        first_line(|| recorder.assert_order("risk", "decision.manual_review")),
        "`decision.manual_review` should have started, but it was skipped"
    );
}

#[tokio::test(start_paused = true)]
async fn a_path_that_no_graph_has_is_no_step_that_did_not_run() {
    let recorder = record(decide(20)).await;
    assert_eq!(
        first_line(|| recorder.assert_not_run(["decision.manual_reveiw"])),
        "no step has the path `decision.manual_reveiw`; there is `decision.manual_review`"
    );
    assert_eq!(
        first_line(|| recorder.assert_not_run(["manual_review"])),
        "no step has the path `manual_review`; there is `decision.manual_review`"
    );
    assert_eq!(
        first_line(|| recorder.assert_order("risk", "payment_of_taxes")),
        "no step has the path `payment_of_taxes`"
    );
    assert_eq!(
        failure(|| Recorder::new().assert_not_run(["risk"])),
        "no step has the path `risk`\n\
         nothing has been recorded: was the recorder given to the run?"
    );
}
