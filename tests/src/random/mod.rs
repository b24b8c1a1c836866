//! Random workflows: what they are, how to run them, and what should happen.
//!
//! The build script makes a workflow from each of a list of seeds and prints it as Rust
//! source, which is compiled here. A test makes the same workflow again to know what
//! should happen in a run, and compares with what does.

mod check;
pub mod context;
pub mod generate;
mod interpret;
mod needs;
pub mod run;
pub mod steps;
mod table;
pub mod value;

use std::pin::Pin;

use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestError, TestRunner};
use workflow_runtime::Step;

pub use self::check::check;
pub use self::interpret::{Expected, Ran, interpret};
pub use self::table::{Table, tables};

use self::context::{Cx, Fault};
use self::generate::model::Flow;

/// A call of a workflow, whichever it is.
pub type Call<'c> = Pin<Box<dyn Step<Output = Result<u64, Fault>> + Send + 'c>>;

/// A workflow that has been compiled.
#[derive(Debug, Clone, Copy)]
pub struct Compiled {
    /// The seed that it is made from.
    pub seed: u64,
    make: fn(u64) -> Flow,
    /// Calls it.
    pub call: for<'c> fn(&'c Cx<'c>, u64, String) -> Call<'c>,
}

impl Compiled {
    /// What it consists of.
    #[must_use]
    pub fn model(&self) -> Flow {
        (self.make)(self.seed)
    }
}

// Statics, so that the workflows are compiled here, once, and not in each test that uses
// them.

pub use self::compiled::{BORROWING, COMPILED, ENDING, FINISHING, LARGE};

#[allow(unused, deprecated, clippy::all, clippy::pedantic, reason = "random code is not tidy")]
mod compiled {
    use workflow_runtime::workflow;

    use super::context::{At, Cx, Fault};
    use super::steps::{note, other, pair, sure, text, view, work};
    use super::value::{Choice, View, choose, digest, items, limit, mix, odd, pick, small};
    use super::{Call, Compiled, generate};

    include!(concat!(env!("OUT_DIR"), "/workflows.rs"));
}

/// Tests each workflow with so many inputs, always the same.
///
/// # Panics
///
/// With all workflows that fail, and the simplest inputs for which they do.
pub fn for_each_workflow<S: Strategy>(
    runs: u32,
    inputs: &S,
    test: impl Fn(&Compiled, S::Value) -> Result<(), String>,
) {
    for_each_of(COMPILED, runs, inputs, test);
}

/// Tests each of some workflows with so many inputs, always the same.
///
/// # Panics
///
/// With all workflows that fail, and the simplest inputs for which they do.
pub fn for_each_of<S: Strategy>(
    workflows: &[Compiled],
    runs: u32,
    inputs: &S,
    test: impl Fn(&Compiled, S::Value) -> Result<(), String>,
) {
    let mut failures = Vec::new();
    for workflow in workflows {
        let config = ProptestConfig {
            cases: runs,
            rng_seed: RngSeed::Fixed(workflow.seed),
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        let outcome = TestRunner::new(config)
            .run(inputs, |inputs| test(workflow, inputs).map_err(TestCaseError::fail));
        match outcome {
            Ok(()) => {}
            Err(TestError::Fail(reason, inputs)) => {
                failures.push(format!("seed {}: {reason}\nwith {inputs:?}", workflow.seed));
            }
            Err(error) => failures.push(format!("seed {}: {error}", workflow.seed)),
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}
