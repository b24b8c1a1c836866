//! One table of everything: what this measures itself (that all versions of a
//! case agree, the sizes of the futures, the allocations), and what the other
//! two benchmarks left behind.

mod aims;
mod allocations;
#[path = "../common/mod.rs"]
#[allow(dead_code)]
mod common;
mod measured;
mod print;

use std::collections::HashMap;
use std::env;
use std::path::PathBuf;

use common::COUNTED;
use measured::Measured;

/// A version of a case, with all that is known of it.
struct Row {
    case: &'static str,
    version: &'static str,
    steps: usize,
    instructions: Option<u64>,
    /// Those with the feature `tracing` and no subscriber.
    with_tracing: Option<u64>,
    nanoseconds: Option<f64>,
    bytes: Option<usize>,
    allocations: u64,
}

fn main() {
    // `benches/run` gives the directory; `cargo bench` alone gives only flags.
    let directory = env::args().skip(1).find(|arg| !arg.starts_with("--"));
    let measured = Measured::read(directory.map(PathBuf::from).as_deref());

    let mut results = HashMap::new();
    let mut rows = Vec::new();
    for (index, entry) in common::entries().iter().enumerate() {
        let (result, allocations) = allocations::count(&mut entry.warm(COUNTED));
        let expected = *results.entry(entry.case).or_insert(result);
        assert_eq!(result, expected, "{entry} gives another result");
        rows.push(Row {
            case: entry.case,
            version: entry.version,
            steps: entry.steps,
            instructions: measured.instructions(index),
            with_tracing: measured.with_tracing(index),
            nanoseconds: measured.nanoseconds(entry),
            bytes: entry.bytes,
            allocations: allocations / COUNTED,
        });
    }
    let cases: Vec<&[Row]> = rows.chunk_by(|a, b| a.case == b.case).collect();
    print::table(&cases);
    aims::report(&cases);
}
