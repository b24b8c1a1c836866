//! Prints random durable workflows as Rust source, for `tests/campaign` to compile.
//!
//! `WORKFLOW_CAMPAIGN_SAGAS=100..140` and `WORKFLOW_CAMPAIGN_GRAPHS=100..120` in the environment
//! make others than those that are tested otherwise.

#[allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    unused_imports,
    reason = "the tests are the module's other user"
)]
#[path = "../src/random"]
mod random {
    pub mod generate;
}

#[allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    unused_imports,
    reason = "the tests are the module's other user"
)]
#[path = "../src/saga"]
mod saga {
    pub mod generate;
}

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use random::generate::OnFailure;

/// The sagas that are tested, unless others are asked for.
const SAGAS: [u64; 10] = [0, 2, 4, 7, 10, 15, 22, 30, 40, 44];

/// The graphs that are tested, unless others are asked for.
const GRAPHS: [u64; 5] = [4, 21, 38, 81, 109];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../src/random/generate");
    println!("cargo::rerun-if-changed=../src/saga/generate.rs");
    println!("cargo::rerun-if-env-changed=WORKFLOW_CAMPAIGN_SAGAS");
    println!("cargo::rerun-if-env-changed=WORKFLOW_CAMPAIGN_GRAPHS");
    let (mut sagas, mut list) = (String::new(), String::new());
    for seed in asked_for("WORKFLOW_CAMPAIGN_SAGAS").unwrap_or_else(|| SAGAS.to_vec()) {
        sagas.push_str(&saga::generate::print_durable(&saga::generate::make_durable(seed)));
        let call = format!("saga{seed}(cx, String::new(), Vec::new())");
        list.push_str(&compiled(seed, &call, ""));
    }
    write_out("durable_sagas.rs", &sagas, &list);
    let (mut graphs, mut list) = (String::new(), String::new());
    for seed in asked_for("WORKFLOW_CAMPAIGN_GRAPHS").unwrap_or_else(|| GRAPHS.to_vec()) {
        let flow = random::generate::make(seed);
        let on_failure = if seed % 2 == 1 { OnFailure::Finish } else { OnFailure::Cancel };
        graphs.push_str(&random::generate::print_durable(&flow, on_failure));
        let call = format!("w{seed}(cx, At::default(), {}, {}.to_string())", seed % 7, seed % 5);
        let rerun = format!(
            ", rerun: |journal, step| Box::pin(async move {{ \
             w{seed}::handle(journal, RUN).rerun_from(step).start().await }})"
        );
        list.push_str(&compiled(seed, &call, &rerun));
    }
    write_out("durable_graphs.rs", &graphs, &list);
}

/// What the tests get of one workflow; `more` are further fields.
fn compiled(seed: u64, call: &str, more: &str) -> String {
    let mut text = String::new();
    writeln!(
        text,
        "Compiled {{ seed: {seed}, plain: |cx| Box::pin(Run::new().execute({call})), \
         durable: |journal, cx| Box::pin(journal.run(RUN, {call})){more} }},"
    )
    .expect("a string can be written to");
    text
}

fn write_out(name: &str, workflows: &str, list: &str) {
    let source = format!(
        "{workflows}/// All that have been compiled.\n\
         pub(super) static COMPILED: &[Compiled] = &[\n{list}];\n"
    );
    let folder = env::var_os("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&folder).join(name), source).expect("the folder can be written to");
}

fn asked_for(variable: &str) -> Option<Vec<u64>> {
    let ranges = env::var(variable).ok()?;
    let seeds = ranges.split(',').map(|range| {
        let (from, to) = range.split_once("..")?;
        Some(from.parse::<u64>().ok()?..to.parse().ok()?)
    });
    let seeds: Option<Vec<_>> = seeds.collect();
    Some(seeds.expect("ranges such as 100..140,150..151").into_iter().flatten().collect())
}
