//! Timers, signals and keys.

use std::sync::Mutex;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use workflow_runtime::{
    DurableError, Journal, Run, StepError, TimedOut, idempotency_key, signal, sleep, step,
    try_idempotency_key, workflow,
};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Approval {
    by: String,
}

#[derive(Debug)]
struct Late;

impl From<TimedOut> for Late {
    fn from(_: TimedOut) -> Self {
        Self
    }
}

workflow! {
    #[durable]
    async fn approve(amount: u32) -> Result<String, Late> {
        let approval = signal::<Approval>("approval").await?;
        #[after(approval)]
        let pause = sleep("1h").await;
        #[after(pause)]
        let text = format!("{amount} by {}", approval.by);
        Ok(text)
    }
}

fn ada() -> Approval {
    Approval { by: "Ada".to_owned() }
}

struct Office {
    patience: Duration,
}

workflow! {
    /// Waits for as long as its resources and its values say.
    #[durable]
    async fn ask(office: &Office, days: u32) -> Result<u64, Late> {
        #[timeout(office.patience * days)]
        let said = signal::<Approval>("approval").await;
        let rest = Duration::from_secs(if said.is_ok() { 1 } else { 60 });
        let pause = sleep(rest).await;
        #[after(pause)]
        let seconds = rest.as_secs();
        Ok(seconds)
    }
}

#[tokio::test(start_paused = true)]
async fn pauses_and_limits_can_be_computed() {
    let (journal, office) = (Journal::memory(), Office { patience: Duration::from_secs(86_400) });
    let start = Instant::now();
    assert_eq!(journal.run("one", ask(&office, 3)).await.unwrap(), 60);
    assert_eq!(start.elapsed(), Duration::from_secs(3 * 86_400 + 60));
    journal.signal("two", "approval", &ada()).await.unwrap();
    let start = Instant::now();
    assert_eq!(journal.run("two", ask(&office, 3)).await.unwrap(), 1);
    assert_eq!(start.elapsed(), Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_signal_may_come_before_its_run() {
    let journal = Journal::memory();
    journal.signal("one", "approval", &ada()).await.unwrap();
    journal.signal("one", "other", &5).await.unwrap();
    let start = Instant::now();
    assert_eq!(journal.run("one", approve(7)).await.unwrap(), "7 by Ada");
    assert_eq!(start.elapsed(), Duration::from_secs(3600));
}

#[tokio::test(start_paused = true)]
async fn a_run_waits_for_its_signal() {
    let journal = Journal::memory();
    let other = journal.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(100_000)).await;
        other.signal("one", "approval", &ada()).await.unwrap();
    });
    let start = Instant::now();
    assert_eq!(journal.run("one", approve(7)).await.unwrap(), "7 by Ada");
    assert_eq!(start.elapsed().as_secs(), 103_600);
}

#[tokio::test(start_paused = true)]
async fn a_timer_goes_on_where_the_run_does() {
    let journal = Journal::memory();
    journal.signal("one", "approval", &ada()).await.unwrap();
    // The wall clock stands still here, so that all of the hour is left.
    let cut_off = tokio::time::timeout(Duration::from_secs(60), journal.run("one", approve(7)));
    cut_off.await.unwrap_err();
    let start = Instant::now();
    assert_eq!(journal.run("one", approve(7)).await.unwrap(), "7 by Ada");
    let left = start.elapsed().as_secs();
    assert!((3590..=3600).contains(&left), "{left}");
}

workflow! {
    #[durable]
    async fn approve_soon(amount: u32) -> Result<String, Late> {
        #[timeout("2h")]
        let approval = signal::<Approval>("approval").await?;
        let text = format!("{amount} by {}", approval.by);
        Ok(text)
    }
}

const TWO_HOURS: Duration = Duration::from_secs(2 * 60 * 60);

