//! A subscriber that does not take all.

use std::fmt::Write as _;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::subscriber::set_default;
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context as LayerContext, Layer, SubscriberExt};
use workflow_runtime::{step, workflow};

#[step]
async fn check(fails: bool) -> Result<u32, String> {
    if fails { Err("no".to_owned()) } else { Ok(1) }
}

workflow! {
    async fn checked(fails: bool) -> Result<u32, String> {
        let first = check(false).await?;
        let second = check(fails).await?;
        Ok(first + second)
    }
}

/// Keeps events as text: the level and all fields.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<String>>>);

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let _ = write!(self.0, " {}={value:?}", field.name());
    }
}

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _: LayerContext<'_, S>) {
        let mut text = Text(event.metadata().level().to_string());
        event.record(&mut text);
        self.0.lock().unwrap().push(text.0);
    }
}

fn poll_once<F: Future>(future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    match future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("its steps wait for nothing"),
    }
}

#[test]
fn one_that_takes_nothing_of_workflows_costs_no_memory() {
    let others =
        Targets::new().with_default(Level::TRACE).with_target("workflow", LevelFilter::OFF);
    let lines = Lines::default();
    let _subscriber = set_default(tracing_subscriber::registry().with(lines.clone()).with(others));
    tracing::info!("it listens");
    poll_once(checked(false)).unwrap();
    let counted = allocation_counter::measure(|| _ = poll_once(checked(false)));
    assert_eq!(counted.count_total, 0, "{counted:?}");
    poll_once(checked(true)).unwrap_err();
    assert_eq!(*lines.0.lock().unwrap(), ["INFO message=it listens"]);
}

#[test]
fn one_for_warnings_is_told_what_they_are_of() {
    let lines = Lines::default();
    let warnings = Targets::new().with_target("workflow", Level::WARN);
    let _subscriber =
        set_default(tracing_subscriber::registry().with(lines.clone()).with(warnings));
    poll_once(checked(true)).unwrap_err();
    assert_eq!(
        *lines.0.lock().unwrap(),
        [
            "WARN message=step failed workflow=\"checked\" step=\"second\" attempts=1 \
             retryable=false error=\"no\"",
            "ERROR message=workflow failed workflow=\"checked\" error=\"no\"",
        ]
    );
}

/// What is decided when a workflow is first polled holds to its end.
#[test]
fn one_that_comes_half_way_is_too_late() {
    #[step]
    async fn wait_once() -> u32 {
        let mut waited = false;
        std::future::poll_fn(|_| {
            if std::mem::replace(&mut waited, true) { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        1
    }
    workflow! {
        async fn inner() -> u32 {
            let waited = wait_once().await;
            waited
        }
        async fn outer() -> u32 {
            let first = inner().await;
            #[after(first)]
            let second = inner().await;
            first + second
        }
    }
    let nothing = set_default(tracing::subscriber::NoSubscriber::new());
    let mut call = std::pin::pin!(outer());
    let mut cx = Context::from_waker(Waker::noop());
    assert!(call.as_mut().poll(&mut cx).is_pending());
    drop(nothing);

    let root = workflow_observed_tests::trace();
    assert!(root.inside(|| call.as_mut().poll(&mut cx)).is_pending());
    assert_eq!(root.inside(|| call.as_mut().poll(&mut cx)), Poll::Ready(2));
    assert_eq!(root.spans(), "");
}
