//! `workflow!`, stage by stage.

mod attribute;
mod awaits;
mod bits;
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
pub(crate) mod plain;
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

pub(crate) use self::attribute::{OPTIONS, attributes, expand_attribute};
use self::configuration::Configuration;
pub(crate) use self::configuration::is_configured;
use self::copied::copied_inputs;
pub(crate) use self::expand::{broken_resume, durable_module, signal_methods};
use self::model::Model;
pub(crate) use self::syntax::Workflow;
use crate::invisible::seen_through;
use crate::report::Report;

/// Parses, resolves, checks, plans and expands every function in one `workflow!`.
pub(crate) fn expand(input: TokenStream, runtime: &TokenStream) -> TokenStream {
    expand_seen(input, Seen::ByMacro, runtime)
}

/// Who has parsed the functions before.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// Only the macro: there are tokens in a macro call.
    ByMacro,
    /// rustc, and it has reported what does not parse.
    ByRustc,
}

fn expand_seen(input: TokenStream, seen: Seen, runtime: &TokenStream) -> TokenStream {
    let input = depth::without_layers(seen_through(input));
    match configuration::ask(&input, runtime) {
        Some(question) => question,
        None => expand_all(input, &Configuration::default(), seen, runtime),
    }
}

/// The same, once rustc has been asked whether the predicates hold.
pub(crate) fn expand_configured(item: TokenStream, runtime: &TokenStream) -> TokenStream {
    match configuration::answer(item) {
        Ok((input, configuration)) => expand_all(input, &configuration, Seen::ByMacro, runtime),
        Err(error) => error.to_compile_error(),
    }
}

fn expand_all(
    input: TokenStream,
    configuration: &Configuration,
    seen: Seen,
    runtime: &TokenStream,
) -> TokenStream {
    let Analysis { workflows, models, mut report } = analyse(input, configuration);
    if seen == Seen::ByRustc {
        report = report.without_slips();
    }
    let mut output = TokenStream::new();
    for (workflow, (model, sound)) in workflows.iter().zip(models) {
        output.extend(expand_one(workflow, model, sound, runtime));
    }
    output.extend(report.into_tokens());
    depth::restored(output)
}

/// The workflows as they were parsed, and what is wrong with them.
pub(crate) fn understood(input: TokenStream) -> (Vec<Workflow>, Report) {
    let input = depth::without_layers(seen_through(input));
    let Analysis { workflows, report, .. } = analyse(input, &Configuration::default());
    (workflows, report)
}

/// Workflows, each with its model and whether it can run, and what is wrong with them.
struct Analysis {
    workflows: Vec<Workflow>,
    models: Vec<(Model, bool)>,
    report: Report,
}

fn analyse(input: TokenStream, configuration: &Configuration) -> Analysis {
    let mut report = Report::default();
    let nothing = |report| Analysis { workflows: Vec::new(), models: Vec::new(), report };
    if let Some(place) = depth::too_deep(&input) {
        report
            .error(place, "steps are nested too deeply here")
            .note("a workflow takes a hundred bodies inside each other")
            .help("move the inner ones into a workflow of their own, and call that");
        return nothing(report);
    }
    // What the configuration may leave out must not be hidden in a macro call.
    let input = if configuration.is_empty() { depth::shallow(input) } else { input };
    let mut workflows = Vec::new();
    let parse = |input: ParseStream<'_>| {
        workflows = parse::parse(input, configuration, &mut report);
        Ok(())
    };
    // What syn says of tokens that are left behind an error has been said.
    if let Err(error) = parse.parse2(input)
        && !report.is_torn()
    {
        report.syntax_error(&error);
        return nothing(report);
    }
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
    for (workflow, (model, sound)) in workflows.iter_mut().zip(&mut models) {
        let mut own = Report::default();
        undo::refuse_policies(&model.body, &mut own);
        *sound &= own.is_empty();
        workflow.problems.extend(own.places());
        workflow.signals = std::mem::take(&mut model.known_signals);
        report.append(own);
    }
    Analysis { workflows, models, report }
}

/// The model of a workflow, and whether it can run.
fn resolve_one(workflow: &mut Workflow, report: &mut Report) -> (Model, bool) {
    let mut own = Report::default();
    let model = resolve::resolve(workflow, &mut own);
    check::check(workflow, &model, &mut own);
    contested::check(&model, &mut own);
    let sound = own.is_empty() && !workflow.faulty;
    workflow.problems.extend(own.places());
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
        return expand::expand_broken(workflow, runtime);
    }
    let traits = contested::copy_consumed(&mut model, &copied_inputs(workflow));
    unused::keep_no_results(&mut model.body);
    early::declare_early_arguments(&mut model.body);
    temporaries::end_in_arguments(&mut model.body);
    timing::time(&mut model.body);
    expand::expand(workflow, &model, traits, runtime)
}
