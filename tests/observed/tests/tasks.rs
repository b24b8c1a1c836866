//! The caller's span and its subscriber come along to tasks and threads, whatever else there is.

use std::future::pending;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::time::{sleep, timeout};
use tracing::instrument::{Instrument, WithSubscriber};
use tracing::level_filters::LevelFilter;
use tracing::subscriber::NoSubscriber;
use tracing::{Dispatch, Event, Level, Subscriber, info, info_span};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Scope};
use workflow_runtime::{Run, StepError, attempt, step, workflow};

/// Keeps in which spans things were said, from the outermost on.
#[derive(Clone, Default)]
struct Places(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Places {
    fn on_event(&self, event: &Event<'_>, ctx: Context<'_, S>) {
        let spans = ctx.event_scope(event).into_iter().flat_map(Scope::from_root);
        let names: Vec<_> = spans.map(|span| span.name()).collect();
        self.0.lock().unwrap().push(names.join(" > "));
    }
}

impl Places {
    /// A subscriber that takes nothing of workflows, or all.
    fn subscriber(&self, workflows: LevelFilter) -> Dispatch {
        let targets = Targets::new().with_default(Level::TRACE).with_target("workflow", workflows);
        tracing_subscriber::registry().with(self.clone().with_filter(targets)).into()
    }

    fn taken(&self) -> Vec<String> {
        let mut places = std::mem::take(&mut *self.0.lock().unwrap());
        places.sort();
        places
    }
}

#[step(spawn)]
async fn in_task() {
    info!("first poll");
    tokio::task::yield_now().await;
    info!("second poll");
}

#[step(blocking)]
fn on_thread() {
    info!("on a thread");
}

#[step(spawn, timeout = "10s", retry(max_attempts = 2, backoff = none))]
async fn in_two_tasks(tried: Arc<AtomicBool>) -> Result<(), StepError> {
    info!("an attempt");
    let tried = tried.swap(true, Ordering::Relaxed);
    if tried { Ok(()) } else { Err(StepError::retryable("busy")) }
}

workflow! {
    async fn everywhere() -> Result<(), StepError> {
        let a = in_task().await;
        #[after(a)]
        let b = on_thread().await;
        #[after(b)]
        in_two_tasks(Arc::default()).await?;
        Ok(())
    }
}

/// Calls of steps and of workflows, with nobody who observes them.
async fn serve() {
    in_task().await;
    on_thread().await;
    everywhere().await.unwrap();
    Run::new().execute(in_task()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_span_is_kept_where_workflows_have_none() {
    let places = Places::default();
    let subscriber = places.subscriber(LevelFilter::OFF);
    let request = async { serve().instrument(info_span!("request")).await };
    request.with_subscriber(subscriber).await;
    assert_eq!(places.taken(), ["request"; 10]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_span_of_a_step_stands_in_that_of_its_caller() {
    let places = Places::default();
    let subscriber = places.subscriber(LevelFilter::INFO);
    let request = async { serve().instrument(info_span!("request")).await };
    request.with_subscriber(subscriber).await;
    let mut wanted = vec!["request"; 3];
    wanted.extend(["request > step"; 2]);
    // One line says that there will be another attempt.
    wanted.extend(["request > workflow > step"; 6]);
    assert_eq!(places.taken(), wanted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_caller_keeps_its_own_subscriber() {
    let both = [Places::default(), Places::default()];
    let calls =
        both.each_ref().map(|places| serve().with_subscriber(places.subscriber(LevelFilter::OFF)));
    let [first, second] = calls;
    let nobody = serve().with_subscriber(Dispatch::new(NoSubscriber::new()));
    tokio::join!(first, second, nobody);
    for places in both {
        assert_eq!(places.taken(), [""; 10], "no span is entered, and each hears of its own");
    }
}

struct SaysWhenDropped;

impl Drop for SaysWhenDropped {
    fn drop(&mut self) {
        info!("dropped");
    }
}

#[step(spawn)]
async fn hang() {
    let _held = SaysWhenDropped;
    pending::<()>().await;
}

#[tokio::test]
async fn a_task_that_is_aborted_is_dropped_in_it() {
    let places = Places::default();
    let request = async {
        let cut_off = timeout(Duration::from_millis(10), hang());
        cut_off.instrument(info_span!("request")).await.unwrap_err();
    };
    request.with_subscriber(places.subscriber(LevelFilter::OFF)).await;
    sleep(Duration::from_millis(50)).await;
    assert_eq!(places.taken(), ["request"]);
}

#[tokio::test]
async fn the_attempt_is_known_in_a_workflow_that_is_heard() {
    #[step(retry(max_attempts = 2, backoff = none))]
    async fn twice() -> Result<u32, StepError> {
        match attempt() {
            Some(number @ 2..) => Ok(number),
            _ => Err(StepError::retryable("busy")),
        }
    }
    workflow! {
        async fn direct() -> Result<u32, StepError> {
            let number = twice().await?;
            Ok(number)
        }
    }
    let places = Places::default();
    let heard = direct().with_subscriber(places.subscriber(LevelFilter::INFO)).await;
    assert_eq!(heard.unwrap(), 2);
    assert!(direct().with_subscriber(places.subscriber(LevelFilter::OFF)).await.is_err());
}
