//! Random workflows with compensations: what they are, how to run them, and what should
//! happen if some of their steps fail.

pub mod context;
pub mod generate;
mod plan;
mod run;
mod simulate;

use std::pin::Pin;

use workflow_runtime::Step;

pub use self::compiled::{COMPILED, DRAINING};
pub use self::plan::{Declared, Plan};
pub use self::run::{Observed, run};
pub use self::simulate::{Expected, Happening, What};

use self::context::{Cx, Done, Fault};

/// A call of a saga.
pub type Call<'c> = Pin<Box<dyn Step<Output = Result<Done, Fault>> + Send + 'c>>;

/// A saga that has been compiled.
#[derive(Debug, Clone, Copy)]
pub struct Compiled {
    /// The seed that it is made from.
    pub seed: u64,
    /// Makes it.
    pub make: fn(u64) -> generate::Saga,
    /// Calls it.
    pub call: for<'c> fn(&'c Cx) -> Call<'c>,
}

#[allow(unused, deprecated, clippy::all, clippy::pedantic, reason = "random code is not tidy")]
mod compiled {
    use workflow_runtime::workflow;

    use super::context::{
        Cx, Done, Fault, act, act_again, all, below, chosen, items, owned, sum, undo, undo_again,
    };
    use super::{Compiled, generate};

    include!(concat!(env!("OUT_DIR"), "/sagas.rs"));
}
