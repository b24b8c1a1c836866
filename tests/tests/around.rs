//! What a program puts around the tasks of its steps. It holds for the whole process, so these
//! tests have one of their own.

#![allow(clippy::items_after_statements)]

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, Once};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::time::timeout;
use workflow_runtime::{
    Recorder, Run, StepError, around_tasks, attempt, step, step_path, workflow,
};

tokio::task_local! {
    static REQUEST_ID: u32;
    /// Why what is put around does something wrong.
    static ODD: Odd;
}

#[derive(Clone, Copy)]
enum Odd {
    NeverCalls,
    CallsTwice,
    PanicsBefore,
}

thread_local! {
    static DEPTH: std::cell::RefCell<Vec<&'static str>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// Notes what is around the body, from the outside in.
fn nested(name: &'static str, body: &mut dyn FnMut()) {
    DEPTH.with_borrow_mut(|depth| depth.push(name));
    body();
    DEPTH.with_borrow_mut(|depth| assert_eq!(depth.pop(), Some(name)));
}

fn put_all_around() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        around_tasks(|| {
            let request = REQUEST_ID.try_get().ok();
            move |body: &mut dyn FnMut()| match request {
                Some(request) => REQUEST_ID.sync_scope(request, body),
                None => body(),
            }
        });
        around_tasks(|| |body: &mut dyn FnMut()| nested("second", body));
        around_tasks(|| {
            let mut polls = 0;
            move |body: &mut dyn FnMut()| {
                polls += 1;
                nested(if polls == 1 { "first poll" } else { "later poll" }, body);
            }
        });
        around_tasks(|| {
            let odd = ODD.try_get().ok();
            if let Some(Odd::PanicsBefore) = odd {
                panic!("nothing to take");
            }
            move |body: &mut dyn FnMut()| match odd {
                Some(Odd::NeverCalls) => {}
                Some(Odd::CallsTwice) => {
                    body();
                    body();
                }
                Some(Odd::PanicsBefore) | None => body(),
            }
        });
    });
}

fn request() -> Option<u32> {
    REQUEST_ID.try_get().ok()
}

#[step]
async fn here() -> Option<u32> {
    request()
}

#[step(spawn)]
async fn in_task() -> Option<u32> {
    tokio::task::yield_now().await;
    request()
}

#[step(blocking)]
fn on_thread() -> Option<u32> {
    request()
}

#[step(spawn, timeout = "10s", retry(max_attempts = 2, backoff = none))]
async fn in_two_tasks(tries: Arc<AtomicU32>) -> Result<Option<u32>, StepError> {
    match tries.fetch_add(1, Ordering::Relaxed) {
        0 => Err(StepError::retryable("busy")),
        _ => Ok(request()),
    }
}

workflow! {
    async fn serve() -> Result<Vec<Option<u32>>, StepError> {
        let a = here().await;
        let b = in_task().await;
        let c = on_thread().await;
        let d = in_two_tasks(Arc::default()).await?;
        let pages = for _ in 0..2 { in_task().await };
        Ok([vec![a, b, c, d], pages].concat())
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_local_is_put_back_in_every_kind_of_call() {
    put_all_around();
    let seen = REQUEST_ID.scope(7, serve()).await.unwrap();
    assert_eq!(seen, [Some(7); 6]);
    let seen = REQUEST_ID.scope(8, Run::new().execute(serve())).await.unwrap();
    assert_eq!(seen, [Some(8); 6]);
    // A request of one does not stay for another.
    assert_eq!(serve().await.unwrap(), [None; 6]);
    assert_eq!(REQUEST_ID.scope(9, on_thread()).await, Some(9));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_at_the_same_time_are_not_mixed_up() {
    put_all_around();
    let calls = (0..20).map(|id| REQUEST_ID.scope(id, serve()).map(move |seen| (id, seen)));
    for (id, seen) in futures_util::future::join_all(calls).await {
        assert_eq!(seen.unwrap(), [Some(id); 6]);
    }
}

#[step(spawn)]
async fn look_around() -> [Vec<&'static str>; 2] {
    let around = || DEPTH.with_borrow(Clone::clone);
    let first = around();
    tokio::task::yield_now().await;
    [first, around()]
}

#[step(blocking)]
fn look_around_on_thread() -> Vec<&'static str> {
    DEPTH.with_borrow(Clone::clone)
}

#[tokio::test]
async fn what_was_put_around_first_is_outermost() {
    put_all_around();
    let seen = look_around().await;
    assert_eq!(seen, [["second", "first poll"], ["second", "later poll"]]);
    assert_eq!(look_around_on_thread().await, ["second", "first poll"]);
    assert!(DEPTH.with_borrow(Vec::is_empty));
}

#[step(spawn)]
async fn where_am_i() -> (Option<Arc<str>>, Option<u32>, Option<u32>) {
    (step_path(), attempt(), request())
}

#[tokio::test]
async fn the_step_is_known_inside() {
    put_all_around();
    let seen = REQUEST_ID.scope(3, Run::new().execute(where_am_i())).await;
    assert_eq!(seen, (Some("where_am_i".into()), Some(1), Some(3)));
}

struct OnDrop(Arc<Mutex<Option<u32>>>);

impl Drop for OnDrop {
    fn drop(&mut self) {
        *self.0.lock().unwrap() = request();
    }
}

#[step(spawn)]
async fn hang(seen: Arc<Mutex<Option<u32>>>) {
    let _held = OnDrop(seen);
    std::future::pending::<()>().await;
}

#[tokio::test(start_paused = true)]
async fn it_is_there_when_an_aborted_task_is_dropped() {
    put_all_around();
    let seen = Arc::default();
    let call = REQUEST_ID.scope(5, hang(Arc::clone(&seen)));
    timeout(Duration::from_secs(1), call).await.unwrap_err();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(*seen.lock().unwrap(), Some(5));
}

#[tokio::test]
async fn a_panic_of_it_is_one_of_the_step() {
    put_all_around();
    for odd in [Odd::NeverCalls, Odd::PanicsBefore] {
        let recorder = Recorder::new();
        let run = Run::new().observe(recorder.clone()).execute(on_thread());
        let panic = std::panic::AssertUnwindSafe(ODD.scope(odd, run)).catch_unwind().await;
        let panic = panic.unwrap_err();
        let text = panic.downcast_ref::<&str>().map(ToString::to_string);
        let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap();
        match odd {
            Odd::PanicsBefore => assert_eq!(text, "nothing to take"),
            _ => assert_eq!(text, "what is put around tasks calls the body that it is given"),
        }
        assert_eq!(recorder.panicked_steps(), ["on_thread"]);
    }
}

#[tokio::test]
async fn a_body_that_is_called_twice_runs_once() {
    put_all_around();
    let runs = Arc::new(AtomicU32::new(0));
    #[step(blocking)]
    fn count(runs: Arc<AtomicU32>) -> u32 {
        runs.fetch_add(1, Ordering::Relaxed) + 1
    }
    assert_eq!(ODD.scope(Odd::CallsTwice, count(Arc::clone(&runs))).await, 1);
    assert_eq!(runs.load(Ordering::Relaxed), 1);
}
