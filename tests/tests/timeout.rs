//! Steps and runs with limits of time, in virtual time.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::{Instant, sleep};
use workflow_runtime::{EventKind, Recorder, Run, StepError, TimedOut, Transient, step, workflow};

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

#[derive(Debug, Clone, PartialEq)]
enum Failed {
    Busy,
    TimedOut(TimedOut),
}

impl From<TimedOut> for Failed {
    fn from(error: TimedOut) -> Self {
        Self::TimedOut(error)
    }
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Busy => f.write_str("busy"),
            Self::TimedOut(error) => error.fmt(f),
        }
    }
}

impl Transient for Failed {
    // Not even a time-out: that it is retryable is not the error's affair.
    fn is_transient(&self) -> bool {
        *self == Self::Busy
    }

    fn retry_after(&self) -> Option<Duration> {
        matches!(self, Self::TimedOut(_)).then(|| ms(77_777))
    }
}

/// What happened when, in milliseconds.
#[derive(Clone)]
struct Log {
    start: Instant,
    lines: Arc<Mutex<Vec<(u128, &'static str)>>>,
}

impl Log {
    fn new() -> Self {
        Self { start: Instant::now(), lines: Arc::default() }
    }

    fn say(&self, what: &'static str) {
        self.lines.lock().unwrap().push((self.start.elapsed().as_millis(), what));
    }

    fn lines(&self) -> Vec<(u128, &'static str)> {
        self.lines.lock().unwrap().clone()
    }

    fn elapsed(&self) -> u128 {
        self.start.elapsed().as_millis()
    }
}

/// Says when it is dropped.
struct Held<'a>(&'a Log);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.say("dropped");
    }
}

async fn work(log: &Log, millis: u64, fails: bool) -> Result<u32, Failed> {
    log.say("started");
    let _held = Held(log);
    sleep(ms(millis)).await;
    if fails { Err(Failed::Busy) } else { Ok(7) }
}

#[step(timeout = "100ms")]
async fn timed(log: &Log, millis: u64) -> Result<u32, Failed> {
    work(log, millis, false).await
}

#[step(deadline = "1m")]
async fn bounded(log: &Log, millis: u64) -> Result<u32, Failed> {
    work(log, millis, false).await
}

#[step(retry(max_attempts = 3, backoff = constant("50ms")), timeout = "100ms")]
async fn retried(log: &Log, millis: u64) -> Result<u32, Failed> {
    work(log, millis, false).await
}

#[step(retry(max_attempts = 9, backoff = constant("50ms")), timeout = "100ms", deadline = "220ms")]
async fn both(log: &Log, millis: u64, fails: bool) -> Result<u32, Failed> {
    work(log, millis, fails).await
}

#[tokio::test(start_paused = true)]
async fn an_attempt_has_a_limit() {
    let log = Log::new();
    assert_eq!(timed(&log, 100).await, Ok(7));
    let log = Log::new();
    let Err(Failed::TimedOut(error)) = timed(&log, 101).await else { panic!() };
    assert_eq!(log.lines(), [(0, "started"), (100, "dropped")]);
    assert_eq!((error.step(), error.duration()), ("timed", ms(100)));
    assert_eq!(error.to_string(), "step `timed` timed out after 100ms");

    let log = Log::new();
    let Err(Failed::TimedOut(error)) = bounded(&log, 70_000).await else { panic!() };
    assert_eq!(log.elapsed(), 60_000);
    assert_eq!((error.step(), error.duration()), ("bounded", ms(60_000)));
    assert_eq!(error.to_string(), "step `bounded` passed its deadline of 1m");
    assert_eq!(bounded(&Log::new(), 1).await, Ok(7));
}

