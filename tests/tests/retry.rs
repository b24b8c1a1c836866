//! Steps that are tried again, in virtual time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep};
use workflow_runtime::{EventKind, Recorder, Run, StepError, Transient, step, workflow};

/// An error that says how it is to be treated.
#[derive(Debug, Clone, PartialEq)]
enum Failed {
    Busy(u32),
    Broken(u32),
    Wait(u64),
}

impl Transient for Failed {
    fn is_transient(&self) -> bool {
        !matches!(self, Failed::Broken(_))
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Failed::Wait(millis) => Some(Duration::from_millis(*millis)),
            Failed::Busy(_) | Failed::Broken(_) => None,
        }
    }
}

/// What a step does at each call, and when it was called, in milliseconds.
struct Script {
    start: Instant,
    answers: Vec<Result<u32, Failed>>,
    calls: Vec<u128>,
}

impl Script {
    fn new(answers: impl IntoIterator<Item = Result<u32, Failed>>) -> Self {
        Self { start: Instant::now(), answers: answers.into_iter().collect(), calls: Vec::new() }
    }

    /// Fails at each of so many calls.
    fn failing(calls: u32) -> Self {
        Self::new((1..=calls).map(|call| Err(Failed::Busy(call))))
    }

    fn call(&mut self) -> Result<u32, Failed> {
        self.calls.push(self.start.elapsed().as_millis());
        self.answers.remove(0)
    }
}

#[step(retry(max_attempts = 6, backoff = constant("1s")))]
async fn constant(script: &mut Script) -> Result<u32, Failed> {
    script.call()
}

#[step(retry(max_attempts = 6, backoff = exponential("100ms")))]
async fn doubling(script: &mut Script) -> Result<u32, Failed> {
    script.call()
}

#[step(retry(max_attempts = 6, backoff = exponential("100ms", factor = 3, max = "5s")))]
async fn bounded(script: &mut Script) -> Result<u32, Failed> {
    script.call()
}

#[step(retry(max_attempts = 5, backoff = exponential("100ms", factor = 1.5)))]
async fn growing(script: &mut Script) -> Result<u32, Failed> {
    script.call()
}

#[step(retry(max_attempts = 4, backoff = none))]
async fn at_once(script: &mut Script) -> Result<u32, Failed> {
    script.call()
}

#[step(retry(max_attempts = 11))]
async fn by_default(script: &mut Script) -> Result<u32, Failed> {
    script.call()
}

#[step(retry(max_attempts = 1))]
async fn single(script: &mut Script) -> Result<u32, Failed> {
    script.call()
}

#[tokio::test(start_paused = true)]
async fn delays_are_exact() {
    let mut script = Script::failing(6);
    // The error is the last attempt's.
    assert_eq!(constant(&mut script).await, Err(Failed::Busy(6)));
    assert_eq!(script.calls, [0, 1000, 2000, 3000, 4000, 5000]);

    let mut script = Script::failing(6);
    assert_eq!(doubling(&mut script).await, Err(Failed::Busy(6)));
    assert_eq!(script.calls, [0, 100, 300, 700, 1500, 3100]);

    let mut script = Script::failing(6);
    assert_eq!(bounded(&mut script).await, Err(Failed::Busy(6)));
    assert_eq!(script.calls, [0, 100, 400, 1300, 4000, 9000]);

    let mut script = Script::failing(5);
    assert_eq!(growing(&mut script).await, Err(Failed::Busy(5)));
    assert_eq!(script.calls, [0, 100, 250, 475, 813]);

    let mut script = Script::failing(4);
    assert_eq!(at_once(&mut script).await, Err(Failed::Busy(4)));
    assert_eq!(script.calls, [0, 0, 0, 0]);

    let mut script = Script::failing(11);
    assert_eq!(by_default(&mut script).await, Err(Failed::Busy(11)));
    let waits: Vec<_> = script.calls.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(waits, [100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000]);

    let mut script = Script::failing(1);
    assert_eq!(single(&mut script).await, Err(Failed::Busy(1)));
}

