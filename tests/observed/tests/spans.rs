//! The tree of spans is what ran.

mod steps;

use std::time::Duration;

use futures_util::FutureExt;
use steps::{ShopError, act, count, explode, refuse, touch, undo, undo_in_vain};
use workflow_observed_tests::trace;
use workflow_runtime::{Recorder, Run, StepError, step, workflow};

workflow! {
    async fn linear() -> u64 {
        let a = count("a", 1).await;
        let b = count("b", a).await;
        b
    }

    async fn parallel() -> u64 {
        let a = count("a", 1).await;
        let b = count("b", 2).await;
        let c = count("c", 3).await;
        a + b + c
    }

    async fn diamond() -> u64 {
        let a = count("a", 1).await;
        let b = count("b", a).await;
        let c = count("c", a).await;
        let d = count("d", b + c).await;
        d
    }

    async fn conditional(amount: u64) -> u64 {
        let decision = if amount > 10 {
            count("review", 1).await
        } else {
            touch(2).await
        };
        decision
    }

    async fn pipeline(items: u64) -> usize {
        #[concurrency(2)]
        let pages = for item in 0..items {
            let fetched = count("fetched", item).await;
            let parsed = count("parsed", fetched).await;
            parsed
        };
        pages.len()
    }

    async fn outer() -> u64 {
        let sub = linear().await;
        let last = count("last", sub).await;
        last
    }
}

#[tokio::test]
async fn of_a_chain() {
    let trace = trace();
    trace.of(linear()).await;
    assert_eq!(
        trace.spans(),
        "workflow linear completed\n  step a completed\n  step b completed\n"
    );
    let step = trace.span("step", "a");
    assert_eq!(step.target, "workflow");
    assert_eq!(step.fields["workflow"], "linear");
    assert_eq!(step.fields["otel.name"], "a");
    assert!(!step.fields.contains_key("otel.status_code"));
    assert_eq!(trace.span("workflow", "linear").fields["otel.name"], "linear");
}

#[tokio::test]
async fn of_parallel_steps_and_a_diamond() {
    let trace = trace();
    trace.of(parallel()).await;
    trace.of(diamond()).await;
    assert_eq!(
        trace.spans(),
        "workflow parallel completed\n  step a completed\n  step b completed\n  step c completed\n\
         workflow diamond completed\n  step a completed\n  step b completed\n  step c completed\n  \
         step d completed\n"
    );
}

#[tokio::test]
async fn of_a_branch_is_the_arm_that_was_chosen() {
    let trace = trace();
    trace.of(conditional(20)).await;
    assert_eq!(trace.spans(), "workflow conditional completed\n  step decision.count completed\n");
    let skipped =
        "workflow conditional: DEBUG step skipped step=decision.touch workflow=conditional";
    assert!(trace.events().contains(&skipped.to_owned()), "{:?}", trace.events());
}

#[tokio::test]
async fn of_items() {
    let trace = trace();
    trace.of(pipeline(2)).await;
    assert_eq!(
        trace.spans(),
        "workflow pipeline completed\n  step pages[0].fetched completed\n  \
         step pages[0].parsed completed\n  step pages[1].fetched completed\n  \
         step pages[1].parsed completed\n"
    );
}

#[tokio::test]
async fn of_a_sub_workflow_is_under_the_step_that_calls_it() {
    let trace = trace();
    trace.of(outer()).await;
    let tree = "workflow outer completed\n  step sub completed\n    workflow linear completed\n      \
                step sub.a completed\n      step sub.b completed\n  step last completed\n";
    assert_eq!(trace.spans(), tree);
    assert_eq!(trace.span("step", "sub.a").fields["workflow"], "linear");

    // A run makes no difference, with observers or without.
    let recorder = Recorder::new();
    let observed = workflow_observed_tests::trace();
    observed.of(Run::new().observe(recorder.clone()).execute(outer())).await;
    assert_eq!(observed.spans(), tree);
    assert_eq!(recorder.completed_steps(), ["sub.a", "sub.b", "sub", "last"]);
}

#[step]
async fn by_hand() -> u64 {
    linear().await
}

