use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusRecorder};

/// The upper bounds of the histograms' buckets, in seconds: a chunk waits 400 ms for a database
/// that is far away, and up to four times more after faults.
const BUCKETS: [f64; 8] = [0.005, 0.025, 0.1, 0.3, 0.6, 1.2, 2.5, 5.0];

/// Counts what happens, for Prometheus.
///
/// # Errors
///
/// None: there are buckets.
pub fn counters() -> Result<PrometheusRecorder, BuildError> {
    let durations = Matcher::Suffix("_duration_seconds".to_owned());
    Ok(PrometheusBuilder::new().set_buckets_for_metric(durations, &BUCKETS)?.build_recorder())
}