#[tokio::test(start_paused = true)]
async fn attempts_stop_when_there_is_no_use() {
    let mut script = Script::new([Err(Failed::Busy(1)), Ok(7)]);
    assert_eq!(constant(&mut script).await, Ok(7));
    assert_eq!(script.calls, [0, 1000]);

    let mut script = Script::new([Err(Failed::Busy(1)), Err(Failed::Broken(2)), Ok(7)]);
    assert_eq!(constant(&mut script).await, Err(Failed::Broken(2)));
    assert_eq!(script.calls, [0, 1000]);
}

#[tokio::test(start_paused = true)]
async fn an_error_can_say_when() {
    let answers = [Err(Failed::Wait(7)), Err(Failed::Busy(2)), Err(Failed::Wait(0)), Ok(1)];
    let mut script = Script::new(answers);
    assert_eq!(doubling(&mut script).await, Ok(1));
    // The delay after the second attempt is the second one.
    assert_eq!(script.calls, [0, 7, 207, 207]);
}

#[step(retry(max_attempts = 3, backoff = exponential("100ms"), jitter))]
async fn trembling(script: &mut Script) -> Result<u32, Failed> {
    script.call()
}

#[tokio::test(start_paused = true)]
async fn jitter_adds_at_most_the_delay_again() {
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..200 {
        let mut script = Script::failing(3);
        trembling(&mut script).await.unwrap_err();
        let (first, second) = (script.calls[1], script.calls[2] - script.calls[1]);
        assert!((100..=200).contains(&first) && (200..=400).contains(&second));
        seen.insert(first);
    }
    assert!(seen.len() > 20, "{seen:?}");
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "`when` takes a reference")]
fn is_three(error: &u32) -> bool {
    *error == 3
}

#[tokio::test(start_paused = true)]
async fn the_step_can_say_when_it_is_worth_it() {
    // Neither of these errors is `Transient`.
    #[step(retry(max_attempts = 3, backoff = none, when = is_three))]
    async fn by_path(calls: &mut u32, error: u32) -> Result<(), u32> {
        *calls += 1;
        Err(error)
    }
    #[step(retry(max_attempts = 3, backoff = none, when = |error| error.contains("busy")))]
    async fn by_closure(calls: &mut u32, error: &str) -> Result<(), String> {
        *calls += 1;
        Err(error.to_owned())
    }
    // What `when` says counts, and the error's own delay too.
    #[step(retry(max_attempts = 3, when = |error: &Failed| !error.is_transient()))]
    async fn against(calls: &mut u32, error: Failed) -> Result<(), Failed> {
        *calls += 1;
        Err(error)
    }
    #[step(retry(max_attempts = 3, when = |_| true))]
    async fn with_own_delay(calls: &mut u32) -> Result<(), Failed> {
        *calls += 1;
        Err(Failed::Wait(5))
    }
    let count = async |error| {
        let mut calls = 0;
        by_path(&mut calls, error).await.unwrap_err();
        calls
    };
    assert_eq!((count(3).await, count(4).await), (3, 1));
    let mut calls = 0;
    by_closure(&mut calls, "busy").await.unwrap_err();
    by_closure(&mut calls, "gone").await.unwrap_err();
    assert_eq!(calls, 4);
    let mut calls = 0;
    against(&mut calls, Failed::Broken(0)).await.unwrap_err();
    against(&mut calls, Failed::Busy(0)).await.unwrap_err();
    assert_eq!(calls, 4);
    let start = Instant::now();
    with_own_delay(&mut calls).await.unwrap_err();
    assert_eq!(start.elapsed().as_millis(), 10);
}

/// Counts how often it is cloned, and how many there are.
#[derive(Debug)]
struct Counted {
    clones: Arc<AtomicU32>,
}

impl Clone for Counted {
    fn clone(&self) -> Self {
        self.clones.fetch_add(1, Ordering::Relaxed);
        Self { clones: Arc::clone(&self.clones) }
    }
}

