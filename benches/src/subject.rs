//! What is measured: every version of every case, with a function that runs it.

use std::hint::black_box;

use crate::drive::drive;
use crate::{graphs, observed, shapes};

/// The input of every run.
pub const SEED: u64 = 42;

/// One version of a case, polled by [`drive`].
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// The graph.
    pub case: &'static str,
    /// Who wrote it down: `workflow`, or by hand and how.
    pub version: &'static str,
    /// How many steps a run takes.
    pub steps: usize,
    /// The size of the future in bytes.
    pub bytes: fn() -> usize,
    /// Runs it so many times and gives the last result.
    pub run: fn(u64) -> u64,
}

/// Lists the versions of one case. Each gets functions of its own, so that its
/// futures are compiled once, here, and no call through a pointer is measured.
macro_rules! versions {
    ($list:ident, $case:literal, $steps:expr, $($version:literal: $function:path),+ $(,)?) => {
        $($list.push({
            fn bytes() -> usize {
                size_of_val(&$function(SEED))
            }

            fn run(times: u64) -> u64 {
                let mut last = 0;
                for _ in 0..times {
                    let result = drive(|| $function(black_box(SEED)));
                    last = black_box(result.expect("no step fails"));
                }
                last
            }

            Subject { case: $case, version: $version, steps: $steps, bytes, run }
        });)+
    };
}

/// Lists a small graph: by hand, and declared.
macro_rules! shape {
    ($list:ident, $case:literal, $module:ident) => {
        versions!(
            $list, $case, shapes::$module::STEPS,
            "by hand": shapes::$module::hand_written,
            "workflow": shapes::$module::declared,
        );
    };
}

/// Lists one step and a `for` over so many items: by hand, and declared.
macro_rules! fan_out {
    ($list:ident, $case:literal, $module:ident, $items:literal) => {
        versions!(
            $list, $case, $items + 1,
            "by hand": shapes::$module::hand_written::<$items>,
            "workflow": shapes::$module::declared::<$items>,
        );
    };
}

/// Lists a generated graph that sequence and join can express.
macro_rules! series_parallel {
    ($list:ident, $case:literal, $module:ident) => {
        versions!(
            $list, $case, graphs::$module::STEPS,
            "by hand": graphs::$module::nested,
            "workflow": graphs::$module::declared,
        );
    };
}

/// Lists a generated graph that they can't.
macro_rules! irreducible {
    ($list:ident, $case:literal, $module:ident) => {
        versions!(
            $list, $case, graphs::$module::STEPS,
            "by hand, slots": graphs::$module::slots,
            "by hand, a barrier a level": graphs::$module::levels,
            "workflow": graphs::$module::declared,
        );
    };
}

/// All of them. The first version of a case is the one that its others are
/// compared with.
#[must_use]
pub fn subjects() -> Vec<Subject> {
    let mut list = Vec::new();
    shape!(list, "chain 5", chain_5);
    series_parallel!(list, "chain 100", chain_100);
    shape!(list, "diamond", diamond);
    shape!(list, "parallel 3", parallel_3);
    shape!(list, "nested diamonds", nested_diamonds);
    shape!(list, "uneven chains", uneven_chains);
    fan_out!(list, "fan-out 10", fan_out, 10);
    fan_out!(list, "fan-out 20", fan_out, 20);
    fan_out!(list, "fan-out 100", fan_out, 100);
    fan_out!(list, "20 items, 8 at once", window, 20);
    fan_out!(list, "100 items, 8 at once", window, 100);
    series_parallel!(list, "blast", blast);
    series_parallel!(list, "epigenomics", epigenomics);
    irreducible!(list, "srasearch", srasearch);
    irreducible!(list, "soykb", soykb);
    irreducible!(list, "layered 58", layered_58);
    irreducible!(list, "layered 310", layered_310);
    versions!(
        list, "diamond, options", shapes::diamond::STEPS,
        "workflow": shapes::diamond::declared,
        "retry": shapes::diamond::with_retry,
        "on_failure(finish)": shapes::diamond::finishing,
        "compensate": shapes::diamond::compensated,
        "observed": observed::diamond,
        "recorded": observed::diamond_recorded,
    );
    versions!(
        list, "chain 100, options", graphs::chain_100::STEPS,
        "workflow": graphs::chain_100::declared,
        "retry": graphs::chain_100::with_retry,
        "observed": observed::chain_100,
        "recorded": observed::chain_100_recorded,
        "a run without observers": observed::chain_100_unobserved,
    );
    versions!(
        list, "fan-out 100, options", shapes::fan_out::STEPS,
        "workflow": shapes::fan_out::declared::<100>,
        "observed": observed::fan_out,
        "recorded": observed::fan_out_recorded,
        "a run without observers": observed::fan_out_unobserved,
    );
    list
}
