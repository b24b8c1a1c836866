//! Options of steps that are no literals: constants, arguments, what the process is told.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use tokio::time::{Instant, sleep};
use workflow_runtime::{
    EventKind, Recorder, Retry, Run, Step, StepError, TimedOut, step, workflow,
};

const CALM: Retry = Retry::attempts(4).exponential("100ms", "300ms");
static STEADY: Retry = Retry::attempts(3).constant("1s");
/// As a program reads it from its environment: it is known when the program runs.
static SET: LazyLock<Retry> = LazyLock::new(|| Retry::attempts(set_attempts()).without_delay());
const LIMIT: Duration = Duration::from_secs(2);
const FEW: u32 = 2;
const SECOND: Duration = Duration::from_secs(1);
const FACTOR: f32 = 3.0;

fn set_attempts() -> u32 {
    "5".parse().expect("it is a number")
}

/// Counts the calls of a step that always fails.
#[derive(Default)]
struct Calls(AtomicU32);

impl Calls {
    fn fail(&self) -> Result<u32, StepError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Err(StepError::retryable("busy"))
    }

    fn count(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

/// How often a call of a failing step is made, and the milliseconds that it takes.
async fn tried<T>(calls: &Calls, step: impl Step<Output = Result<T, StepError>>) -> (u32, u128) {
    let (start, before) = (Instant::now(), calls.count());
    assert!(step.await.is_err());
    (calls.count() - before, start.elapsed().as_millis())
}

#[step(retry = CALM)]
async fn by_constant(calls: &Calls) -> Result<u32, StepError> {
    calls.fail()
}

#[step(retry = STEADY)]
async fn by_static(calls: &Calls) -> Result<u32, StepError> {
    calls.fail()
}

#[step(retry = *SET)]
async fn by_environment(calls: &Calls) -> Result<u32, StepError> {
    calls.fail()
}

#[step(retry = Retry::attempts(FEW).constant_delay(SECOND))]
async fn inline(calls: &Calls) -> Result<u32, StepError> {
    calls.fail()
}

#[step(retry(max_attempts = FEW, backoff = constant(SECOND)))]
async fn listed(calls: &Calls) -> Result<u32, StepError> {
    calls.fail()
}

#[step(retry(max_attempts = 4, backoff = exponential(SECOND, factor = FACTOR, max = "5s")))]
async fn listed_growing(calls: &Calls) -> Result<u32, StepError> {
    calls.fail()
}

#[step(retry(policy = CALM, when = |error| error.to_string().contains("idle")))]
async fn never_idle(calls: &Calls) -> Result<u32, StepError> {
    calls.fail()
}

#[step(retry = policy)]
async fn by_argument(calls: &Calls, policy: Retry) -> Result<u32, StepError> {
    calls.fail()
}

#[step(retry = Retry::attempts(count).constant_delay(wait))]
async fn by_pattern(
    calls: &Calls,
    (count, Waits(wait)): (u32, Waits),
    mut left: u32,
) -> Result<u32, StepError> {
    left -= 1;
    assert_eq!((count, left, wait), (3, 6, SECOND));
    calls.fail()
}

#[derive(Clone)]
struct Waits(Duration);

trait Client {
    const RETRY: Retry;
}

struct Bank;

impl Client for Bank {
    const RETRY: Retry = Retry::attempts(2).constant("7s");
}

#[step(retry = C::RETRY)]
async fn by_generic<C: Client + Clone>(calls: &Calls, _client: C) -> Result<u32, StepError> {
    calls.fail()
}

impl Clone for Bank {
    fn clone(&self) -> Self {
        Self
    }
}

#[step(retry(max_attempts = N, backoff = none))]
async fn by_parameter<const N: u32>(calls: &Calls) -> Result<u32, StepError> {
    calls.fail()
}

struct Shop {
    calls: Calls,
    retry: Retry,
    timeout: Duration,
}

impl Shop {
    const RETRY: Retry = Retry::attempts(2).without_delay();

    #[step(retry = self.retry, timeout = self.timeout)]
    async fn sell(&self) -> Result<u32, StepError> {
        sleep(self.timeout / 2).await;
        self.calls.fail()
    }

    #[step(retry = Self::RETRY)]
    async fn buy(&self) -> Result<u32, StepError> {
        self.calls.fail()
    }

    #[step(retry = Shop::RETRY)]
    async fn swap(&self) -> Result<u32, StepError> {
        self.calls.fail()
    }
}

#[tokio::test(start_paused = true)]
async fn a_policy_comes_from_anywhere() {
    let calls = Calls::default();
    assert_eq!(tried(&calls, by_constant(&calls)).await, (4, 100 + 200 + 300));
    assert_eq!(tried(&calls, by_static(&calls)).await, (3, 2000));
    assert_eq!(tried(&calls, by_environment(&calls)).await, (5, 0));
    assert_eq!(tried(&calls, inline(&calls)).await, (2, 1000));
    assert_eq!(tried(&calls, listed(&calls)).await, (2, 1000));
    assert_eq!(tried(&calls, listed_growing(&calls)).await, (4, 1000 + 3000 + 5000));
    assert_eq!(tried(&calls, never_idle(&calls)).await, (1, 0));
    let policy = Retry::attempts(3).constant_delay(Duration::from_micros(1));
    assert_eq!(tried(&calls, by_argument(&calls, policy)).await, (3, 2));
    assert_eq!(tried(&calls, by_pattern(&calls, (3, Waits(SECOND)), 7)).await, (3, 2000));
    assert_eq!(tried(&calls, by_generic(&calls, Bank)).await, (2, 7000));
    assert_eq!(tried(&calls, by_parameter::<6>(&calls)).await, (6, 0));
    let shop = Shop {
        calls,
        retry: Retry::attempts(3).exponential("10ms", "10ms"),
        timeout: Duration::from_millis(100),
    };
    assert_eq!(tried(&shop.calls, shop.sell()).await, (3, 3 * 50 + 20));
    assert_eq!(tried(&shop.calls, shop.buy()).await, (2, 0));
    assert_eq!(tried(&shop.calls, shop.swap()).await, (2, 0));
}

/// Takes so long.
#[step(timeout = LIMIT)]
async fn limited(takes: Duration) -> Result<(), StepError> {
    sleep(takes).await;
    Ok(())
}

#[step(timeout = limit.unwrap_or(SECOND), deadline = in_all)]
async fn limited_by(
    limit: Option<Duration>,
    in_all: Duration,
    takes: Duration,
) -> Result<(), StepError> {
    sleep(takes).await;
    Ok(())
}

#[step(retry = Retry::attempts(9).constant("1s"), timeout = "3s", deadline = *within)]
async fn limited_in_all(within: &Duration) -> Result<(), StepError> {
    sleep(SECOND * 60).await;
    Ok(())
}

async fn error_after(step: impl Step<Output = Result<(), StepError>>) -> (String, u128) {
    let start = Instant::now();
    let error = step.await.expect_err("it takes too long");
    let error = std::error::Error::source(&error).expect("there is one").to_string();
    (error, start.elapsed().as_millis())
}

#[tokio::test(start_paused = true)]
async fn a_limit_comes_from_anywhere() {
    let (long, hour) = (SECOND * 60, SECOND * 3600);
    let said = |text: &str, millis| (text.to_owned(), millis);
    let late = |limit: &str| format!("step `limited_by` timed out after {limit}");
    assert_eq!(error_after(limited(long)).await, said("step `limited` timed out after 2s", 2000));
    assert_eq!(error_after(limited_by(None, hour, long)).await, (late("1s"), 1000));
    assert_eq!(
        error_after(limited_by(Some(hour), SECOND * 5, long)).await,
        said("step `limited_by` passed its deadline of 5s", 5000)
    );
    // No time is no time; and the longest is as good as none.
    assert_eq!(error_after(limited_by(Some(Duration::ZERO), hour, long)).await, (late("0ns"), 0));
    assert!(limited_by(Some(Duration::MAX), Duration::MAX, long).await.is_ok());
    let within = SECOND * 10;
    let text = "step `limited_in_all` passed its deadline of 10s";
    assert_eq!(error_after(limited_in_all(&within)).await, said(text, 10_000));
}

#[step(retry = *retry, timeout = LIMIT, spawn)]
async fn spawned(
    calls: std::sync::Arc<Calls>,
    retry: std::sync::Arc<Retry>,
) -> Result<u32, StepError> {
    tokio::task::yield_now().await;
    calls.fail()
}

#[step(retry = STEADY, blocking)]
fn blocked(calls: std::sync::Arc<Calls>) -> Result<u32, StepError> {
    calls.fail()
}

workflow! {
    async fn pages(calls: &Calls, counts: &[u32]) -> usize {
        let pages = for count in counts {
            let policy = Retry::attempts(*count).constant_delay(SECOND);
            let page = by_argument(calls, policy).await;       // its error stays here
            page.is_err()
        };
        pages.len()
    }

    async fn book(calls: &Calls) -> Result<u32, StepError> {
        let first = pages(calls, &[3, 1]).await;
        #[after(first)]
        let last = by_constant(calls).await?;
        Ok(last)
    }
}

#[tokio::test(start_paused = true)]
async fn in_tasks_items_and_workflows_of_workflows() {
    let calls = std::sync::Arc::new(Calls::default());
    let retry = std::sync::Arc::new(Retry::attempts(3).constant("5s"));
    assert_eq!(tried(&calls, spawned(calls.clone(), retry)).await, (3, 10_000));
    assert_eq!(tried(&calls, blocked(calls.clone())).await.0, 3);

    let (calls, recorder) = (Calls::default(), Recorder::new());
    let run = Run::new().observe(recorder.clone());
    assert!(run.execute(book(&calls)).await.is_err());
    assert_eq!(recorder.attempts("first.pages[0].page"), 3);
    assert_eq!(recorder.attempts("first.pages[1].page"), 1);
    assert_eq!(recorder.attempts("last"), 4);
    assert_eq!(calls.count(), 3 + 1 + 4);
    let events = recorder.events();
    let delays = events.iter().filter_map(|event| match event.kind {
        EventKind::Retrying { delay, .. } => Some(delay.as_millis()),
        _ => None,
    });
    assert_eq!(delays.collect::<Vec<_>>(), [1000, 1000, 100, 200, 300]);
}

/// What `f` says when it panics.
fn panic_of(f: impl FnOnce() -> Retry + std::panic::UnwindSafe) -> String {
    let panic = std::panic::catch_unwind(f).expect_err("it cannot be right");
    panic.downcast_ref::<&str>().map_or_else(
        || panic.downcast_ref::<String>().expect("a text").clone(),
        |text| (*text).to_owned(),
    )
}

#[test]
fn what_cannot_be_right_panics_where_it_is_made() {
    let three = Retry::attempts(3);
    let zero: u32 = "0".parse().expect("it is a number");
    assert!(panic_of(move || Retry::attempts(zero)).contains("with 0 attempts"));
    for text in ["", "10 s", "1.5s", "ten", "36501d"] {
        assert!(panic_of(move || three.constant(text)).contains("not a duration"), "{text}");
        assert!(panic_of(move || three.exponential("1ms", text)).contains("not a duration"));
    }
    assert!(panic_of(move || three.constant("0ms")).contains("cannot be zero"));
    assert!(panic_of(move || three.exponential("5s", "1s")).contains("shorter"));
    assert!(panic_of(move || three.exponential_delay(LIMIT, SECOND)).contains("shorter"));
    for factor in [0.5, -1.0, f32::NAN, f32::INFINITY] {
        assert!(panic_of(move || three.factor(factor)).contains("at least 1"), "{factor}");
    }
    assert!(panic_of(move || three.constant("1s").factor(2.0)).contains("`exponential`"));
}

/// A literal, and a constant, take no space in the step's future; what is computed does.
#[test]
fn a_constant_costs_what_a_literal_does() {
    #[step(retry(max_attempts = 4, backoff = exponential("100ms", max = "300ms")), timeout = "2s")]
    async fn of_literals(n: u32) -> Result<u32, StepError> {
        Ok(n)
    }

    #[step(retry = CALM, timeout = LIMIT)]
    async fn of_constants(n: u32) -> Result<u32, StepError> {
        Ok(n)
    }

    #[step(retry = *retry, timeout = LIMIT)]
    async fn of_arguments(n: u32, retry: &Retry) -> Result<u32, StepError> {
        Ok(n)
    }

    let literals = size_of_val(&of_literals(1));
    assert_eq!(size_of_val(&of_constants(1)), literals);
    assert!(size_of_val(&of_arguments(1, &CALM)) > literals);
}

#[derive(Debug)]
struct Late;

impl From<TimedOut> for Late {
    fn from(_: TimedOut) -> Self {
        Self
    }
}

mod elsewhere {
    pub(super) mod policies {
        use std::time::Duration;

        pub(crate) const WAIT_2: Duration = Duration::from_millis(20);
    }
}

/// A constant of a module, and one that has the name which the macro might have used.
#[tokio::test(start_paused = true)]
async fn names_of_constants_are_free() {
    const POLICY: Duration = Duration::from_millis(10);

    #[step(timeout = elsewhere::policies::WAIT_2)]
    async fn by_path() -> Result<(), Late> {
        std::future::pending().await
    }

    #[step(timeout = POLICY)]
    async fn by_name() -> Result<(), Late> {
        std::future::pending().await
    }

    let start = Instant::now();
    assert!(by_path().await.is_err());
    assert_eq!(start.elapsed().as_millis(), 20);
    assert!(by_name().await.is_err());
    assert_eq!(start.elapsed().as_millis(), 30);
}