#[tokio::test(start_paused = true)]
async fn the_last_attempt_takes_the_arguments() {
    #[step(retry(max_attempts = 3))]
    async fn consume(counted: Counted, fails: u32, calls: &mut u32) -> Result<u32, StepError> {
        *calls += 1;
        let seen = counted.clones.load(Ordering::Relaxed);
        drop(counted);
        if *calls <= fails { Err(StepError::retryable("busy")) } else { Ok(seen) }
    }
    for (fails, clones) in [(0, 1), (1, 2), (2, 2), (3, 2)] {
        let counted = Counted { clones: Arc::default() };
        let clones_made = Arc::clone(&counted.clones);
        assert_eq!(consume(counted, fails, &mut 0).await.is_ok(), fails < 3);
        assert_eq!(clones_made.load(Ordering::Relaxed), clones);
        assert_eq!(Arc::strong_count(&clones_made), 1);
    }
}

#[derive(Clone, Default)]
struct Counter {
    calls: u32,
}

trait Tries {
    #[step]
    async fn in_trait(&mut self, until: u32) -> Result<u32, StepError>;
    #[step(retry(max_attempts = 2, backoff = none))]
    async fn with_default(&self) -> Result<u32, StepError> {
        Ok(1)
    }
}

impl Counter {
    fn count(&mut self, until: u32) -> Result<u32, StepError> {
        self.calls += 1;
        if self.calls < until { Err(StepError::retryable("again")) } else { Ok(self.calls) }
    }

    #[step(retry(max_attempts = 5, backoff = none))]
    async fn by_mut(&mut self, until: u32) -> Result<u32, StepError> {
        let me: &mut Self = self;
        me.count(until)
    }

    #[step(retry(max_attempts = 5, backoff = none))]
    async fn by_ref(&self, seen: &AtomicU32) -> Result<u32, StepError> {
        let calls = seen.fetch_add(1, Ordering::Relaxed);
        if calls < 2 { Err(StepError::retryable("again")) } else { Ok(self.calls + calls) }
    }

    #[step(retry(max_attempts = 5, backoff = none))]
    async fn by_value(mut self, seen: &mut u32) -> Result<u32, StepError> {
        *seen += 1;
        self.calls += *seen;
        let until = 3;
        println!("{}", self::is_three(&self.calls));
        let taken = self;
        if taken.calls < until { Err(StepError::retryable("again")) } else { Ok(taken.calls) }
    }

    #[step(retry(max_attempts = 2, backoff = none))]
    async fn shared(self: Arc<Self>) -> Result<u32, StepError> {
        Ok(self.calls + Arc::try_unwrap(self).map_or(10, |own| own.calls))
    }
}

impl Tries for Counter {
    #[step(retry(max_attempts = 5, backoff = none))]
    async fn in_trait(&mut self, until: u32) -> Result<u32, StepError> {
        self.count(until)
    }
}

#[tokio::test]
async fn methods_can_be_tried_again() {
    assert_eq!(Counter::default().by_mut(4).await.unwrap(), 4);
    assert!(Counter::default().by_mut(6).await.is_err());
    assert_eq!(Counter { calls: 5 }.by_ref(&AtomicU32::new(0)).await.unwrap(), 7);
    assert_eq!(Counter::default().by_value(&mut 0).await.unwrap(), 3);
    assert_eq!(Arc::new(Counter { calls: 1 }).shared().await.unwrap(), 11);
    assert_eq!(Counter::default().in_trait(3).await.unwrap(), 3);
    assert_eq!(Counter::default().with_default().await.unwrap(), 1);
}

type Fallible<T> = Result<T, StepError>;

