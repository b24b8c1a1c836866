//! Where the time of a checkout goes: each workflow and each step as a span, sent to a
//! collector and drawn.

mod export;
mod kept;
mod tree;

use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::ExporterBuildError;
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing::{Dispatch, Level};
use tracing_subscriber::{Layer, filter::Targets, layer::SubscriberExt};
use workflow_examples::cli::Failure;

pub use self::{kept::Kept, tree::draw};

/// Sends spans to a collector, and keeps them to be drawn.
#[derive(Debug)]
pub struct Traces {
    provider: SdkTracerProvider,
    kept: Kept,
}

impl Traces {
    /// For the collector at this address, such as `http://localhost:4318`; without one, spans
    /// are only kept.
    ///
    /// # Errors
    ///
    /// If the address is none.
    pub fn new(collector: Option<&str>) -> Result<Self, ExporterBuildError> {
        let kept = Kept::default();
        let service = Resource::builder().with_service_name("checkout").build();
        let builder =
            SdkTracerProvider::builder().with_resource(service).with_simple_exporter(kept.clone());
        let provider = match collector {
            // Spans leave in batches, from a thread of their own.
            Some(address) => builder.with_batch_exporter(export::to(address)?),
            None => builder,
        };
        Ok(Self { provider: provider.build(), kept })
    }

    /// The subscriber that takes what workflows tell, and nothing of the HTTP client below.
    #[must_use]
    pub fn subscriber(&self) -> Dispatch {
        let tracer = self.provider.tracer("workflow");
        let layer = tracing_opentelemetry::layer()
            .with_tracer(tracer)
            // The workflow says of its spans what is an error.
            .with_error_events_to_status(false)
            .with_location(false)
            .with_threads(false);
        let workflows = Targets::new().with_target("workflow", Level::DEBUG);
        tracing_subscriber::registry().with(layer.with_filter(workflows)).into()
    }

    /// Waits until all spans have left, and gives them as text.
    ///
    /// # Errors
    ///
    /// If the collector does not take them.
    pub async fn finish(self) -> Result<String, Failure> {
        let Self { provider, kept } = self;
        // It waits for its thread, which must not keep this one from working meanwhile.
        let end = tokio::task::spawn_blocking(move || {
            let end = provider.shutdown();
            drop(provider);
            end
        });
        end.await??;
        Ok(draw(&kept.spans()))
    }
}
