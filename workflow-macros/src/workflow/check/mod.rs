//! What a sound graph must be: free of cycles, and with a result at its end.

mod cycles;
mod durable;
mod pauses;
mod result;
mod was;

pub(crate) use self::pauses::{Pause, pause, text_argument, unwaited};
use super::model::Model;
use super::syntax::Workflow;
use crate::report::Report;

/// Reports what keeps the workflow from running.
pub(crate) fn check(workflow: &Workflow, model: &Model, report: &mut Report) {
    let name = workflow.sig.ident.to_string();
    let around = cycles::Around { workflow: &name, inputs: &model.inputs, names: Vec::new() };
    cycles::check(&model.body, &around, report);
    if workflow.options.durable.is_some() {
        durable::check(&model.body, report);
        was::check(&model.body, report);
    } else {
        durable::check_absent(&model.body, report);
    }
    pauses::check(&model.body, report);
    result::check_arms(&model.body, report);
    result::check(workflow, model, report);
    result::check_questions(workflow, &model.body, report);
}
