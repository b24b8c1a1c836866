//! How long each version takes. `benches/run` makes the table of it.

// Each of the three benchmarks uses a part of what they share.
#[allow(dead_code)]
mod common;

use std::time::Duration;

use criterion::Criterion;

fn main() {
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    for entry in common::entries() {
        criterion.bench_function(&entry.to_string(), |bencher| {
            bencher.iter_custom(|times| entry.time(times));
        });
    }
    criterion.final_summary();
}