workflow! {
    async fn around() -> u64 {
        let inner = by_hand().await;
        inner
    }
}

#[tokio::test]
async fn of_a_workflow_that_a_steps_own_code_calls_is_under_that_step() {
    let trace = trace();
    trace.of(around()).await;
    assert_eq!(
        trace.spans(),
        "workflow around completed\n  step inner completed\n    workflow linear completed\n      \
         step a completed\n      step b completed\n"
    );
}

#[tokio::test]
async fn of_a_single_step_is_there_with_a_run_alone() {
    let trace = trace();
    trace.of(count("alone", 1)).await;
    assert_eq!(trace.spans(), "");
    trace.of(Run::new().execute(count("alone", 1))).await;
    assert_eq!(trace.spans(), "step count completed\n");
}

#[derive(Debug)]
struct Busy;

#[step(retry(max_attempts = 3, backoff = exponential("10ms"), when = |_| true))]
async fn flaky(fails: &std::sync::atomic::AtomicU32) -> Result<u64, Busy> {
    let left = fails.fetch_update(
        std::sync::atomic::Ordering::Relaxed,
        std::sync::atomic::Ordering::Relaxed,
        |left| left.checked_sub(1),
    );
    if left.is_ok() { Err(Busy) } else { Ok(1) }
}

workflow! {
    async fn retrying(fails: &std::sync::atomic::AtomicU32) -> Result<u64, Busy> {
        let value = flaky(fails).await?;
        Ok(value)
    }
}

#[tokio::test(start_paused = true)]
async fn of_a_step_that_is_tried_again() {
    let trace = trace();
    trace.of(retrying(&2.into())).await.unwrap();
    assert_eq!(trace.spans(), "workflow retrying completed\n  step value completed attempt 3\n");
    assert_eq!(
        trace.events(),
        [
            "step value: WARN attempt failed, there will be another attempt=1 delay=10ms \
             error=Busy step=value workflow=retrying",
            "step value: WARN attempt failed, there will be another attempt=2 delay=20ms \
             error=Busy step=value workflow=retrying",
        ]
    );
}

#[step(retry(max_attempts = 3, backoff = exponential("60s"), when = |_| true), deadline = "1s")]
async fn hurried() -> Result<u64, StepError> {
    Err(StepError::retryable("busy"))
}

