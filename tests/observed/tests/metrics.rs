//! What the observer counts, as the facade's own recorder has it.

// Counts are whole numbers.
#![allow(clippy::cast_precision_loss, clippy::float_cmp)]

use std::collections::BTreeMap;

use futures_util::FutureExt;
use metrics::set_default_local_recorder;
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use workflow_runtime::{Metrics, Run, StepError, step, workflow};

#[step]
async fn fetch(page: u32) -> Result<u32, StepError> {
    tokio::task::yield_now().await;
    if page == 13 { Err(StepError::permanent("unlucky")) } else { Ok(page) }
}

#[step(retry(max_attempts = 3, backoff = exponential("10ms")))]
async fn flaky(fails: bool) -> Result<u32, StepError> {
    if fails { Err(StepError::retryable("busy")) } else { Ok(1) }
}

#[step]
async fn undo(_page: &u32) -> Result<(), StepError> {
    Err(StepError::permanent("gone"))
}

#[step]
async fn forget(_page: &u32) {}

workflow! {
    async fn inner(page: u32) -> Result<u32, StepError> {
        let fetched = fetch(page).await?;
        Ok(fetched)
    }

    async fn outer(last: u32, fails: bool) -> Result<u32, StepError> {
        let pages = for page in 10..last {
            let read = inner(page).await?;
            read
        };
        let sum = flaky(fails).await?;
        Ok(sum + pages.iter().sum::<u32>())
    }

    async fn undone() -> Result<u32, StepError> {
        #[compensate(forget(&first))]
        let first = fetch(1).await?;
        #[compensate(undo(&second))]
        let second = fetch(first).await?;
        let third = fetch(second + 12).await?;
        Ok(third)
    }
}

/// Each metric with its labels and its value; of a histogram, how many values it has.
fn numbers(snapshotter: &Snapshotter) -> BTreeMap<String, f64> {
    let lines = snapshotter.snapshot().into_vec().into_iter().map(|(key, unit, text, value)| {
        assert!(unit.is_some() && text.is_some(), "{key:?} is described");
        let labels: Vec<_> =
            key.key().labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        let name = format!("{} {}", key.key().name(), labels.join(" "));
        let value = match value {
            DebugValue::Counter(count) => count as f64,
            DebugValue::Gauge(value) => value.into_inner(),
            DebugValue::Histogram(values) => values.len() as f64,
        };
        (name, value)
    });
    lines.collect()
}

fn lines(numbers: &BTreeMap<String, f64>) -> Vec<String> {
    numbers.iter().map(|(name, value)| format!("{name} {value}")).collect()
}

#[tokio::test(start_paused = true)]
async fn runs_and_steps_are_counted_by_their_declarations() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _installed = set_default_local_recorder(&recorder);
    let run = || Run::new().observe(Metrics::new());
    run().execute(outer(12, false)).await.unwrap();
    run().execute(outer(12, true)).await.unwrap_err();
    run().execute(outer(15, false)).await.unwrap_err();
    assert_eq!(
        lines(&numbers(&snapshotter)),
        [
            "workflow_runs_in_flight workflow=outer 0",
            "workflow_runs_total workflow=outer outcome=completed 1",
            "workflow_runs_total workflow=outer outcome=failed 2",
            "workflow_step_attempts_total workflow=inner step=fetched 9",
            "workflow_step_attempts_total workflow=outer step=pages.read 9",
            "workflow_step_attempts_total workflow=outer step=sum 5",
            "workflow_step_duration_seconds workflow=inner step=fetched outcome=completed 7",
            "workflow_step_duration_seconds workflow=inner step=fetched outcome=failed 1",
            "workflow_step_duration_seconds workflow=outer step=pages.read outcome=completed 7",
            "workflow_step_duration_seconds workflow=outer step=pages.read outcome=failed 1",
            "workflow_step_duration_seconds workflow=outer step=sum outcome=completed 2",
            "workflow_step_duration_seconds workflow=outer step=sum outcome=failed 1",
            "workflow_step_failures_total workflow=inner step=fetched 1",
            "workflow_step_failures_total workflow=outer step=pages.read 1",
            "workflow_step_failures_total workflow=outer step=sum 1",
        ]
    );
}

#[tokio::test]
async fn a_run_that_is_dropped_is_no_longer_in_flight() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _installed = set_default_local_recorder(&recorder);
    let metrics = Metrics::new();
    let run = || Run::new().observe(metrics.clone());
    let mut calls = Vec::new();
    for _ in 0..3 {
        let mut call = Box::pin(run().execute(outer(12, false)));
        assert!((&mut call).now_or_never().is_none());
        calls.push(call);
    }
    let mut single = Box::pin(run().execute(fetch(1)));
    assert!((&mut single).now_or_never().is_none());
    // By how much it has changed since it was looked at.
    let in_flight = || {
        let numbers = numbers(&snapshotter);
        ["outer", "fetch"].map(|name| numbers[&format!("workflow_runs_in_flight workflow={name}")])
    };
    assert_eq!(in_flight(), [3.0, 1.0]);
    drop(calls);
    assert_eq!(in_flight(), [-3.0, 0.0]);
    single.await.unwrap();
    assert_eq!(in_flight(), [0.0, -1.0]);
}

#[tokio::test]
async fn outcomes_of_dropped_and_single_calls() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _installed = set_default_local_recorder(&recorder);
    let run = || Run::new().observe(Metrics::new());
    assert!(run().execute(outer(12, false)).now_or_never().is_none());
    run().execute(fetch(13)).await.unwrap_err();
    run().execute(undone()).await.unwrap_err();
    let numbers = numbers(&snapshotter);
    for line in [
        "workflow_runs_total workflow=outer outcome=cancelled",
        "workflow_runs_total workflow=fetch outcome=failed",
        "workflow_step_failures_total workflow=fetch step=fetch",
        "workflow_compensations_total workflow=undone step=first outcome=completed",
        "workflow_compensations_total workflow=undone step=second outcome=failed",
    ] {
        assert_eq!(numbers[line], 1.0, "{line}: {numbers:?}");
    }
    assert_eq!(numbers["workflow_step_attempts_total workflow=inner step=fetched"], 2.0);
}
