//! A `for` over very many items: called directly, with an observer that counts, recorded, and
//! its report.
//!
//! ```sh
//! cargo run --release -p workflow-benches --bin items -- 1000 100000 1000000
//! ```

use std::hint::black_box;
use std::time::{Duration, Instant};

use workflow_benches::drive::drive;
use workflow_benches::observed::Counter;
use workflow_benches::shapes::items::{all, limited};
use workflow_benches::step::Failed;
use workflow_runtime::{Recorder, Run, Step};

/// Of so many measurements the least counts.
const TIMES: usize = 3;

fn main() {
    let arguments = std::env::args().skip(1);
    let mut sizes: Vec<u64> =
        arguments.map(|size| size.parse().expect("a number of items")).collect();
    if sizes.is_empty() {
        sizes = vec![1_000, 10_000, 100_000, 1_000_000];
    }
    println!("ns an item; × is the multiple of a direct call");
    println!(
        "{:>10}  {:9}  {:>8}  {:>16}  {:>16}  {:>8}",
        "items", "", "direct", "counted", "recorded", "report"
    );
    for items in sizes {
        row(items, "all", all);
        row(items, "8 at once", limited);
    }
}

fn row<S: Step<Output = Result<u64, Failed>>>(items: u64, kind: &str, call: fn(u64) -> S) {
    let least = |measure: fn(u64, fn(u64) -> S) -> Duration| {
        let least = (0..TIMES).map(|_| measure(items, call)).min().expect("it was measured");
        least.as_nanos() / u128::from(items)
    };
    let direct = least(direct);
    let (counted, recorded, report) = (least(counted), least(recorded), least(report));
    let times = |nanos: u128| nanos * 10 / direct.max(1);
    let multiple = |nanos| format!("{nanos:>8} {:>4}.{}×", times(nanos) / 10, times(nanos) % 10);
    println!(
        "{items:>10}  {kind:9}  {direct:>8}  {:>16}  {:>16}  {report:>8}",
        multiple(counted),
        multiple(recorded),
    );
}

fn time<T>(work: impl FnOnce() -> T) -> Duration {
    let start = Instant::now();
    let result = black_box(work());
    let passed = start.elapsed();
    drop(result);
    passed
}

fn direct<S: Step<Output = Result<u64, Failed>>>(items: u64, call: fn(u64) -> S) -> Duration {
    time(|| drive(|| call(items)))
}

fn counted<S: Step<Output = Result<u64, Failed>>>(items: u64, call: fn(u64) -> S) -> Duration {
    time(|| drive(|| Run::new().observe(Counter::default()).execute(call(items))))
}

fn recorded<S: Step<Output = Result<u64, Failed>>>(items: u64, call: fn(u64) -> S) -> Duration {
    let recorder = Recorder::new();
    time(|| drive(|| Run::new().observe(recorder.clone()).execute(call(items))))
}

fn report<S: Step<Output = Result<u64, Failed>>>(items: u64, call: fn(u64) -> S) -> Duration {
    let recorder = Recorder::new();
    let result = drive(|| Run::new().observe(recorder.clone()).execute(call(items)));
    result.expect("no step fails");
    time(|| recorder.report())
}
