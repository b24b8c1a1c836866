//! How many instructions one run of each version takes. `benches/run` makes the
//! table of it.

// The macros make items without documentation.
#![allow(missing_docs)]

// Each of the three benchmarks uses a part of what they share.
#[allow(dead_code)]
mod common;

use std::hint::black_box;

use common::entry::Batch;
use gungraun::prelude::*;

fn warm(index: usize) -> Batch {
    common::entries()[index].warm(common::COUNTED)
}

// Gives the batch back, so that dropping it is not counted.
#[library_benchmark]
#[benches::entry(iter = 0..common::entries().len(), setup = warm)]
fn run(mut batch: Batch) -> Batch {
    black_box(batch());
    batch
}

library_benchmark_group!(name = group, benchmarks = run);

main!(library_benchmark_groups = group);
