//! Steps on tasks and threads of their own.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::thread::{self, ThreadId};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::runtime::{Builder, Handle};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep, timeout};
use workflow_runtime::{Recorder, Run, StepError, TimedOut, step, workflow};

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

#[step(spawn)]
async fn spawned(millis: u64, _held: Arc<()>) -> u64 {
    sleep(ms(millis)).await;
    millis
}

#[step(spawn)]
async fn explode() -> Result<(), String> {
    resume_unwind(Box::new("boom"))
}

#[step(blocking)]
fn blocked(millis: u64, done: Arc<AtomicU32>) -> ThreadId {
    thread::sleep(ms(millis));
    done.fetch_add(1, Ordering::Relaxed);
    thread::current().id()
}

#[step(blocking)]
fn explode_blocking(text: &'static str) -> Result<(), String> {
    if text.is_empty() {
        return Err("empty".to_owned());
    }
    text.parse::<u32>().map_err(|error| error.to_string())?;
    resume_unwind(Box::new("boom"))
}

workflow! {
    async fn two(held: Arc<()>) -> u64 {
        let first = spawned(10, Arc::clone(&held)).await;
        let second = spawned(20, held.clone()).await;
        first + second
    }
}

#[tokio::test(start_paused = true)]
async fn a_spawned_step_is_a_step() {
    let start = Instant::now();
    let recorder = Recorder::new();
    assert_eq!(Run::new().observe(recorder.clone()).execute(two(Arc::new(()))).await, 30);
    assert_eq!(start.elapsed(), ms(20));
    assert_eq!(recorder.completed_steps(), ["first", "second"]);
}

#[tokio::test(start_paused = true)]
async fn dropping_a_spawned_step_aborts_it() {
    let held = Arc::new(());
    assert!(timeout(ms(5), two(Arc::clone(&held))).await.is_err());
    sleep(ms(1)).await;
    assert_eq!(Arc::strong_count(&held), 1);
    assert_eq!(Handle::current().metrics().num_alive_tasks(), 0);
    // Nothing starts before it is polled.
    drop(spawned(1, Arc::clone(&held)));
    assert_eq!(Handle::current().metrics().num_alive_tasks(), 0);
}

#[tokio::test]
async fn a_panic_reaches_the_caller() {
    let panic = AssertUnwindSafe(explode()).catch_unwind().await.unwrap_err();
    assert_eq!(panic.downcast_ref(), Some(&"boom"));
    let panic = AssertUnwindSafe(explode_blocking("1")).catch_unwind().await.unwrap_err();
    assert_eq!(panic.downcast_ref(), Some(&"boom"));
    assert_eq!(explode_blocking("").await, Err("empty".to_owned()));
    assert_eq!(explode_blocking("x").await, Err("invalid digit found in string".to_owned()));
}

/// Meets another one, which only works if both run at the same moment.
#[step(spawn)]
async fn meet(barrier: Arc<Barrier>) -> ThreadId {
    barrier.wait();
    thread::current().id()
}

workflow! {
    async fn meeting(barrier: Arc<Barrier>) -> (ThreadId, ThreadId) {
        let first = meet(barrier.clone()).await;
        let second = meet(barrier.clone()).await;
        (first, second)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn spawned_steps_run_in_parallel() {
    let (first, second) = meeting(Arc::new(Barrier::new(2))).await;
    assert_ne!(first, second);
}

#[tokio::test]
async fn a_blocking_step_blocks_no_one() {
    let done = Arc::new(AtomicU32::new(0));
    let call = blocked(20, Arc::clone(&done));
    let elsewhere = tokio::select! {
        biased;
        id = call => id,
        () = sleep(ms(5_000)) => unreachable!("it does not take so long"),
    };
    assert_ne!(elsewhere, thread::current().id());
    assert_eq!(done.load(Ordering::Relaxed), 1);
}

/// Says that it has begun, waits until it may end, and says that it has.
#[step(blocking)]
fn held(begun: oneshot::Sender<()>, may_end: mpsc::Receiver<()>, ended: oneshot::Sender<()>) {
    begun.send(()).unwrap();
    may_end.recv().unwrap();
    ended.send(()).unwrap();
}

#[tokio::test]
async fn dropping_a_blocking_step_does_not_stop_it() {
    let (begun, has_begun) = oneshot::channel();
    let (end, may_end) = mpsc::channel();
    let (ended, has_ended) = oneshot::channel();
    let mut call = Box::pin(held(begun, may_end, ended));
    // A function that has not begun when its step is dropped never does, so this one is waited for.
    tokio::select! {
        biased;
        () = &mut call => unreachable!("it may not end yet"),
        begun = has_begun => begun.unwrap(),
    }
    drop(call);
    end.send(()).expect("it still waits");
    has_ended.await.expect("it has run to its end");
}

#[test]
fn a_blocking_step_that_is_dropped_before_it_begins_never_does() {
    let runtime = Builder::new_current_thread().max_blocking_threads(1).build().unwrap();
    runtime.block_on(async {
        let (begun, has_begun) = oneshot::channel();
        let (end, may_end) = mpsc::channel();
        let (ended, has_ended) = oneshot::channel();
        let mut first = Box::pin(held(begun, may_end, ended));
        assert!((&mut first).now_or_never().is_none());
        has_begun.await.unwrap();

        // The only thread is taken.
        let done = Arc::new(AtomicU32::new(0));
        let mut second = Box::pin(blocked(0, Arc::clone(&done)));
        assert!((&mut second).now_or_never().is_none());
        drop(second);
        end.send(()).unwrap();
        first.await;
        has_ended.await.unwrap();
        // What comes behind it on that thread runs, so its turn is over.
        blocked(0, Arc::new(AtomicU32::new(0))).await;
        assert_eq!(done.load(Ordering::Relaxed), 0);
    });
}

/// What happened when, in milliseconds of virtual time.
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
}

struct Held(Log);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.say("dropped");
    }
}

