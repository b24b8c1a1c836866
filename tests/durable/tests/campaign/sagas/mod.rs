//! Random workflows with compensations, and with calls of others that are undone as one.

mod cases;
mod context;
mod run;

use workflow_durable_tests::Rules;
use workflow_runtime::{DurableError, Journal};

use self::context::{Cx, Done, Fault};
use crate::process::Running;
use crate::saga::generate::make_durable;
use crate::saga::plan::Plan;

/// What a plain run comes to.
pub(crate) type Plain = Result<Done, Fault>;
/// What a durable run comes to.
pub(crate) type Durable = Result<Done, DurableError<Fault>>;

/// A saga that has been compiled.
pub(crate) struct Compiled {
    pub(crate) seed: u64,
    pub(crate) plain: for<'c> fn(&'c Cx) -> Running<'c, Plain>,
    pub(crate) durable: for<'c> fn(&'c Journal, &'c Cx) -> Running<'c, Durable>,
}

/// What is known of a saga.
pub(crate) struct Known {
    pub(crate) rules: Rules,
    /// The paths of all steps that run, with whether they are tried again.
    pub(crate) steps: Vec<(String, bool)>,
    /// The paths of what has a compensation.
    pub(crate) undoable: Vec<String>,
}

impl Compiled {
    pub(crate) fn known(&self) -> Known {
        let plan = Plan::new(&make_durable(self.seed));
        let mut known =
            Known { rules: Rules::default(), steps: plan.steps(), undoable: Vec::new() };
        for declared in plan.declared() {
            let path = declared.path;
            if declared.undo {
                known.rules.add_undoable(&path, declared.is_call);
                known.undoable.push(path.clone());
            }
            known.rules.needs.insert(path, declared.behind);
        }
        known
    }
}

#[allow(unused, deprecated, clippy::all, clippy::pedantic, reason = "random code is not tidy")]
mod compiled {
    use workflow_runtime::{Run, workflow};

    use super::Compiled;
    use super::context::{
        Cx, Done, Fault, act, act_again, all, below, chosen, items, owned, sum, undo, undo_again,
    };
    use crate::process::RUN;

    include!(concat!(env!("OUT_DIR"), "/durable_sagas.rs"));
}
