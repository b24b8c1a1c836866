//! Prints random workflows as Rust source, for `src/random` to compile.
//!
//! `WORKFLOW_SEEDS=1000..1040` in the environment makes others than those that are tested
//! otherwise, and `BORROWING_SEEDS` others whose values borrow from each other.

#[allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    unused_imports,
    reason = "the library is the module's other user"
)]
#[path = "src/random"]
mod random {
    pub mod generate;
}

#[allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    unused_imports,
    reason = "the library is the module's other user"
)]
#[path = "src/saga"]
mod saga {
    pub mod generate;
}

use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use random::generate::{self, OnFailure};

/// Those that are tested, unless others are asked for: each of them has found a mistake.
const SEEDS: [u64; 25] = [
    0, 4, 7, 8, 14, 21, 22, 24, 28, 35, 38, 42, 46, 68, 78, 81, 85, 95, 109, 119, 139, 151, 451,
    2053, 2094,
];

/// Those that are tested with values that borrow from each other, unless others are asked for.
const BORROWING: [u64; 13] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 5211, 5254, 5837];

/// Those that are tested where what runs ends after a failure and nothing new starts, unless others
/// are asked for.
const ENDING: [u64; 8] = [0, 7, 21, 35, 46, 81, 109, 451];

/// Expressions that are long or deep, in workflows: the macro takes what rustc takes.
fn deep() -> String {
    let sum = vec!["n"; 5000].join(" + ");
    let mut choices = String::new();
    for at in 0..3000 {
        write!(choices, "if n == {at} {{ {at} }} else ").expect("a string takes it");
    }
    let nested = |innermost: &str, depth: usize| {
        (0..depth).fold(innermost.to_owned(), |inner, at| {
            format!("match n {{ {at} => {{ {inner} }} _ => 1 }}")
        })
    };
    let (values, steps) = (nested("n + 1", 200), nested("same(n).await", 90));
    let mut chain = String::new();
    for at in 0..150 {
        write!(chain, "if n == {at} {{ same({at}).await }} else ").expect("a string takes it");
    }
    let layers = |open: &str, innermost: &str, close: &str, depth: usize| {
        format!("{}{innermost}{}", open.repeat(depth), close.repeat(depth))
    };
    let parentheses = layers("(", "n", ")", 600);
    let blocks = layers("{", "same(n).await", "}", 200);
    let calls = layers("plus(", "n", ")", 600);
    format!(
        "workflow! {{
            async fn sum(n: u32) -> u32 {{ let m = {sum}; let a = same(1).await; m + a }}
            async fn choices(n: u32) -> u32 {{ let a = same(n).await; let m = {choices} {{ 0 }}; m + a }}
            async fn values(n: u32) -> u32 {{ let a = same(n).await; let m = {values}; m + a }}
            async fn steps(n: u32) -> u32 {{ let m = {steps}; m }}
            async fn chain(n: u32) -> u32 {{ let m = {chain} {{ 7 }}; m }}
            async fn head(n: u32) -> u32 {{ let m = if {sum} == 5000 {{ same(n).await }} else {{ 7 }}; m }}
            async fn parentheses(n: u32) -> u32 {{ let m = {parentheses}; let a = same({parentheses}).await; m + a }}
            async fn blocks(n: u32) -> u32 {{ let m = {blocks}; m }}
            async fn calls(n: u32) -> u32 {{ let m = {calls}; let a = same({calls}).await; m + a }}
        }}
        #[step]
        async fn sum_in_a_step(n: u32) -> u32 {{ {sum} }}"
    )
}

/// How many steps the large workflow has.
const LARGE: u64 = 310;