#[step(retry(max_attempts = 3, backoff = none))]
async fn any_arguments<'a, T>(
    (mut left, right): (u32, T),
    [first, ..]: [u32; 2],
    mut borrowed: &'a str,
    mut seen: &mut Vec<u32>,
    _: String,
    _kept: String,
    shown: impl std::fmt::Display + Clone,
) -> Fallible<(&'a str, String)>
where
    T: Clone + Into<u32>,
{
    left += right.into() + first;
    borrowed = borrowed.trim();
    let other: &mut Vec<u32> = seen;
    other.push(left);
    seen = other;
    if seen.len() < 3 {
        return Err(StepError::retryable("again"));
    }
    Ok((borrowed, shown.to_string()))
}

fn send<T: Send>(it: T) -> T {
    it
}

#[tokio::test]
async fn any_arguments_can_be_given_again() {
    let mut seen = Vec::new();
    let text = String::from(" x ");
    let call =
        any_arguments((1, 2_u8), [3, 4], &text, &mut seen, String::new(), String::new(), 'c');
    assert_eq!(send(call).await.unwrap(), ("x", "c".to_owned()));
    assert_eq!(seen, [6, 6, 6]);
}

#[step(retry(max_attempts = 4, backoff = exponential("100ms")))]
async fn flaky(fails: u32, calls: &AtomicU32) -> Result<u32, Failed> {
    sleep(Duration::from_millis(10)).await;
    match calls.fetch_add(1, Ordering::Relaxed) + 1 {
        9 => Err(Failed::Broken(9)),
        call if call <= fails => Err(Failed::Busy(call)),
        call => Ok(call),
    }
}

/// Awaits another step in its own code, which is no part of the run.
#[step(retry(max_attempts = 2))]
async fn around(calls: &AtomicU32) -> Result<u32, Failed> {
    flaky(2, calls).await
}

workflow! {
    async fn inner(fails: u32, calls: &AtomicU32) -> Result<u32, Failed> {
        let value = flaky(fails, calls).await?;
        Ok(value)
    }

    async fn outer(fails: u32, calls: &AtomicU32) -> Result<u32, Failed> {
        let sub = inner(fails, calls).await?;
        Ok(sub)
    }
}

fn retries(recorder: &Recorder, path: &str) -> Vec<(u32, u128, String)> {
    let events = recorder.events().into_iter().filter(|event| &*event.path == path);
    let retry = |kind| match kind {
        EventKind::Retrying { attempt, delay, error } => Some((attempt, delay.as_millis(), error)),
        _ => None,
    };
    events.filter_map(|event| retry(event.kind)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_run_reports_every_retry() {
    let expected = [
        (1, 100, "Busy(1)".to_owned()),
        (2, 200, "Busy(2)".to_owned()),
        (3, 400, "Busy(3)".to_owned()),
    ];
    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone());
    assert_eq!(run.execute(outer(2, &AtomicU32::new(0))).await, Ok(3));
    assert_eq!(retries(&recorder, "sub.value"), expected[..2]);
    assert_eq!(recorder.attempts("sub.value"), 3);
    assert!(recorder.completed("sub.value"));

    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone());
    assert_eq!(run.execute(flaky(4, &AtomicU32::new(0))).await, Err(Failed::Busy(4)));
    assert_eq!(retries(&recorder, "flaky"), expected);
    let last = recorder.events().pop().unwrap().kind;
    assert!(
        matches!(&last, EventKind::Failed { attempts: 4, retryable: true, duration, .. }
            if duration.as_millis() == 740),
        "{last:?}"
    );

    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone());
    assert!(run.execute(flaky(9, &AtomicU32::new(7))).await.is_err());
    let last = recorder.events().pop().unwrap().kind;
    assert!(matches!(last, EventKind::Failed { attempts: 2, retryable: false, .. }));
}

#[tokio::test(start_paused = true)]
async fn attempts_are_counted_while_the_step_runs() {
    let recorder = Recorder::new();
    let calls = AtomicU32::new(0);
    {
        let run = Run::new().observe(recorder.clone()).execute(outer(3, &calls));
        assert!(tokio::time::timeout(Duration::from_millis(50), run).await.is_err());
    }
    assert_eq!(recorder.attempts("sub.value"), 2);
    assert_eq!(recorder.cancelled_steps(), ["sub.value", "sub"]);
}

#[tokio::test(start_paused = true)]
async fn what_a_step_awaits_itself_reports_nothing() {
    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone());
    assert_eq!(run.execute(around(&AtomicU32::new(0))).await, Ok(3));
    assert_eq!(retries(&recorder, "around"), []);
    assert_eq!(recorder.attempts("around"), 1);
}

#[test]
fn a_step_error_shows_its_source() {
    use std::error::Error;
    let error = StepError::retryable(std::fmt::Error);
    assert_eq!(error.to_string(), std::fmt::Error.to_string());
    assert!(error.source().unwrap().is::<std::fmt::Error>());
    assert!(error.is_transient() && !StepError::permanent("gone").is_transient());
    assert_eq!(StepError::permanent("gone").to_string(), "gone");
}
