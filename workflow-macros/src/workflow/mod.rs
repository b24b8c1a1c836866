//! `workflow!`, stage by stage.

mod awaits;
mod check;
mod clocks;
mod early;
mod expand;
#[cfg(test)]
mod golden;
mod model;
mod names;
mod ordered;
mod parse;
mod plan;
mod resolve;
#[cfg(test)]
mod size;
mod syntax;
mod temporaries;
mod timing;
mod undo;
mod unknown;

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};

use self::model::Model;
pub(crate) use self::names::bound_by;
use self::syntax::Workflow;
use crate::report::Report;

/// Parses, resolves, checks, plans and expands every function in one `workflow!`.
pub(crate) fn expand(input: TokenStream, runtime: &TokenStream) -> TokenStream {
    let mut report = Report::default();
    let parse = |input: ParseStream<'_>| Ok(parse::parse(input, &mut report));
    let mut workflows = match parse.parse2(input) {
        Ok(workflows) => workflows,
        Err(error) => return error.to_compile_error(),
    };
    let names: Vec<String> =
        workflows.iter().map(|workflow| workflow.sig.ident.to_string()).collect();
    let mut models = Vec::new();
    for workflow in &mut workflows {
        workflow.siblings.clone_from(&names);
        models.push(resolve_one(workflow, &mut report));
    }
    let named = names.into_iter().zip(models.iter_mut().map(|(model, _)| model));
    undo::mark(&mut named.collect::<Vec<_>>());
    let mut output = TokenStream::new();
    for (workflow, (model, sound)) in workflows.iter().zip(models) {
        output.extend(expand_one(workflow, model, sound, runtime));
    }
    output.extend(report.into_tokens());
    output
}

/// The model of a workflow, and whether it can run.
fn resolve_one(workflow: &mut Workflow, report: &mut Report) -> (Model, bool) {
    let mut own = Report::default();
    let model = resolve::resolve(workflow, &mut own);
    check::check(workflow, &model, &mut own);
    let sound = own.is_empty() && !workflow.faulty;
    report.append(own);
    (model, sound)
}

fn expand_one(
    workflow: &Workflow,
    mut model: Model,
    sound: bool,
    runtime: &TokenStream,
) -> TokenStream {
    if !sound {
        return expand::expand_broken(workflow, &model, runtime);
    }
    early::declare_early_arguments(&mut model.body);
    timing::time(&mut model.body);
    expand::expand(workflow, &model, runtime)
}