workflow! {
    async fn hurrying() -> Result<u64, StepError> {
        let value = hurried().await?;
        Ok(value)
    }
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_never_came_does_not_count() {
    let trace = trace();
    trace.of(hurrying()).await.unwrap_err();
    assert_eq!(trace.spans(), "workflow hurrying failed\n  step value failed\n");
}

workflow! {
    async fn selling(sells: bool) -> Result<u64, ShopError> {
        #[compensate(undo(&stock))]
        let stock = act("stock").await?;
        #[compensate(undo_in_vain(&payment))]
        let payment = act(stock).await?;
        #[after(payment)]
        let parcel = refuse(sells).await?;
        Ok(parcel)
    }

    async fn buying() -> Result<u64, ShopError> {
        #[compensate]
        let sold = selling(true).await?;
        #[after(sold)]
        let paid = refuse(false).await?;
        Ok(sold + paid)
    }
}

#[tokio::test]
async fn of_compensations() {
    let trace = trace();
    trace.of(selling(false)).await.unwrap_err();
    assert_eq!(
        trace.spans(),
        "workflow selling failed\n  step stock completed\n  step payment completed\n  \
         step parcel failed\n  compensation payment failed\n  compensation stock completed\n"
    );
    let failed = trace.span("step", "parcel");
    assert_eq!(failed.fields["otel.status_code"], "ERROR");
    assert_eq!(failed.fields["otel.status_description"], "refused");
    assert_eq!(failed.fields["error"], "refused");
    assert_eq!(trace.span("compensation", "stock").fields["otel.name"], "undo stock");
    assert_eq!(
        trace.events(),
        [
            "step parcel: WARN step failed attempts=1 error=refused retryable=false step=parcel \
             workflow=selling",
            "compensation payment: ERROR step could not be undone attempts=1 error=gone \
             step=payment workflow=selling",
            "compensation stock: INFO step undone attempts=1 step=stock workflow=selling",
            "workflow selling: ERROR workflow failed error=refused workflow=selling",
        ]
    );
}

/// The sub-workflow is over by then, and so is its span.
#[tokio::test]
async fn of_compensations_of_a_sub_workflow_that_had_completed() {
    let trace = trace();
    trace.of(buying()).await.unwrap_err();
    assert_eq!(
        trace.spans(),
        "workflow buying failed\n  step sold completed\n    workflow selling completed\n      \
         step sold.stock completed\n      step sold.payment completed\n      \
         step sold.parcel completed\n  step paid failed\n  compensation sold.payment failed\n  \
         compensation sold.stock completed\n"
    );
}

workflow! {
    #[on_failure(finish)]
    async fn finishing() -> Result<u64, ShopError> {
        let refused = refuse(false).await?;
        let slow = count("slow", 3).await;
        let never = count("never", refused + slow).await;
        Ok(never)
    }

    async fn stopping() -> Result<u64, ShopError> {
        let slow = count("slow", 3).await;
        let refused = refuse(false).await?;
        let never = count("never", refused + slow).await;
        Ok(never)
    }
}

#[tokio::test]
async fn of_a_failure() {
    let finished = trace();
    finished.of(finishing()).await.unwrap_err();
    assert_eq!(
        finished.spans(),
        "workflow finishing failed\n  step refused failed\n  step slow completed\n"
    );
    let stopped = trace();
    stopped.of(stopping()).await.unwrap_err();
    assert_eq!(
        stopped.spans(),
        "workflow stopping failed\n  step slow cancelled\n  step refused failed\n"
    );
    assert_eq!(
        stopped.events()[3..],
        [
            "step slow: DEBUG step cancelled step=slow workflow=stopping",
            "workflow stopping: DEBUG step skipped step=never workflow=stopping",
            "workflow stopping: ERROR workflow failed error=refused workflow=stopping",
        ]
    );
}

#[tokio::test]
async fn of_a_call_that_is_dropped() {
    let trace = trace();
    let mut call = Box::pin(trace.of(outer()));
    assert!((&mut call).now_or_never().is_none());
    assert!(trace.spans().contains("step sub open\n"));
    drop(call);
    assert_eq!(
        trace.spans(),
        "workflow outer cancelled\n  step sub cancelled\n    workflow linear cancelled\n      \
         step sub.a cancelled\n"
    );
}

workflow! {
    async fn exploding() -> u64 {
        let slow = count("slow", 3).await;
        let boom = explode().await;
        slow + boom
    }
}

#[tokio::test]
async fn of_a_panic() {
    let trace = trace();
    let call = std::panic::AssertUnwindSafe(trace.of(exploding()));
    assert!(call.catch_unwind().await.is_err());
    assert_eq!(
        trace.spans(),
        "workflow exploding panicked\n  step slow cancelled\n  step boom panicked\n"
    );
    assert_eq!(trace.span("step", "boom").fields["otel.status_code"], "ERROR");
    assert_eq!(tracing::Span::current().id(), None);
}

#[tokio::test(start_paused = true)]
async fn of_a_run_whose_time_is_up() {
    #[step]
    async fn forever() -> Result<u64, StepError> {
        std::future::pending().await
    }
    workflow! {
        async fn waiting() -> Result<u64, StepError> {
            let answer = forever().await?;
            Ok(answer)
        }
    }
    let trace = trace();
    let run = Run::new().deadline(Duration::from_secs(1));
    trace.of(run.execute(waiting())).await.unwrap_err();
    assert_eq!(trace.spans(), "workflow waiting cancelled\n  step answer cancelled\n");
}

/// A workflow's span closes when it returns, whoever keeps its future.
#[tokio::test]
async fn closes_when_the_workflow_is_over() {
    let trace = trace();
    let mut call = Box::pin(trace.of(linear()));
    (&mut call).await;
    let mut run = Box::pin(trace.of(Run::new().execute(linear())));
    (&mut run).await;
    assert!(!trace.spans().contains("open"), "{}", trace.spans());
}
