//! A span that a program puts around the tasks of its steps, without the feature `tracing`.

use std::sync::{Arc, Mutex};

use tracing::{Event, Subscriber, info, info_span, instrument::Instrument};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use workflow_runtime::{Run, around_tasks, step, workflow};

/// Keeps in which span things were said.
#[derive(Clone, Default)]
struct Places(Arc<Mutex<Vec<Option<&'static str>>>>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Places {
    fn on_event(&self, event: &Event<'_>, ctx: Context<'_, S>) {
        if event.metadata().target() == "test" {
            let outermost = ctx.event_scope(event).and_then(|scope| scope.from_root().next());
            self.0.lock().unwrap().push(outermost.map(|span| span.name()));
        }
    }
}

#[step(spawn)]
async fn in_task() {
    info!(target: "test", "first poll");
    tokio::task::yield_now().await;
    info!(target: "test", "second poll");
}

#[step(blocking)]
fn on_thread() {
    info!(target: "test", "on a thread");
}

workflow! {
    async fn both() {
        in_task().await;
        on_thread().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_entered_again() {
    let places = Places::default();
    let subscriber = tracing_subscriber::registry().with(places.clone());
    tracing::subscriber::set_global_default(subscriber).unwrap();
    around_tasks(|| {
        let span = tracing::Span::current();
        move |body: &mut dyn FnMut()| span.in_scope(body)
    });
    let calls = async {
        both().await;
        Run::new().execute(both()).await;
        on_thread().await;
    };
    calls.instrument(info_span!("request")).await;
    assert_eq!(*places.0.lock().unwrap(), [Some("request"); 7]);
    on_thread().await;
    assert_eq!(places.0.lock().unwrap().last(), Some(&None));
}
