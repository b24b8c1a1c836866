//! Steps that a run makes slower, in virtual time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::Instant;
use workflow_runtime::{EventKind, Recorder, Run, Step, StepError, TimedOut, step, workflow};

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

#[step]
async fn double(number: u64) -> u64 {
    number * 2
}

#[step(timeout = "100ms")]
async fn quick(number: u64) -> Result<u64, StepError> {
    Ok(number)
}

#[step(timeout = "100ms", spawn)]
async fn quick_task(number: u64) -> Result<u64, StepError> {
    Ok(number)
}

#[step(retry(max_attempts = 3, backoff = constant("10ms")))]
async fn third_time(tries: &AtomicU32) -> Result<u32, StepError> {
    match tries.fetch_add(1, Ordering::Relaxed) + 1 {
        3 => Ok(3),
        _ => Err(StepError::retryable("busy".to_owned())),
    }
}

#[step(retry(max_attempts = 3, backoff = constant("10ms")), timeout = "1s")]
async fn third_time_limited(tries: &AtomicU32) -> Result<u32, StepError> {
    match tries.fetch_add(1, Ordering::Relaxed) + 1 {
        3 => Ok(3),
        _ => Err(StepError::retryable("busy".to_owned())),
    }
}

workflow! {
    async fn both(number: u64) -> u64 {
        let left = double(number).await;
        let right = double(number).await;
        let sum = double(left + right).await;
        sum
    }

    async fn pages(count: u64) -> u64 {
        let pages = for page in 0..count {
            let fetched = double(page).await;
            let nested = both(fetched).await;
            nested
        };
        pages.iter().sum()
    }

    async fn limited(number: u64) -> Result<u64, StepError> {
        let quick = quick(number).await?;
        Ok(quick)
    }

    async fn limited_task(number: u64) -> Result<u64, StepError> {
        let quick = quick_task(number).await?;
        Ok(quick)
    }

    async fn retried(tries: &AtomicU32) -> Result<u32, StepError> {
        let third = third_time(tries).await?;
        Ok(third)
    }

    async fn retried_limited(tries: &AtomicU32) -> Result<u32, StepError> {
        let third = third_time_limited(tries).await?;
        Ok(third)
    }
}

/// How long the call takes.
async fn timed<S: Step>(run: Run, call: S) -> (Duration, S::Output) {
    let start = Instant::now();
    let output = run.execute(call).await;
    (start.elapsed(), output)
}

#[tokio::test(start_paused = true)]
async fn a_delay_is_the_time_of_its_step() {
    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone()).delay("left", ms(30)).delay("sum", ms(5));
    assert_eq!(timed(run, both(1)).await, (ms(35), 8));
    let durations = recorder.events().into_iter().filter_map(|event| match event.kind {
        EventKind::Completed { duration, .. } => Some((event.path.to_string(), duration)),
        _ => None,
    });
    let expected = [("right", 0), ("left", 30), ("sum", 5)];
    assert!(durations.eq(expected.map(|(path, millis)| (path.to_owned(), ms(millis)))));
}

#[tokio::test(start_paused = true)]
async fn the_last_delay_of_a_step_counts() {
    let run = Run::new().delay("left", ms(30)).delay("left", ms(20));
    assert_eq!(timed(run, both(1)).await, (ms(20), 8));
}

#[tokio::test(start_paused = true)]
async fn one_item_or_all_of_them() {
    let run = Run::new().delay("pages.fetched", ms(10)).delay("pages[1].fetched", ms(25));
    assert_eq!(timed(run, pages(3)).await.0, ms(25));
    let run = Run::new().delay("pages[7].fetched", ms(10));
    assert_eq!(timed(run, pages(3)).await.0, ms(0));
}

#[tokio::test(start_paused = true)]
async fn a_step_of_a_sub_workflow() {
    let run = Run::new().delay("pages.nested.left", ms(10)).delay("pages[2].nested.sum", ms(7));
    assert_eq!(timed(run, pages(3)).await.0, ms(17));
    let run = Run::new().delay("pages.nested", ms(10));
    assert_eq!(timed(run, pages(3)).await.0, ms(10));
}

#[tokio::test(start_paused = true)]
async fn a_single_step() {
    let run = Run::new().delay("double", ms(10));
    assert_eq!(timed(run, double(1)).await, (ms(10), 2));
    let run = Run::new().delay("quick", ms(10));
    let (duration, output) = timed(run, quick(1)).await;
    assert_eq!((duration, output.unwrap()), (ms(10), 1));
}

