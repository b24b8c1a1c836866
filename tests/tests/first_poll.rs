//! Observed runs in which something fails in the first poll, so that some of the workflow's first
//! steps never start. A run must not take that for a call that was polled before.

use std::time::Duration;

use tokio::time::sleep;
use workflow_runtime::{Recorder, Run, Step, step, workflow};

type Outcome = Result<u32, String>;

#[step]
async fn quick(n: u32) -> Outcome {
    Ok(n)
}

#[step]
async fn fail(n: &u32) -> Outcome {
    Err(format!("failed {n}"))
}

#[step]
async fn slow(n: u32) -> Outcome {
    sleep(Duration::from_secs(1)).await;
    Ok(n)
}

#[step]
async fn found(n: u32) -> Option<u32> {
    (n > 1).then_some(n)
}

#[step]
async fn undo(_: &u32) {
    sleep(Duration::from_secs(1)).await;
}

workflow! {
    async fn undone() -> Outcome {
        #[compensate(undo(&done))]
        let done = quick(1).await?;
        let failed = fail(&done).await?;
        let never = quick(2).await?;
        Ok(failed + never)
    }

    async fn optional(n: u32) -> Option<u32> {
        let none = found(n).await?;
        let never = found(2).await?;
        Some(none + never)
    }

    async fn optional_undone(n: u32) -> Option<u32> {
        #[compensate(undo(&done))]
        let done = found(2).await?;
        let none = found(n - done).await?;
        let never = found(2).await?;
        Some(none + never)
    }

    async fn value(text: &str) -> Outcome {
        let number = text.parse::<u32>().map_err(|error| error.to_string())?;
        let never = quick(2).await?;
        Ok(number + never)
    }

    async fn calls(n: u32) -> Outcome {
        #[compensate]
        let inner = undone().await?;
        let beside = slow(n).await?;
        Ok(inner + beside)
    }

    async fn undoes() -> Outcome {
        #[compensate(undo(&done))]
        let done = slow(1).await?;
        Ok(done)
    }

    /// The call is kept, and never polled.
    async fn behind(n: u32) -> Outcome {
        let failed = fail(&n).await?;
        #[compensate]
        let never = undoes().await?;
        Ok(failed + never)
    }

    #[on_failure(drain)]
    async fn drained(n: u32) -> Outcome {
        let running = slow(n).await?;
        let failed = fail(&n).await?;
        let never = quick(2).await?;
        Ok(running + failed + never)
    }

    #[on_failure(drain)]
    async fn drained_region(n: u32) -> Outcome {
        let running = slow(n).await?;
        let failed = fail(&n).await?;
        let never = quick(2).await?;
        let first = slow(running + failed).await?;
        let second = slow(failed + never).await?;
        Ok(first + second)
    }

    #[on_failure(drain)]
    async fn drained_value(text: &str) -> Outcome {
        let number = text.parse::<u32>().map_err(|error| error.to_string())?;
        let never = slow(1).await?;
        Ok(number + never)
    }

    #[on_failure(drain)]
    async fn drained_items(n: u32) -> Outcome {
        let running = slow(n).await?;
        let all = for item in 0..n { fail(&item).await? };
        let never = quick(2).await?;
        Ok(running + never + all.iter().sum::<u32>())
    }

    #[on_failure(finish)]
    async fn finished(n: u32) -> Outcome {
        let failed = fail(&n).await?;
        let running = slow(n).await?;
        let quick = quick(2).await?;
        Ok(failed + running + quick)
    }
}

/// What a run comes to, with the steps that never started.
async fn observed<T>(call: impl Step<Output = T>) -> (T, Vec<String>) {
    let recorder = Recorder::new();
    let output = Run::new().observe(recorder.clone()).execute(call).await;
    (output, recorder.skipped_steps())
}

fn failed(text: &str, never: &[&str]) -> (Outcome, Vec<String>) {
    (Err(text.to_owned()), never.iter().copied().map(str::to_owned).collect())
}

#[tokio::test(start_paused = true)]
async fn a_failure_in_the_first_poll_is_a_failure() {
    assert_eq!(observed(undone()).await, failed("failed 1", &["never"]));
    assert_eq!(observed(value("x")).await.0, Err("invalid digit found in string".to_owned()));
    assert_eq!(observed(calls(1)).await.0, Err("failed 1".to_owned()));
    assert_eq!(observed(behind(1)).await.0, Err("failed 1".to_owned()));
    assert_eq!(observed(finished(1)).await, failed("failed 1", &[]));
}

#[tokio::test(start_paused = true)]
async fn nothing_in_the_first_poll_is_a_failure_too() {
    assert_eq!(observed(optional(1)).await, (None, vec!["never".to_owned()]));
    assert_eq!(observed(optional_undone(3)).await, (None, vec!["never".to_owned()]));
    assert_eq!(observed(optional(2)).await, (Some(4), Vec::new()));
}

#[tokio::test(start_paused = true)]
async fn what_is_drained_in_the_first_poll_is_skipped() {
    assert_eq!(observed(drained(1)).await, failed("failed 1", &["never"]));
    let never = ["never", "first", "second"];
    assert_eq!(observed(drained_region(1)).await, failed("failed 1", &never));
    assert_eq!(observed(drained_value("x")).await.1, ["never"]);
    let (output, skipped) = observed(drained_items(2)).await;
    assert_eq!(output, Err("failed 0".to_owned()));
    assert_eq!(skipped, ["all[1].fail", "never"]);
}
