//! Random workflows, run durably, and cut off again and again: they come to what a plain run comes
//! to, and nothing is done or undone twice.
//!
//! A run is cut off at each poll of its future. A store that gives way before and after each of
//! its calls makes a poll of each moment at which a process can die.
//!
//! A sample of the moments by default; with the environment variable `WORKFLOW_CAMPAIGN=2000`, so
//! many for each workflow. `build.rs` says how to have other workflows.

#[allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    unused_imports,
    reason = "the build script needs the rest"
)]
#[path = "../../../src/random"]
mod random {
    pub mod generate;
    pub mod value;

    pub(crate) use crate::graphs::context;
}

#[allow(dead_code, missing_docs, unreachable_pub, reason = "other tests need the rest")]
#[path = "../../../src/saga"]
mod saga {
    pub mod generate;
    pub mod plan;
}

mod graphs;
mod process;
mod sagas;
mod sample;
