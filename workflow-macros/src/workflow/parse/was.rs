//! `#[was(…)]`.

use proc_macro2::Ident;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, LitStr, Meta, Path, Token};
use workflow_graph::near::similar;

use super::super::functions::written_path;
use super::super::syntax::{Options, Was};
use crate::duration::text_of;
use crate::report::{Report, shown};

const KEYS: [&str; 2] = ["function", "output"];

const FORMS: &str = "write `#[was(payment)]` for a former name, `#[was(function = charge)]` for \
                     what it called, `#[was(output = \"Payment\")]` for the type of its output";

/// One part of the attribute.
enum Former {
    Name(Ident),
    Keyed(Ident, Expr),
    /// Anything else.
    Other(Expr),
}

/// Adds what the attribute says.
pub(super) fn was(attr: &Attribute, was: &mut Option<Was>, report: &mut Report) {
    let place = attr.path().span();
    let formers = match &attr.meta {
        Meta::List(list) => formers.parse2(list.tokens.clone()),
        Meta::Path(_) | Meta::NameValue(_) => Ok(Punctuated::new()),
    };
    let Some(formers) = formers.ok().filter(|formers| !formers.is_empty()) else {
        report.error(attr.path(), "`was` says what this declaration was called before").help(FORMS);
        return;
    };
    let was = was.get_or_insert_default();
    was.spans.push(place);
    for former in formers {
        match former {
            Former::Name(name) => was.names.push(name),
            Former::Keyed(key, value) if key == "function" => {
                was.functions.extend(function(&value, report));
            }
            Former::Keyed(key, value) if key == "output" => {
                was.outputs.extend(output(&value, report));
            }
            Former::Keyed(key, _) => unknown(&key, report),
            Former::Other(value) => {
                let problem = report.error(&value, "`was` takes a name");
                match text_of(&value).and_then(|text| text.parse::<Ident>().ok()) {
                    Some(name) => {
                        problem.help(&format!("write `#[was({name})]`, without quotes"));
                    }
                    None => {
                        problem.help(FORMS);
                    }
                }
            }
        }
    }
}

/// Adds what the attribute says above a workflow.
pub(super) fn of_workflow(attr: &Attribute, was: &mut Vec<Path>, report: &mut Report) {
    const FORMS: &str = "write `#[was(buy)]` for a former name, `#[was(crate::shop::buy)]` where it \
                         stood in another module";
    let paths = match &attr.meta {
        Meta::List(list) => {
            Punctuated::<Path, Token![,]>::parse_terminated.parse2(list.tokens.clone()).ok()
        }
        Meta::Path(_) | Meta::NameValue(_) => None,
    };
    let Some(paths) = paths.filter(|paths| !paths.is_empty()) else {
        report.error(attr.path(), "`was` says what this workflow was called before").help(FORMS);
        return;
    };
    for path in paths {
        let relative = ["super", "self", "Self"];
        let has_arguments = path.segments.iter().any(|part| !part.arguments.is_empty());
        if has_arguments || relative.iter().any(|word| path.segments[0].ident == word) {
            report.error(&path, "`was` takes a name, or a path from `crate` on").help(FORMS);
        } else {
            was.push(path);
        }
    }
}

/// Reports former names of a workflow that have no effect.
pub(super) fn check_workflow(options: &Options, name: &Ident, report: &mut Report) {
    let Some(first) = options.was.first() else { return };
    if options.durable.is_none() {
        report
            .error(first, "`was` needs a durable workflow")
            .note("it tells the journal what the workflow of a run was called before")
            .help("remove it, or add `#[durable]` above the workflow");
    }
    for path in options.was.iter().filter(|path| path.is_ident(name)) {
        report
            .error(path, format!("`{name}` is the name of this workflow"))
            .help("remove it: a former name is one that nothing has any more");
    }
}

fn formers(input: ParseStream<'_>) -> syn::Result<Punctuated<Former, Token![,]>> {
    Punctuated::parse_terminated_with(input, |input| {
        let ahead = input.fork();
        // A branch without a name is named after its keyword.
        if ahead.call(Ident::parse_any).is_ok() {
            if ahead.is_empty() || ahead.peek(Token![,]) {
                return Ok(Former::Name(input.call(Ident::parse_any)?));
            }
            if ahead.peek(Token![=]) && !ahead.peek(Token![==]) {
                let key = input.call(Ident::parse_any)?;
                input.parse::<Token![=]>()?;
                return Ok(Former::Keyed(key, input.parse()?));
            }
        }
        input.parse().map(Former::Other)
    })
}

fn unknown(key: &Ident, report: &mut Report) {
    let problem = report.error(key, format!("`was` knows no `{key}`"));
    if let Some(near) = similar(&key.to_string(), KEYS) {
        problem.help(&format!("one with a similar name exists: `{near}`"));
    } else {
        problem.help(FORMS);
    }
}

/// The path as written in the graph.
fn function(value: &Expr, report: &mut Report) -> Option<LitStr> {
    if let Some(written) = written_path(value) {
        return Some(LitStr::new(&written, value.span()));
    }
    // If the receiver of a method is itself a call, this is all that the graph has of it.
    if let Some(method) = text_of(value).filter(|text| text.value().starts_with('.')) {
        return Some(method.clone());
    }
    let problem = report.error(value, "`function` takes the path of what was called");
    match (value, text_of(value)) {
        (Expr::Call(call), _) => {
            let path = shown(&call.func);
            problem.help(&format!("write `function = {path}`, without its arguments"));
        }
        (_, Some(text)) if syn::parse_str::<syn::Path>(&text.value()).is_ok() => {
            problem.help(&format!("write `function = {}`, without quotes", text.value()));
        }
        _ => {
            problem.help("write `function = charge`, or `function = shop.charge` for a method");
        }
    }
    None
}

fn output(value: &Expr, report: &mut Report) -> Option<LitStr> {
    if let Some(text) = text_of(value).filter(|text| !text.value().is_empty()) {
        return Some(text.clone());
    }
    let problem = report.error(value, "`output` takes a type, in quotes");
    match value {
        Expr::Path(_) => {
            let ty = shown(value);
            problem.help(&format!("write `output = \"{ty}\"`"));
        }
        _ => {
            problem.help("write `output = \"Payment\"`");
        }
    }
    None
}
