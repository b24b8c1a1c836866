//! The numbers of many checkouts, as Prometheus reads them.

use std::io;

use axum::{Router, http::header, routing::get};
use metrics_exporter_prometheus::{
    BuildError, Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};
use tokio::{net::TcpListener, task::JoinSet};
use workflow_example_checkout::{Scenario, Story};
use workflow_examples::cli::Failure;
use workflow_runtime::{Metrics, Run};

/// The upper bounds of the histograms' buckets, in seconds: steps here take from a millisecond
/// up to the 1.2 s of four attempts that get no answer, and their waits.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 0.6, 1.2, 2.5];

/// Takes the numbers, until somebody installs it.
///
/// # Errors
///
/// None: there are buckets.
pub fn recorder() -> Result<PrometheusRecorder, BuildError> {
    let durations = Matcher::Suffix("_duration_seconds".to_owned());
    let builder = PrometheusBuilder::new().set_buckets_for_metric(durations, &BUCKETS)?;
    Ok(builder.build_recorder())
}

/// Lets all customers buy at the same time.
///
/// # Errors
///
/// If no port can be listened on.
///
/// # Panics
///
/// If a visit panics.
pub async fn play(scenarios: Vec<Scenario>) -> Result<Vec<Story>, Failure> {
    let metrics = Metrics::new();
    let mut visits = JoinSet::new();
    for scenario in scenarios {
        let run = Run::new().observe(metrics.clone());
        // A failure is no `Send`, and there is none but that of a port.
        visits.spawn(
            async move { scenario.play_in(run).await.map_err(|error| format!("{error:?}")) },
        );
    }
    visits.join_all().await.into_iter().map(|story| Ok(story.map_err(io::Error::other)?)).collect()
}

/// Answers scrapes of `/metrics`, until it is dropped.
///
/// # Errors
///
/// If the listener breaks.
pub async fn serve(listener: TcpListener, numbers: PrometheusHandle) -> io::Result<()> {
    let scrape = async move || {
        // Samples of histograms are collected here, as nothing else does it.
        numbers.run_upkeep();
        ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], numbers.render())
    };
    axum::serve(listener, Router::new().route("/metrics", get(scrape))).await
}
