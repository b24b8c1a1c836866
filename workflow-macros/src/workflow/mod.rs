//! `workflow!`, stage by stage.

mod awaits;
mod check;
mod early;
mod expand;
#[cfg(test)]
mod golden;
mod model;
mod names;
mod parse;
mod plan;
mod resolve;
#[cfg(test)]
mod size;
mod syntax;
mod temporaries;
mod timing;
mod unknown;

use proc_macro2::TokenStream;
use syn::parse::{ParseStream, Parser};

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
    let mut output = TokenStream::new();
    for workflow in &mut workflows {
        workflow.siblings.clone_from(&names);
        output.extend(expand_one(workflow, &mut report, runtime));
    }
    output.extend(report.into_tokens());
    output
}

fn expand_one(workflow: &mut Workflow, report: &mut Report, runtime: &TokenStream) -> TokenStream {
    let mut own = Report::default();
    let mut model = resolve::resolve(workflow, &mut own);
    check::check(workflow, &model, &mut own);
    let sound = own.is_empty() && !workflow.faulty;
    report.append(own);
    if !sound {
        return expand::expand_broken(workflow, &model, runtime);
    }
    early::declare_early_arguments(&mut model.body);
    timing::time(&mut model.body);
    expand::expand(workflow, &model, runtime)
}
