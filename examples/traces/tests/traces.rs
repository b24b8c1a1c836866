//! What arrives at a collector is the workflow's graph.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use axum::{Router, body::Bytes, http::HeaderMap, routing::post};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::any_value::Value,
    trace::v1::{Span, status::StatusCode},
};
use prost::Message;
use tokio::{net::TcpListener, task::JoinHandle};
use workflow_example_checkout::{Scenario, Story, bundled, checkout};
use workflow_example_traces::Traces;
use workflow_examples::data;
use workflow_runtime::Node;

/// A collector on a port of this machine.
struct Collector {
    address: String,
    arrived: Arc<Mutex<Vec<ExportTraceServiceRequest>>>,
    server: JoinHandle<()>,
}

impl Collector {
    async fn start() -> Self {
        let arrived = Arc::default();
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let requests: Arc<Mutex<Vec<_>>> = Arc::clone(&arrived);
        let take = async move |headers: HeaderMap, body: Bytes| {
            assert_eq!(headers["content-type"], "application/x-protobuf");
            requests.lock().unwrap().push(ExportTraceServiceRequest::decode(body).unwrap());
        };
        let app = Router::new().route("/v1/traces", post(take));
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { address, arrived, server }
    }

    fn spans(&self) -> Vec<Span> {
        let requests = self.arrived.lock().unwrap();
        let resources = requests.iter().flat_map(|request| &request.resource_spans);
        let scopes = resources.flat_map(|resource| &resource.scope_spans);
        scopes.flat_map(|scope| scope.spans.clone()).collect()
    }
}

impl Drop for Collector {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Lets the customer of the bundled scenario buy. Gives what arrived, and the picture.
async fn traced(cart: &str) -> (Story, Vec<Span>, String) {
    let scenarios: Vec<Scenario> = data::read_json(&bundled("scenarios.json")).await.unwrap();
    let scenario = scenarios.into_iter().find(|scenario| scenario.cart.id == cart).unwrap();
    let collector = Collector::start().await;
    let traces = Traces::new(Some(&collector.address)).unwrap();
    let story = {
        let _subscriber = tracing::dispatcher::set_default(&traces.subscriber());
        scenario.play().await.unwrap()
    };
    let picture = traces.finish().await.unwrap();
    (story, collector.spans(), picture)
}

fn attribute(span: &Span, key: &str) -> Option<String> {
    let attribute = span.attributes.iter().rfind(|attribute| attribute.key == key)?;
    match attribute.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => Some(text.clone()),
        Value::IntValue(number) => Some(number.to_string()),
        _ => None,
    }
}

fn failed(span: &Span) -> bool {
    span.status.as_ref().is_some_and(|status| status.code() == StatusCode::Error)
}

/// The one without a parent, and the others by their names. All others are inside it.
fn root_and_others(spans: Vec<Span>) -> (Span, BTreeMap<String, Span>) {
    let (mut roots, others): (Vec<_>, Vec<_>) =
        spans.into_iter().partition(|span| span.parent_span_id.is_empty());
    assert_eq!(roots.len(), 1);
    let root = roots.remove(0);
    let count = others.len();
    let mut by_name = BTreeMap::new();
    for span in others {
        assert_eq!(span.trace_id, root.trace_id);
        assert_eq!(span.parent_span_id, root.span_id, "{}", span.name);
        by_name.insert(span.name.clone(), span);
    }
    assert_eq!(by_name.len(), count, "each is there once");
    (root, by_name)
}

#[tokio::test]
async fn the_spans_are_the_graph() {
    let (story, spans, picture) = Box::pin(traced("C-1")).await;
    assert!(story.result.is_ok());
    let (root, steps) = root_and_others(spans);
    assert_eq!(root.name, checkout::GRAPH.name());
    assert!(!failed(&root));

    let mut paths: Vec<_> = checkout::GRAPH.nodes().iter().map(Node::path).collect();
    paths.sort_unstable();
    assert_eq!(steps.keys().collect::<Vec<_>>(), paths);
    for (path, span) in &steps {
        assert!(!failed(span), "{path}");
        assert_eq!(attribute(span, "step").as_ref(), Some(path));
        assert_eq!(attribute(span, "workflow").as_deref(), Some("checkout"));
    }
    assert_eq!(picture.lines().count(), 1 + paths.len(), "{picture}");
}

#[tokio::test]
async fn what_failed_and_what_was_undone_is_there() {
    let (story, spans, picture) = Box::pin(traced("C-8")).await;
    let (root, spans) = root_and_others(spans);
    assert!(failed(&root));
    let undone = story.recorder.compensated_steps();
    assert_eq!(undone, ["mail", "order", "payment", "stock"]);
    let mut expected = story.recorder.started_steps();
    expected.extend(undone.iter().map(|path| format!("undo {path}")));
    expected.sort_unstable();
    assert_eq!(spans.keys().cloned().collect::<Vec<_>>(), expected);

    let failures: Vec<_> = spans.values().filter(|span| failed(span)).collect();
    assert_eq!(failures.len(), 1);
    let [shipment] = failures[..] else { unreachable!() };
    assert_eq!(shipment.name, "shipment");
    assert_eq!(shipment.status.as_ref().unwrap().message, "the carrier is busy");
    assert_eq!(attribute(shipment, "attempt").as_deref(), Some("4"));
    assert_eq!(attribute(shipment, "outcome").as_deref(), Some("failed"));
    let warned = shipment.events.iter().filter(|event| event.name.starts_with("attempt failed"));
    assert_eq!(warned.count(), 3);
    assert!(picture.contains("4 attempts  failed: the carrier is busy"), "{picture}");
}

#[tokio::test]
async fn without_a_collector_the_picture_is_the_same() {
    let traces = Traces::new(None).unwrap();
    let scenarios: Vec<Scenario> = data::read_json(&bundled("scenarios.json")).await.unwrap();
    {
        let _subscriber = tracing::dispatcher::set_default(&traces.subscriber());
        scenarios.into_iter().next().unwrap().play().await.unwrap();
    }
    let picture = traces.finish().await.unwrap();
    assert!(picture.starts_with("checkout "), "{picture}");
    assert_eq!(picture.lines().count(), 1 + checkout::GRAPH.nodes().len());
}

#[tokio::test]
async fn a_collector_that_is_not_there_is_an_error_or_nothing_and_never_a_panic() {
    let traces = Traces::new(Some("http://127.0.0.1:9")).unwrap();
    let _ = traces.finish().await;
    assert!(Traces::new(Some("no address")).is_err());
}
