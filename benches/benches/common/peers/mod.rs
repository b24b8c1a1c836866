//! Other crates, with the same steps, each used as its own documentation says.
//!
//! All are on tokio, beside what is theirs to compare with. Those that need no
//! runtime are in the bare loop too. A graph is made outside of what is measured
//! where its crate allows it, and both ways where a graph runs only once.

mod async_dag;
mod dagrs;
mod dagx;

use std::hint::black_box;
use std::rc::Rc;

use tokio::runtime::Builder;
use workflow_benches::shapes::{chain_5, diamond, fan_out, parallel_3};
use workflow_benches::step::Failed;
use workflow_benches::subject::SEED;

use super::Entry;
use super::driver::Driver;

/// The shapes that all of them can express.
#[derive(Clone, Copy)]
enum Shape {
    Chain,
    Diamond,
    Parallel,
    FanOut,
}

impl Shape {
    const ALL: [Self; 4] = [Self::Chain, Self::Diamond, Self::Parallel, Self::FanOut];

    /// What tells a row of the table: case, version, and number of steps.
    fn row(self, driver: &Driver, version: &'static str) -> (&'static str, &'static str, usize) {
        let (alone, on_tokio, steps) = match self {
            Self::Chain => ("chain 5", "chain 5 on tokio", chain_5::STEPS),
            Self::Diamond => ("diamond", "diamond on tokio", diamond::STEPS),
            Self::Parallel => ("parallel 3", "parallel 3 on tokio", parallel_3::STEPS),
            Self::FanOut => ("fan-out 100", "fan-out 100 on tokio", fan_out::STEPS),
        };
        let case = match driver {
            Driver::Loop => alone,
            Driver::Tokio(_) => on_tokio,
        };
        (case, version, steps)
    }
}

/// One number from what a graph's last steps gave, for all to agree on.
fn result(shape: Shape, outputs: impl IntoIterator<Item = u64>) -> u64 {
    match shape {
        Shape::Chain | Shape::Diamond | Shape::Parallel => {
            outputs.into_iter().fold(0, |sum, output| sum ^ output)
        }
        Shape::FanOut => fan_out::combine(outputs),
    }
}

pub(crate) fn entries() -> Vec<Entry> {
    let runtime = Builder::new_current_thread().build();
    let tokio = Driver::Tokio(Rc::new(runtime.expect("a runtime needs nothing")));
    let mut entries = Vec::new();
    for shape in Shape::ALL {
        entries.extend(dagx::without_spawning(shape, &Driver::Loop));
        entries.extend(async_dag::entries(shape, &Driver::Loop));

        entries.extend(ours(shape, &tokio));
        entries.extend(dagx::spawning(shape, &tokio));
        entries.extend(dagx::without_spawning(shape, &tokio));
        entries.extend(async_dag::entries(shape, &tokio));
        entries.extend(dagrs::entries(shape, &tokio));
    }
    entries
}

/// By hand and as a workflow.
fn ours(shape: Shape, driver: &Driver) -> [Entry; 2] {
    macro_rules! both {
        ($module:ident) => {
            [
                ready_made(shape, "by hand", driver, $module::hand_written),
                ready_made(shape, "workflow", driver, $module::declared),
            ]
        };
    }
    match shape {
        Shape::Chain => both!(chain_5),
        Shape::Diamond => both!(diamond),
        Shape::Parallel => both!(parallel_3),
        Shape::FanOut => [
            ready_made(shape, "by hand", driver, fan_out::hand_written::<{ fan_out::ITEMS }>),
            ready_made(shape, "workflow", driver, fan_out::declared::<{ fan_out::ITEMS }>),
        ],
    }
}

/// A function that is the graph: there is nothing to build.
fn ready_made<F>(
    shape: Shape,
    version: &'static str,
    driver: &Driver,
    function: fn(u64) -> F,
) -> Entry
where
    F: Future<Output = Result<u64, Failed>> + 'static,
{
    let run = async move |(): &mut ()| function(black_box(SEED)).await.expect("no step fails");
    Entry::reusable(shape.row(driver, version), driver, || (), run)
}

/// A graph that runs once, both ways: made before the run, and as a part of it.
fn one_shot<G: 'static>(
    shape: Shape,
    [run_only, with_building]: [&'static str; 2],
    driver: &Driver,
    build: impl Fn() -> G + Copy + 'static,
    run: impl AsyncFn(&mut G) -> u64 + Copy + 'static,
) -> [Entry; 2] {
    let whole = async move |(): &mut ()| run(&mut build()).await;
    [
        Entry::one_shot(shape.row(driver, run_only), driver, build, run),
        Entry::reusable(shape.row(driver, with_building), driver, || (), whole),
    ]
}
