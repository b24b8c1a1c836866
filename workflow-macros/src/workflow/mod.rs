//! `workflow!`, stage by stage.

mod awaits;
#[cfg(test)]
mod bound_names;
mod braces;
mod check;
mod clocks;
mod configuration;
mod contested;
mod copied;
mod depth;
mod early;
mod expand;
mod functions;
#[cfg(test)]
mod golden;
mod model;
mod names;
mod ordered;
mod parse;
mod plan;
mod resolve;
mod signals;
#[cfg(test)]
mod size;
mod syntax;
mod temporaries;
mod timing;
mod undo;
mod unknown;
mod unused;
mod values;

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};

use self::configuration::Configuration;
use self::copied::copied_inputs;
use self::model::Model;
use self::syntax::Workflow;
use crate::invisible::seen_through;
use crate::report::Report;

/// Parses, resolves, checks, plans and expands every function in one `workflow!`.
pub(crate) fn expand(input: TokenStream, runtime: &TokenStream) -> TokenStream {
    let input = depth::without_layers(seen_through(input));
    match configuration::ask(&input, runtime) {
        Some(question) => question,
        None => expand_all(input, &Configuration::default(), runtime),
    }
}

/// The same, once rustc has been asked whether the predicates hold.
pub(crate) fn expand_configured(item: TokenStream, runtime: &TokenStream) -> TokenStream {
    match configuration::answer(item) {
        Ok((input, configuration)) => expand_all(input, &configuration, runtime),
        Err(error) => error.to_compile_error(),
    }
}

fn expand_all(
    input: TokenStream,
    configuration: &Configuration,
    runtime: &TokenStream,
) -> TokenStream {
    let mut report = Report::default();
    if let Some(place) = depth::too_deep(&input) {
        report
            .error(place, "steps are nested too deeply here")
            .note("a `workflow!` takes a hundred bodies inside each other")
            .help("move the inner ones into a workflow of their own, and call that");
        return report.into_tokens();
    }
    // What the configuration may leave out must not be hidden in a macro call.
    let input = if configuration.is_empty() { depth::shallow(input) } else { input };
    let parse = |input: ParseStream<'_>| Ok(parse::parse(input, configuration, &mut report));
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
    let mut named = named.collect::<Vec<_>>();
    undo::mark(&mut named);
    signals::mark(&mut named);
    for (model, sound) in &mut models {
        let mut own = Report::default();
        undo::refuse_policies(&model.body, &mut own);
        *sound &= own.is_empty();
        report.append(own);
    }
    let mut output = TokenStream::new();
    for (workflow, (model, sound)) in workflows.iter().zip(models) {
        output.extend(expand_one(workflow, model, sound, runtime));
    }
    output.extend(report.into_tokens());
    depth::restored(output)
}

/// The model of a workflow, and whether it can run.
fn resolve_one(workflow: &mut Workflow, report: &mut Report) -> (Model, bool) {
    let mut own = Report::default();
    let model = resolve::resolve(workflow, &mut own);
    check::check(workflow, &model, &mut own);
    contested::check(&model, &mut own);
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
    model.items = contested::copy_consumed(&mut model, &copied_inputs(workflow));
    unused::keep_no_results(&mut model.body);
    early::declare_early_arguments(&mut model.body);
    temporaries::end_in_arguments(&mut model.body);
    timing::time(&mut model.body);
    expand::expand(workflow, &model, runtime)
}
