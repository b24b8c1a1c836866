//! `#[tracing::instrument]` on steps and workflows, above the macro and below it.

#![allow(clippy::unused_self, clippy::double_must_use)]

use std::fmt::Write;
use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing::instrument::WithSubscriber;
use tracing::span::{Attributes, Id};
use tracing::{Event, Metadata, Span, Subscriber, instrument};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use workflow_runtime::{StepError, step, workflow};

/// The name of the span that the code stands in.
fn here() -> &'static str {
    Span::current().metadata().map_or("", Metadata::name)
}

#[step]
#[instrument]
async fn below(n: u32) -> &'static str {
    here()
}

#[instrument]
#[step]
async fn above(n: u32) -> &'static str {
    here()
}

#[step(retry(max_attempts = 2, backoff = none))]
#[instrument(err, fields(twice = n * 2), name = "trial")]
async fn fails(n: u32) -> Result<u32, StepError> {
    Err(StepError::retryable(format!("{} {n}", here())))
}

#[step(blocking)]
#[cfg_attr(all(), tracing::instrument(skip_all))]
fn blocks(_n: u32) -> &'static str {
    here()
}

struct Shop;

impl Shop {
    #[step]
    #[instrument(skip(self))]
    async fn method(&self, n: u32) -> &'static str {
        here()
    }
}

#[step]
async fn plain(_n: &u32) -> &'static str {
    here()
}

#[step]
async fn undo(_n: &u32) {}

workflow! {
    #[instrument]
    async fn spanned(n: u32, text: &str) -> (&'static str, &'static str) {
        let first = here();
        let second = below(n).await;
        (first, second)
    }

    #[instrument(err, skip_all)]
    #[must_use]
    #[on_failure(finish)]
    async fn undone<T: Sync>(n: u32, _more: &T, _: impl Sized) -> Result<&'static str, StepError> {
        #[compensate(undo(&m))]
        let m = n + 1;
        let name = here();
        let _other = plain(&m).await;
        let failed = if m == 7 { fails(m).await? } else { 0 };
        if m == 0 {
            fails(n).await?;
        }
        Ok(if failed == 0 { name } else { "" })
    }
}

#[tokio::test]
async fn the_body_is_in_the_span() {
    let seen = Seen::default();
    let subscriber = tracing_subscriber::registry().with(seen.clone());
    async {
        assert_eq!(below(1).await, "below");
        assert_eq!(above(1).await, "above");
        assert_eq!(Shop.method(1).await, "method");
        // The subscriber comes along to the thread.
        assert_eq!(blocks(1).await, "blocks");
        assert_eq!(fails(4).await.unwrap_err().to_string(), "trial 4");
        assert_eq!(spanned(1, "").await, ("spanned", "below"));
        assert_eq!(undone(1, &1, 1).await.unwrap(), "undone");
        assert!(undone(6, &1, 1).await.is_err());
    }
    .with_subscriber(subscriber)
    .await;
    let seen = seen.0.lock().unwrap();
    // Once for each attempt, and once more where the workflow comes to it.
    let trials = seen.iter().filter(|told| **told == "trial twice=8").count();
    assert_eq!(trials, 2, "{seen:?}");
    assert!(seen.contains(&"spanned n=1 text=\"\"".to_owned()), "{seen:?}");
    assert!(seen.contains(&"error=trial 7".to_owned()), "{seen:?}");
}

/// The names and fields of spans, and the errors of events.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<String>>>);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Seen {
    fn on_new_span(&self, attributes: &Attributes<'_>, _: &Id, _: Context<'_, S>) {
        let mut text = Text(attributes.metadata().name().to_owned());
        attributes.record(&mut text);
        let Text(text) = text;
        self.0.lock().unwrap().push(text.replace(" n=4", ""));
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut text = Text(String::new());
        event.record(&mut text);
        self.0.lock().unwrap().push(text.0.trim().to_owned());
    }
}

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, " {}={value:?}", field.name()).expect("a string takes it");
    }
}
