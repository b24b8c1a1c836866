//! The same graphs on a tokio runtime, beside other crates.
//!
//! Each is used as its own documentation says, with the same steps. A graph is
//! made outside of what is measured where its crate allows it, and both ways
//! where a graph runs only once.

mod async_dag;
mod dagrs;
mod dagx;

use std::hint::black_box;
use std::rc::Rc;

use tokio::runtime::Runtime;
use workflow_benches::shapes::{chain_5, diamond, fan_out, parallel_3};
use workflow_benches::step::Failed;
use workflow_benches::subject::SEED;

use super::Entry;

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

    fn case(self) -> &'static str {
        match self {
            Self::Chain => "chain 5 on tokio",
            Self::Diamond => "diamond on tokio",
            Self::Parallel => "parallel 3 on tokio",
            Self::FanOut => "fan-out 1 to 100 on tokio",
        }
    }

    /// What tells a row of the table.
    fn row(self, version: &'static str) -> (&'static str, &'static str, usize) {
        (self.case(), version, self.steps())
    }

    fn steps(self) -> usize {
        match self {
            Self::Chain => chain_5::STEPS,
            Self::Diamond => diamond::STEPS,
            Self::Parallel => parallel_3::STEPS,
            Self::FanOut => fan_out::STEPS,
        }
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

pub(crate) fn entries(runtime: &Rc<Runtime>) -> Vec<Entry> {
    let mut entries = Vec::new();
    for shape in Shape::ALL {
        entries.extend(ours(shape, runtime));
        entries.extend(dagx::entries(shape, runtime));
        entries.extend(async_dag::entries(shape, runtime));
        entries.extend(dagrs::entries(shape, runtime));
    }
    entries
}

/// By hand and as a workflow.
fn ours(shape: Shape, runtime: &Rc<Runtime>) -> [Entry; 2] {
    macro_rules! both {
        ($module:ident) => {
            [
                ready_made(shape, "by hand", runtime, $module::hand_written),
                ready_made(shape, "workflow", runtime, $module::declared),
            ]
        };
    }
    match shape {
        Shape::Chain => both!(chain_5),
        Shape::Diamond => both!(diamond),
        Shape::Parallel => both!(parallel_3),
        Shape::FanOut => both!(fan_out),
    }
}

/// A function that is the graph: there is nothing to build.
fn ready_made<F>(
    shape: Shape,
    version: &'static str,
    runtime: &Rc<Runtime>,
    function: fn(u64) -> F,
) -> Entry
where
    F: Future<Output = Result<u64, Failed>> + 'static,
{
    let run = async move |(): &mut ()| function(black_box(SEED)).await.expect("no step fails");
    Entry::reusable(shape.row(version), runtime, || (), run)
}

/// A graph that runs once, both ways: made before the run, and as a part of it.
fn one_shot<G: 'static>(
    shape: Shape,
    [run_only, with_building]: [&'static str; 2],
    runtime: &Rc<Runtime>,
    build: impl Fn() -> G + Copy + 'static,
    run: impl AsyncFn(&mut G) -> u64 + Copy + 'static,
) -> [Entry; 2] {
    let whole = async move |(): &mut ()| run(&mut build()).await;
    [
        Entry::one_shot(shape.row(run_only), runtime, build, run),
        Entry::reusable(shape.row(with_building), runtime, || (), whole),
    ]
}