/// The sagas that are tested, unless others are asked for.
const SAGAS: [u64; 16] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// Those that are tested once more, where nothing new starts after a failure.
const DRAINING: [u64; 8] = [0, 1, 2, 3, 5, 6, 9, 14];

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=src/random/generate");
    println!("cargo::rerun-if-changed=src/saga/generate.rs");
    println!("cargo::rerun-if-env-changed=WORKFLOW_SEEDS");
    println!("cargo::rerun-if-env-changed=BORROWING_SEEDS");
    println!("cargo::rerun-if-env-changed=SAGA_SEEDS");
    let folder = env::var_os("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&folder).join("deep.rs"), deep()).expect("the file can be written");
    let seeds = asked_for("WORKFLOW_SEEDS").unwrap_or_else(|| SEEDS.to_vec());
    let mut source = String::new();
    let mut list = String::new();
    let mut finishing = String::new();
    for seed in seeds {
        let flow = generate::make(seed);
        source.push_str(&generate::print(&flow, OnFailure::Cancel));
        let name = format!("w{seed}");
        writeln!(list, "{},", compiled(seed, "generate::make", &name))
            .expect("a string can be written to");
        // The same again, so that it needs a module of its own.
        let again = generate::print(&flow, OnFailure::Finish);
        writeln!(source, "pub(super) mod finish_{seed} {{ use super::*; {again} }}")
            .expect("a string can be written to");
        let name = format!("finish_{seed}::{name}");
        writeln!(finishing, "{},", compiled(seed, "generate::make", &name))
            .expect("a string can be written to");
    }
    let (mut borrowing, mut ending) = (String::new(), String::new());
    for seed in asked_for("BORROWING_SEEDS").unwrap_or_else(|| BORROWING.to_vec()) {
        let flow = generate::print(&generate::make_borrowing(seed), on_failure(seed));
        writeln!(source, "pub(super) mod borrow_{seed} {{ use super::*; {flow} }}")
            .expect("a string can be written to");
        let name = format!("borrow_{seed}::w{seed}");
        writeln!(borrowing, "{},", compiled(seed, "generate::make_borrowing", &name))
            .expect("a string can be written to");
    }
    for seed in asked_for("WORKFLOW_SEEDS").unwrap_or_else(|| ENDING.to_vec()) {
        let flow = generate::print(&generate::make(seed), OnFailure::Drain);
        writeln!(source, "pub(super) mod drain_{seed} {{ use super::*; {flow} }}")
            .expect("a string can be written to");
        let name = format!("drain_{seed}::w{seed}");
        writeln!(ending, "{},", compiled(seed, "generate::make", &name))
            .expect("a string can be written to");
    }
    source.push_str(&generate::print(&generate::large(LARGE), OnFailure::Cancel));
    let large = compiled(LARGE, "generate::large", "large");
    write!(
        source,
        "/// All that have been compiled.\n\
         pub static COMPILED: &[Compiled] = &[\n{list}];\n\
         /// The same, but what does not depend on a failed step runs to its end.\n\
         pub static FINISHING: &[Compiled] = &[\n{finishing}];\n\
         /// The same, but what runs ends after a failure, and nothing new starts.\n\
         pub static ENDING: &[Compiled] = &[\n{ending}];\n\
         /// Some whose values borrow from each other.\n\
         pub static BORROWING: &[Compiled] = &[\n{borrowing}];\n\
         /// One with hundreds of steps.\n\
         pub static LARGE: Compiled = {large};\n"
    )
    .expect("a string can be written to");
    write_out("workflows.rs", &source);
    write_out("sagas.rs", &sagas());
}

/// What a failure does to a workflow with values that borrow.
fn on_failure(seed: u64) -> OnFailure {
    match seed % 4 {
        0 => OnFailure::Finish,
        1 => OnFailure::Drain,
        _ => OnFailure::Cancel,
    }
}

fn sagas() -> String {
    let mut source = String::new();
    let (mut list, mut draining) = (String::new(), String::new());
    let compiled = |seed: u64, make: &str, name: &str| {
        let call = format!("|cx| Box::pin({name}(cx, String::new(), Vec::new()))");
        format!("Compiled {{ seed: {seed}, make: generate::{make}, call: {call} }},\n")
    };
    for seed in asked_for("SAGA_SEEDS").unwrap_or_else(|| SAGAS.to_vec()) {
        source.push_str(&saga::generate::print(&saga::generate::make(seed)));
        list.push_str(&compiled(seed, "make", &format!("saga{seed}")));
    }
    for seed in asked_for("SAGA_SEEDS").unwrap_or_else(|| DRAINING.to_vec()) {
        source.push_str(&saga::generate::print(&saga::generate::make_draining(seed)));
        draining.push_str(&compiled(seed, "make_draining", &format!("drain_saga{seed}")));
    }
    format!(
        "{source}/// All that have been compiled.\n\
         pub static COMPILED: &[Compiled] = &[\n{list}];\n\
         /// The same, but nothing new starts after a failure.\n\
         pub static DRAINING: &[Compiled] = &[\n{draining}];\n"
    )
}

fn write_out(name: &str, source: &str) {
    let folder = env::var_os("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&folder).join(name), source).expect("the folder can be written to");
}

fn asked_for(variable: &str) -> Option<Vec<u64>> {
    let ranges = env::var(variable).ok()?;
    Some(seeds(&ranges).expect("ranges such as 1000..1040,1050..1051"))
}

fn compiled(seed: u64, make: &str, name: &str) -> String {
    let call = format!("|cx, number, text| Box::pin({name}(cx, At::default(), number, text))");
    format!("Compiled {{ seed: {seed}, make: {make}, call: {call} }}")
}

fn seeds(ranges: &str) -> Option<Vec<u64>> {
    let mut seeds = Vec::new();
    for range in ranges.split(',') {
        let (from, to) = range.split_once("..")?;
        let (from, to): (u64, u64) = (from.parse().ok()?, to.parse().ok()?);
        seeds.extend(from..to);
    }
    Some(seeds)
}