#[tokio::test(start_paused = true)]
async fn a_delayed_step_can_be_too_late() {
    for delay in [99, 101] {
        let here = timed(Run::new().delay("quick", ms(delay)), limited(1)).await;
        let task = timed(Run::new().delay("quick", ms(delay)), limited_task(1)).await;
        for (duration, output) in [here, task] {
            assert_eq!(duration, ms(delay.min(100)));
            assert_eq!(output.is_ok(), delay < 100);
        }
    }
}

#[derive(Debug, PartialEq)]
struct Late;

impl From<TimedOut> for Late {
    fn from(_: TimedOut) -> Self {
        Self
    }
}

#[step]
async fn fails_never() -> Result<u32, Late> {
    Ok(1)
}

#[tokio::test(start_paused = true)]
async fn a_run_can_pass_its_deadline() {
    let start = Instant::now();
    let run = Run::new().delay("fails_never", ms(100)).deadline(ms(60));
    assert_eq!(run.execute(fails_never()).await, Err(Late));
    assert_eq!(start.elapsed(), ms(60));
}

#[tokio::test(start_paused = true)]
async fn each_attempt_is_delayed() {
    let (duration, output) =
        timed(Run::new().delay("third", ms(100)), retried(&AtomicU32::new(0))).await;
    assert_eq!((duration, output.unwrap()), (ms(320), 3));
    let (duration, output) =
        timed(Run::new().delay("third", ms(100)), retried_limited(&AtomicU32::new(0))).await;
    assert_eq!((duration, output.unwrap()), (ms(320), 3));
}

/// What a run says of the delay of a step that there is not, before anything runs.
fn refused<S: Step>(path: &str, call: S) -> String {
    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone()).delay(path, ms(1));
    let panic = catch_unwind(AssertUnwindSafe(|| drop(run.execute(call)))).unwrap_err();
    assert!(recorder.events().is_empty());
    *panic.downcast::<String>().unwrap()
}

#[test]
fn an_unknown_path_is_refused_before_anything_runs() {
    assert_eq!(
        refused("lefft", both(1)),
        "a run cannot delay `lefft`: workflow `both` has no such step\n  \
         one with a similar name exists: `left`\n  \
         its steps: `left`, `right`, `sum`"
    );
    assert_eq!(
        refused("zzz", pages(1)),
        "a run cannot delay `zzz`: workflow `pages` has no such step\n  \
         its steps: `pages.fetched`, `pages.nested`"
    );
    assert_eq!(
        refused("", both(1)),
        "a run cannot delay ``: workflow `both` has no such step\n  \
         its steps: `left`, `right`, `sum`"
    );
}

#[test]
fn only_steps_can_be_delayed() {
    let expected = "a run cannot delay `pages[1]`: workflow `pages` has no step of that name, but \
                    steps in it: `pages.fetched`, `pages.nested`";
    assert_eq!(refused("pages[1]", pages(1)), expected);
    assert_eq!(refused("pages", pages(1)), expected.replace("[1]", ""));
    assert_eq!(
        refused("left[0]", both(1)),
        "a run cannot delay `left[0]`: workflow `both` has only one of it, which takes no index"
    );
    assert_eq!(
        refused("pages[x].fetched", pages(1)),
        "a run cannot delay `pages[x].fetched`: workflow `pages` has only one of it, which takes no \
         index"
    );
    assert_eq!(
        refused("trippel", double(1)),
        "a run cannot delay `trippel`: it executes the step `double` alone"
    );
}

#[tokio::test(start_paused = true)]
async fn a_sub_workflow_is_checked_when_it_starts() {
    let run = Run::new().delay("pages.nested.lefft", ms(1));
    let panic = AssertUnwindSafe(run.execute(pages(1))).catch_unwind().await.unwrap_err();
    assert_eq!(
        *panic.downcast::<String>().unwrap(),
        "a run cannot delay `lefft`: workflow `both` at `pages[0].nested` has no such step\n  \
         one with a similar name exists: `left`\n  \
         its steps: `left`, `right`, `sum`"
    );
    let run = Run::new().delay("left.inside", ms(1));
    let panic = AssertUnwindSafe(run.execute(both(1))).catch_unwind().await.unwrap_err();
    assert_eq!(
        *panic.downcast::<String>().unwrap(),
        "a run cannot delay `left.inside`: `left` is no workflow and has no steps"
    );
}