#[tokio::test(start_paused = true)]
async fn a_signal_is_waited_for_no_longer_than_its_timeout() {
    let journal = Journal::memory();
    for _ in 0..2 {
        // To run it again is to wait again.
        let start = Instant::now();
        let error = journal.run("one", approve_soon(7)).await.unwrap_err();
        assert!(matches!(error, DurableError::Workflow(Late)), "{error:?}");
        // The end is noted by the wall clock, which does not stand still for the test.
        let waited = start.elapsed().as_secs();
        assert!((7190..=7200).contains(&waited), "{waited}");
    }
    journal.signal("one", "approval", &ada()).await.unwrap();
    assert_eq!(journal.run("one", approve_soon(7)).await.unwrap(), "7 by Ada");
}

#[tokio::test(start_paused = true)]
async fn a_timeout_goes_on_where_the_run_does() {
    let journal = Journal::memory();
    let cut_off = tokio::time::timeout(TWO_HOURS / 2, journal.run("one", approve_soon(7)));
    cut_off.await.unwrap_err();
    // The wall clock stands still here, so that all of it is left.
    let start = Instant::now();
    journal.run("one", approve_soon(7)).await.unwrap_err();
    let left = start.elapsed().as_secs();
    assert!((7190..=7200).contains(&left), "{left}");
}

#[step(retry(max_attempts = 3, backoff = none))]
async fn charge(keys: &Mutex<Vec<String>>) -> Result<u32, StepError> {
    let mut keys = keys.lock().unwrap();
    keys.push(idempotency_key());
    if keys.len() % 3 == 0 { Ok(3) } else { Err(StepError::retryable("busy")) }
}

workflow! {
    #[durable]
    async fn pay(keys: &Mutex<Vec<String>>) -> Result<u32, StepError> {
        let payment = charge(keys).await?;
        Ok(payment)
    }
}

#[tokio::test]
async fn a_key_is_that_of_a_step_in_a_run() {
    let (journal, keys) = (Journal::memory(), Mutex::default());
    journal.run("one", pay(&keys)).await.unwrap();
    assert_eq!(keys.lock().unwrap().drain(..).collect::<Vec<_>>(), ["one/payment"; 3]);

    Run::new().execute(pay(&keys)).await.unwrap();
    let mut keys = keys.into_inner().unwrap();
    keys.dedup();
    let [key] = &keys[..] else { panic!("{keys:?}") };
    assert!(key.ends_with("/payment") && key.len() == 40, "{key}");
    assert_ne!(idempotency_key(), idempotency_key());
}

/// The keys that are seen in the step itself, in its task, and on a thread that it starts.
type Keys = [Option<String>; 3];

#[step]
async fn look_in_step() -> Keys {
    let task = tokio::spawn(async { try_idempotency_key() }).await.unwrap();
    let thread = tokio::task::spawn_blocking(try_idempotency_key).await.unwrap();
    [try_idempotency_key(), task, thread]
}

#[step(spawn)]
async fn look_in_task() -> Keys {
    let task = tokio::spawn(async { try_idempotency_key() }).await.unwrap();
    tokio::task::yield_now().await;
    let thread = tokio::task::spawn_blocking(try_idempotency_key).await.unwrap();
    [try_idempotency_key(), task, thread]
}

#[step(blocking)]
fn look_on_thread() -> Keys {
    let thread = std::thread::spawn(try_idempotency_key).join().unwrap();
    [try_idempotency_key(), None, thread]
}

workflow! {
    #[durable]
    async fn look() -> Result<[Keys; 3], StepError> {
        let step = look_in_step().await;
        let task = look_in_task().await;
        let thread = look_on_thread().await;
        Ok([step, task, thread])
    }
}

#[tokio::test]
async fn only_a_step_s_own_code_has_a_key() {
    let seen = Journal::memory().run("one", look()).await.unwrap();
    let wanted = ["step", "task", "thread"].map(|step| [Some(format!("one/{step}")), None, None]);
    assert_eq!(seen, wanted);

    assert_eq!(try_idempotency_key(), None);
    let plain = look().await.unwrap();
    assert!(plain.iter().flatten().all(Option::is_none), "there is no run: {plain:?}");
}
