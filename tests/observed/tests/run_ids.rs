//! Spans and log lines of a durable run have its id.

mod steps;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use steps::{ShopError, refuse, touch};
use tokio::time::timeout;
use tracing::Dispatch;
use tracing::instrument::WithSubscriber;
use tracing::subscriber::NoSubscriber;
use workflow_observed_tests::{Trace, trace};
use workflow_runtime::{
    Journal, Run, StepError, idempotency_key, run_id, signal, step, step_path, workflow,
};

#[step]
async fn release(_stock: &u64) {}

#[step]
async fn release_in_vain(_note: &u64) -> Result<(), ShopError> {
    Err(ShopError("gone"))
}

workflow! {
    async fn inner(item: u64) -> u64 {
        let deep = touch(item).await;
        deep
    }

    #[durable]
    async fn buy() -> Result<u64, ShopError> {
        #[compensate(release(&stock))]
        let stock = touch(1).await;
        #[after(stock)]
        #[compensate(release_in_vain(&note))]
        let note = touch(2).await;
        #[after(note)]
        let items = for item in [3_u64, 4] {
            let sub = inner(item).await;
            sub
        };
        #[after(items)]
        let refused = refuse(false).await?;
        Ok(refused)
    }
}

const SPANS: [(&str, &str); 9] = [
    ("workflow", "buy"),
    ("workflow", "inner"),
    ("step", "stock"),
    ("step", "note"),
    ("step", "items[0].sub"),
    ("step", "items[1].sub.deep"),
    ("step", "refused"),
    ("compensation", "stock"),
    ("compensation", "note"),
];

fn ids(trace: &Trace) -> Vec<Option<String>> {
    let span = |(name, of): (&str, &str)| trace.span(name, of).fields.get("run_id").cloned();
    SPANS.into_iter().map(span).collect()
}

#[tokio::test]
async fn all_spans_have_it() {
    let trace = trace();
    trace.of(async { Journal::memory().run("cart-7", buy()).await }).await.unwrap_err();
    assert_eq!(ids(&trace), vec![Some("cart-7".to_owned()); SPANS.len()]);
}

#[tokio::test]
async fn a_run_without_a_journal_has_none() {
    for run in [false, true] {
        let trace = trace();
        let call = buy();
        trace
            .of(async { if run { Run::new().execute(call).await } else { call.await } })
            .await
            .unwrap_err();
        assert_eq!(ids(&trace), vec![None; SPANS.len()]);
        assert!(trace.events().iter().all(|event| !event.contains("run_id")));
    }
}

#[tokio::test]
async fn all_log_lines_have_it() {
    let trace = trace();
    trace.of(async { Journal::memory().run("cart-7", buy()).await }).await.unwrap_err();
    let events = trace.events();
    for message in ["step failed", "step undone", "step could not be undone", "workflow failed"] {
        let of = |event: &&String| event.contains(message);
        let event = events.iter().find(of).unwrap_or_else(|| panic!("{message}: {events:?}"));
        assert!(event.contains(" run_id=cart-7"), "{event}");
    }
}

/// What a workflow sees that a step's own code calls: the id, and the key.
type Within = (Option<String>, String);

#[step]
async fn look() -> Within {
    (run_id().map(|id| id.to_string()), idempotency_key())
}

workflow! {
    async fn called() -> Within {
        let seen = look().await;
        seen
    }

    #[durable]
    async fn calls() -> Result<Vec<Within>, StepError> {
        let first = call().await;
        let second = call().await;
        let third = call_by_another().await;
        Ok(vec![first, second, third])
    }
}

#[step]
async fn call() -> Within {
    called().await
}

/// A step with attempts of its own does not take those of its caller, nor its key.
#[step(retry(max_attempts = 2, backoff = none))]
async fn call_again() -> Result<Within, StepError> {
    Ok(called().await)
}

#[step]
async fn call_by_another() -> Within {
    call_again().await.unwrap_or_default()
}

fn assert_within(seen: &[Within]) {
    let [first, second, (id, key)] = seen else { panic!("{seen:?}") };
    for (step, seen) in [("first", first), ("second", second)] {
        assert_eq!(*seen, (Some("one".to_owned()), format!("one/{step}")));
    }
    assert_eq!(id.as_deref(), Some("one"));
    assert!(!key.starts_with("one/"), "it is a key of no step: {key}");
}

#[tokio::test]
async fn a_subscriber_changes_nothing_of_what_a_step_s_own_code_sees() {
    let call = async || Journal::memory().run("one", calls()).await.unwrap();
    let trace = trace();
    assert_within(&trace.of(call()).await);
    assert_eq!(trace.span("workflow", "called").fields["run_id"], "one");

    let nobody = Dispatch::new(NoSubscriber::new());
    assert_within(&call().with_subscriber(nobody).await);
}

#[step(retry(max_attempts = 3, backoff = none))]
async fn charge(begun: &AtomicU32) -> Result<String, StepError> {
    match begun.fetch_add(1, Ordering::Relaxed) {
        0 => Err(StepError::retryable("busy")),
        1 => std::future::pending().await,
        _ => Ok(step_path().map(|path| path.to_string()).unwrap_or_default()),
    }
}

workflow! {
    #[durable]
    async fn pay(begun: &AtomicU32) -> Result<String, StepError> {
        let before = touch(1).await;
        #[after(before)]
        let payment = charge(begun).await?;
        Ok(payment)
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_that_goes_on_has_it_again_and_its_attempts_go_on() {
    let (journal, begun) = (Journal::memory(), AtomicU32::new(0));
    let first = trace();
    first
        .of(async { timeout(Duration::from_secs(1), journal.run("one", pay(&begun))).await })
        .await
        .unwrap_err();
    assert_eq!(first.span("step", "payment").fields["attempt"], "2");
    assert_eq!(first.span("step", "payment").fields["outcome"], "cancelled");

    let second = trace();
    let paid = second.of(async { journal.run("one", pay(&begun)).await }).await.unwrap();
    assert_eq!(paid, "payment");
    assert_eq!(
        second.events()[0],
        "workflow pay: DEBUG step replayed run_id=one step=before workflow=pay"
    );
    let span = second.span("step", "payment");
    assert_eq!((&*span.fields["run_id"], &*span.fields["attempt"]), ("one", "2"));
}

workflow! {
    #[durable]
    async fn wait() -> Result<u32, StepError> {
        let approval = signal::<u32>("approval").await?;
        Ok(approval)
    }
}

#[tokio::test(start_paused = true)]
async fn a_signal_that_is_refused_is_logged() {
    let (journal, trace) = (Journal::memory(), trace());
    journal.signal("one", "approval", "yes").await.unwrap();
    let cut_off = async { timeout(Duration::from_secs(1), journal.run("one", wait())).await };
    trace.of(cut_off).await.unwrap_err();
    let told = &trace.events()[0];
    assert!(
        told.starts_with("step approval: WARN signal cannot be read, the step waits on"),
        "{told}"
    );
    assert!(told.contains(" run_id=one ") && told.contains(" signal=approval "), "{told}");
}
