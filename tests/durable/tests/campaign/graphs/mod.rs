//! Random graphs of steps, branches, fan-outs and sub-workflows.

mod cases;
pub(crate) mod context;
mod reruns;
mod run;

use workflow_runtime::{DurableError, Journal, JournalError, RerunPlan};

use self::context::{Cx, Fault};
use crate::process::Running;

/// What a plain run comes to.
pub(crate) type Plain = Result<u64, Fault>;
/// What a durable run comes to.
pub(crate) type Durable = Result<u64, DurableError<Fault>>;

/// What a request to run again comes to.
pub(crate) type Planned = Result<RerunPlan, JournalError>;

/// A graph that has been compiled.
pub(crate) struct Compiled {
    pub(crate) seed: u64,
    pub(crate) plain: for<'c> fn(&'c Cx<'static>) -> Running<'c, Plain>,
    pub(crate) durable: for<'c> fn(&'c Journal, &'c Cx<'static>) -> Running<'c, Durable>,
    pub(crate) rerun: for<'c> fn(&'c Journal, &'c str) -> Running<'c, Planned>,
}

#[allow(unused, deprecated, clippy::all, clippy::pedantic, reason = "random code is not tidy")]
mod compiled {
    use workflow_runtime::{Run, workflow};

    use super::Compiled;
    use super::context::{At, Cx, Fault, note, other, pair, sure, text, work};
    use crate::process::RUN;
    use crate::random::value::{Choice, choose, digest, items, limit, mix, odd, pick, small};

    include!(concat!(env!("OUT_DIR"), "/durable_graphs.rs"));
}
