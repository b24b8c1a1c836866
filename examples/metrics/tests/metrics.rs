//! What is scraped is what happened.

// Counts are whole numbers.
#![allow(clippy::cast_precision_loss, clippy::float_cmp)]

use std::collections::BTreeMap;

use prometheus_parse::{Scrape, Value};
use tokio::net::TcpListener;
use workflow_example_checkout::{Scenario, Story, bundled};
use workflow_example_metrics::{play, recorder, serve};
use workflow_examples::data;
use workflow_runtime::EventKind;

/// The samples of one metric: their labels' values in the order of `labels`, and their value.
fn samples(scrape: &Scrape, metric: &str, labels: &[&str]) -> BTreeMap<Vec<String>, f64> {
    let of_metric = scrape.samples.iter().filter(|sample| sample.metric == metric);
    let pairs = of_metric.map(|sample| {
        let values = labels.iter().map(|label| sample.labels.get(label).unwrap().to_owned());
        let value = match sample.value {
            Value::Counter(value) | Value::Gauge(value) | Value::Untyped(value) => value,
            ref other => panic!("{metric} is {other:?}"),
        };
        (values.collect(), value)
    });
    pairs.collect()
}

/// How often each of what `paths` gives is there.
fn counted<'a>(
    stories: &'a [Story],
    paths: impl Fn(&'a Story) -> Vec<String>,
    more: &[&str],
) -> BTreeMap<Vec<String>, f64> {
    let mut counts = BTreeMap::new();
    for path in stories.iter().flat_map(paths) {
        let mut labels = vec!["checkout".to_owned(), path];
        labels.extend(more.iter().map(ToString::to_string));
        *counts.entry(labels).or_default() += 1.0;
    }
    counts
}

#[tokio::test]
async fn a_scrape_tells_what_happened() {
    let recorder = recorder().unwrap();
    let numbers = recorder.handle();
    // All of it runs on this thread.
    let _installed = metrics::set_default_local_recorder(&recorder);

    let scenarios: Vec<Scenario> = data::read_json(&bundled("scenarios.json")).await.unwrap();
    let stories = play(scenarios).await.unwrap();

    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(serve(listener, numbers));
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let response = client.get(format!("http://{address}/metrics")).send().await.unwrap();
    assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
    let text = response.text().await.unwrap();
    server.abort();
    let scrape = Scrape::parse(text.lines().map(|line| Ok(line.to_owned()))).unwrap();

    let sold = stories.iter().filter(|story| story.result.is_ok()).count();
    let runs = samples(&scrape, "workflow_runs_total", &["workflow", "outcome"]);
    let of = |outcome: &str| runs[&vec!["checkout".to_owned(), outcome.to_owned()]];
    let expected = (sold as f64, (stories.len() - sold) as f64);
    assert_eq!((of("completed"), of("failed")), expected);
    let in_flight = samples(&scrape, "workflow_runs_in_flight", &["workflow"]);
    assert_eq!(in_flight[&vec!["checkout".to_owned()]], 0.0);

    let step = ["workflow", "step"];
    let failures = samples(&scrape, "workflow_step_failures_total", &step);
    assert_eq!(failures, counted(&stories, |story| story.recorder.failed_steps(), &[]));
    assert!(!failures.is_empty());

    let attempts = |story: &Story| {
        let starts =
            |kind: &EventKind| matches!(kind, EventKind::Started | EventKind::Retrying { .. });
        let events = story.recorder.events().into_iter();
        events.filter(|event| starts(&event.kind)).map(|event| event.path.to_string()).collect()
    };
    assert_eq!(
        samples(&scrape, "workflow_step_attempts_total", &step),
        counted(&stories, attempts, &[])
    );

    let labels = ["workflow", "step", "outcome"];
    let mut compensations =
        counted(&stories, |story| story.recorder.compensated_steps(), &["completed"]);
    compensations.extend(counted(
        &stories,
        |story| story.recorder.failed_compensations(),
        &["failed"],
    ));
    assert_eq!(samples(&scrape, "workflow_compensations_total", &labels), compensations);

    let durations = samples(&scrape, "workflow_step_duration_seconds_count", &labels);
    let mut ended = counted(&stories, |story| story.recorder.completed_steps(), &["completed"]);
    ended.extend(counted(&stories, |story| story.recorder.failed_steps(), &["failed"]));
    assert_eq!(durations, ended);
    assert!(text.contains("# HELP workflow_runs_total"));
    assert!(text.contains("# TYPE workflow_step_duration_seconds histogram"));
    assert!(text.contains("le=\"0.3\""));
}