#[tokio::test(start_paused = true)]
async fn a_late_attempt_is_dropped_before_the_wait() {
    let log = Log::new();
    let Err(Failed::TimedOut(error)) = retried(&log, 1000).await else { panic!() };
    assert_eq!(error.to_string(), "step `retried` timed out after 100ms");
    assert_eq!(
        log.lines(),
        [
            (0, "started"),
            (100, "dropped"),
            (150, "started"),
            (250, "dropped"),
            (300, "started"),
            (400, "dropped"),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn a_deadline_ends_an_attempt() {
    let log = Log::new();
    let error = both(&log, 1000, false).await.unwrap_err();
    assert_eq!(error.to_string(), "step `both` passed its deadline of 220ms");
    assert_eq!(log.lines(), [(0, "started"), (100, "dropped"), (150, "started"), (220, "dropped")]);
}

#[tokio::test(start_paused = true)]
async fn a_deadline_ends_a_wait() {
    let log = Log::new();
    let error = both(&log, 90, true).await.unwrap_err();
    // 0..90, 140..230
    assert_eq!(error.to_string(), "step `both` passed its deadline of 220ms");
    let log = Log::new();
    let error = both(&log, 35, true).await.unwrap_err();
    // 0..35, 85..120, 170..205
    assert_eq!(error.to_string(), "step `both` passed its deadline of 220ms");
    assert_eq!(log.elapsed(), 220);
    assert_eq!(log.lines().len(), 6);
}

#[tokio::test(start_paused = true)]
async fn a_time_out_needs_no_retry_of_the_error() {
    // Neither `Transient` nor asked.
    #[step(retry(max_attempts = 2, backoff = none, when = |_| false), timeout = "1s")]
    async fn never(calls: &AtomicU32) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        calls.fetch_add(1, Ordering::Relaxed);
        std::future::pending().await
    }
    let calls = AtomicU32::new(0);
    let error = never(&calls).await.unwrap_err();
    assert!(error.is::<TimedOut>());
    assert_eq!(calls.into_inner(), 2);
}

workflow! {
    async fn inner(log: &Log, millis: u64) -> Result<u32, Failed> {
        let value = retried(log, millis).await?;
        Ok(value)
    }

    async fn outer(log: &Log, millis: u64, fails: bool) -> Result<u32, Failed> {
        let sub = inner(log, millis).await?;
        let last = both(log, sub.into(), fails).await?;
        Ok(last)
    }

    async fn slow(millis: u64) -> Result<u32, StepError> {
        let first = nap(millis).await?;
        let second = nap(millis).await?;
        #[after(first, second)]
        let third = nap(millis).await?;
        Ok(first + second + third)
    }
}

#[step]
async fn nap(millis: u64) -> Result<u32, StepError> {
    sleep(ms(millis)).await;
    Ok(1)
}

fn last_of(recorder: &Recorder, path: &str) -> EventKind {
    recorder.events().into_iter().rfind(|event| &*event.path == path).unwrap().kind
}

#[tokio::test(start_paused = true)]
async fn a_run_reports_limits() {
    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone());
    run.execute(outer(&Log::new(), 1000, false)).await.unwrap_err();
    let retries: Vec<_> = recorder
        .events()
        .into_iter()
        .filter_map(|event| match event.kind {
            EventKind::Retrying { attempt, error, .. } => Some((attempt, error)),
            _ => None,
        })
        .collect();
    let text = "step `retried` timed out after 100ms".to_owned();
    assert_eq!(retries, [(1, text.clone()), (2, text.clone())]);
    assert!(matches!(
        last_of(&recorder, "sub.value"),
        EventKind::Failed { attempts: 3, retryable: true, error, .. } if error == text
    ));

    // Its last attempt did not begin.
    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone());
    run.execute(both(&Log::new(), 35, true)).await.unwrap_err();
    assert!(matches!(
        last_of(&recorder, "both"),
        EventKind::Failed { attempts: 3, retryable: true, .. }
    ));

    // Without `retry` too.
    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone());
    run.execute(timed(&Log::new(), 500)).await.unwrap_err();
    assert!(matches!(
        last_of(&recorder, "timed"),
        EventKind::Failed { attempts: 1, retryable: true, .. }
    ));
}

#[tokio::test(start_paused = true)]
async fn a_run_has_a_deadline() {
    let start = Instant::now();
    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone()).deadline(ms(15));
    let error = run.clone().execute(slow(10)).await.unwrap_err();
    assert_eq!(start.elapsed(), ms(15));
    assert_eq!(error.to_string(), "run of `slow` passed its deadline of 15ms");
    assert!(error.is_transient());
    assert_eq!(recorder.completed_steps(), ["first", "second"]);
    assert_eq!(recorder.cancelled_steps(), ["third"]);
    assert_eq!(last_of(&recorder, ""), EventKind::WorkflowCancelled);

    assert_eq!(run.execute(slow(7)).await.unwrap(), 3);
    let recorder = Recorder::new();
    let run = Run::new().deadline(ms(5)).observe(recorder.clone());
    let error = run.clone().execute(nap(6)).await.unwrap_err();
    assert_eq!(error.to_string(), "run of `nap` passed its deadline of 5ms");
    assert_eq!(recorder.cancelled_steps(), ["nap"]);
    assert_eq!(run.deadline(Duration::MAX).execute(nap(6)).await.unwrap(), 1);
    // The clock starts with the run.
    let call = Run::default().deadline(ms(5)).execute(nap(4));
    sleep(ms(10)).await;
    assert_eq!(tokio::spawn(call).await.unwrap().unwrap(), 1);
}