#[step(spawn, retry(max_attempts = 2, backoff = constant("50ms")), timeout = "100ms")]
async fn late(log: Log) -> Result<u32, StepError> {
    log.say("started");
    let _held = Held(log);
    sleep(ms(1000)).await;
    Ok(1)
}

#[tokio::test(start_paused = true)]
async fn a_late_task_is_aborted_before_the_next_attempt() {
    let log = Log::new();
    assert!(late(log.clone()).await.is_err());
    assert_eq!(log.start.elapsed(), ms(250));
    tokio::task::yield_now().await;
    assert_eq!(
        *log.lines.lock().unwrap(),
        [(0, "started"), (100, "dropped"), (150, "started"), (250, "dropped")]
    );
    assert_eq!(Handle::current().metrics().num_alive_tasks(), 0);
}

#[step(spawn, retry(max_attempts = 3, backoff = none))]
async fn thrice(calls: Arc<AtomicU32>) -> Result<u32, StepError> {
    match calls.fetch_add(1, Ordering::Relaxed) + 1 {
        3 => Ok(3),
        _ => Err(StepError::retryable("busy")),
    }
}

struct Shop {
    calls: AtomicU32,
}

impl Shop {
    #[step(spawn, retry(max_attempts = 2, backoff = none))]
    async fn sell(self: Arc<Self>, cents: u32) -> Result<u32, StepError> {
        match self.calls.fetch_add(1, Ordering::Relaxed) {
            0 => Err(StepError::retryable("busy")),
            _ => Ok(cents),
        }
    }

    #[step(blocking)]
    fn count(self: Arc<Self>) -> u32 {
        self.calls.load(Ordering::Relaxed)
    }
}

#[tokio::test]
async fn each_attempt_is_a_task() {
    assert_eq!(thrice(Arc::default()).await.unwrap(), 3);
    let shop = Arc::new(Shop { calls: AtomicU32::new(0) });
    assert_eq!(Arc::clone(&shop).sell(5).await.unwrap(), 5);
    assert_eq!(shop.count().await, 2);
}

/// Blocks until it is told to return, and says how many there are at once.
#[step(blocking, retry(max_attempts = 2, backoff = none), timeout = "50ms")]
fn stuck(gate: Arc<Gate>) -> Result<u32, StepError> {
    Ok(gate.pass())
}

#[step(blocking, retry(max_attempts = 2, backoff = none), timeout = "20ms", deadline = "100ms")]
fn stuck_until(gate: Arc<Gate>) -> Result<u32, StepError> {
    Ok(gate.pass())
}

struct Gate {
    calls: AtomicU32,
    inside: AtomicU32,
    open: Mutex<mpsc::Receiver<()>>,
}

impl Gate {
    fn new() -> (Arc<Self>, mpsc::Sender<()>) {
        let (key, open) = mpsc::channel();
        let (calls, inside) = (AtomicU32::new(0), AtomicU32::new(0));
        (Arc::new(Self { calls, inside, open: Mutex::new(open) }), key)
    }

    fn pass(&self) -> u32 {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        assert_eq!(self.inside.fetch_add(1, Ordering::SeqCst), 0, "two at once");
        if call == 0 {
            self.open.lock().unwrap().recv().unwrap();
        }
        self.inside.fetch_sub(1, Ordering::SeqCst);
        call
    }
}

#[tokio::test]
async fn the_next_attempt_waits_for_a_late_function() {
    let (gate, key) = Gate::new();
    thread::spawn(move || {
        thread::sleep(ms(150));
        key.send(()).unwrap();
    });
    let start = Instant::now();
    assert_eq!(stuck(Arc::clone(&gate)).await.unwrap(), 1);
    assert!(start.elapsed() >= ms(140), "{:?}", start.elapsed());
}

#[tokio::test]
async fn a_deadline_ends_the_wait_for_a_late_function() {
    let (gate, key) = Gate::new();
    let start = Instant::now();
    let recorder = Recorder::new();
    let run = Run::new().observe(recorder.clone());
    let error = run.execute(stuck_until(Arc::clone(&gate))).await.unwrap_err();
    assert!(start.elapsed() >= ms(100));
    assert_eq!(error.to_string(), "step `stuck_until` passed its deadline of 100ms");
    assert_eq!(gate.calls.load(Ordering::SeqCst), 1);
    assert_eq!(recorder.failed_steps(), ["stuck_until"]);
    // So that the runtime can shut down.
    key.send(()).unwrap();
}

#[step(blocking, timeout = "10ms")]
fn too_slow(done: mpsc::Receiver<()>) -> Result<(), Failed> {
    let _ = done.recv();
    Ok(())
}

#[derive(Debug)]
struct Failed(#[expect(dead_code, reason = "it is shown")] TimedOut);

impl From<TimedOut> for Failed {
    fn from(error: TimedOut) -> Self {
        Self(error)
    }
}

#[tokio::test]
async fn nobody_waits_for_the_last_attempt() {
    let (key, done) = mpsc::channel();
    assert!(too_slow(done).await.is_err());
    drop(key);
}
