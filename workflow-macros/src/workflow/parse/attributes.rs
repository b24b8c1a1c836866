//! The attributes of workflows and of declarations.

use proc_macro2::Ident;
use quote::ToTokens;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Expr, Meta, Token};
use workflow_graph::near::similar;

use super::super::syntax::{CallPolicy, Compensate, OnFailure, Options, Was};
use super::compensate::compensate;
use super::policy::{POLICIES, policy};
use super::was::{self, was};
use crate::report::Report;
use crate::step::OPTIONS;

/// Handles an attribute of the workflow itself. Returns whether it is one, in which case nothing
/// else needs it.
pub(super) fn workflow_attribute(
    attr: &Attribute,
    options: &mut Options,
    report: &mut Report,
) -> bool {
    if attr.path().is_ident("on_failure") {
        if options.reacts {
            report
                .error(attr.path(), "`on_failure` is given twice")
                .note("a workflow has one reaction to its first error")
                .help("remove one of them");
        }
        options.reacts = true;
        match attr.parse_args::<Ident>() {
            Ok(what) if what == "cancel" => options.on_failure = OnFailure::Cancel,
            Ok(what) if what == "drain" => options.on_failure = OnFailure::Drain,
            Ok(what) if what == "finish" => options.on_failure = OnFailure::Finish,
            Ok(what) => {
                let text = format!("unknown reaction `{what}` to a failure");
                let problem = report.error(&what, text);
                if let Some(near) = similar(&what.to_string(), REACTIONS) {
                    problem.help(&format!("one with a similar name exists: `{near}`"));
                }
                problem.note(REACTIONS_NOTE);
            }
            Err(_) => {
                let text = "`on_failure` says what the first error does to the other steps";
                report.error(attr.path(), text).note(REACTIONS_NOTE);
            }
        }
        true
    } else if attr.path().is_ident("graph") {
        if !matches!(attr.meta, Meta::Path(_)) {
            report.error(attr.path(), "`graph` takes no argument").help("write `#[graph]`");
        } else if options.prints_graph {
            report.error(attr.path(), "`graph` is given twice").help("remove one of them");
        }
        options.prints_graph = true;
        true
    } else if attr.path().is_ident("durable") {
        if !matches!(attr.meta, Meta::Path(_)) {
            report.error(attr.path(), "`durable` takes no argument").help("write `#[durable]`");
        } else if options.durable.is_some() {
            report.error(attr.path(), "`durable` is given twice").help("remove one of them");
        }
        options.durable = Some(attr.path().span());
        true
    } else if attr.path().is_ident("was") {
        was::of_workflow(attr, &mut options.was, report);
        true
    } else {
        false
    }
}

const REACTIONS: [&str; 3] = ["cancel", "drain", "finish"];

const REACTIONS_NOTE: &str = "`#[on_failure(cancel)]`, the default, drops the steps that run; with \
                              `#[on_failure(drain)]` these are let end, and nothing new starts; with \
                              `#[on_failure(finish)]` all that does not depend on the failed step runs \
                              to its end";

/// A declaration's own attributes.
#[derive(Default)]
pub(super) struct Attributes {
    /// `#[allow(…)]`, `#[expect(…)]` and the like.
    pub(super) lints: Vec<Attribute>,
    pub(super) after: Vec<Ident>,
    pub(super) concurrency: Option<(Attribute, Expr)>,
    pub(super) compensate: Option<(Attribute, Compensate)>,
    pub(super) policy: Box<CallPolicy>,
    pub(super) record: Option<Attribute>,
    pub(super) was: Option<Was>,
}

pub(super) fn attributes(attrs: Vec<Attribute>, report: &mut Report) -> Attributes {
    let mut own = Attributes::default();
    for attr in attrs {
        let name = name_of(&attr);
        match &*name {
            _ if is_ignored(&name) => {}
            _ if is_lint(&name) => own.lints.push(attr),
            "after" => own.after.extend(after(&attr, report)),
            "concurrency" => {
                if own.concurrency.is_some() {
                    report
                        .error(attr.path(), "`concurrency` is given twice")
                        .help("remove one of them");
                }
                own.concurrency = concurrency(attr, report).or(own.concurrency);
            }
            "compensate" => {
                if own.compensate.is_some() {
                    report
                        .error(attr.path(), "`compensate` is given twice")
                        .help("call both from one step, and name that");
                }
                own.compensate = compensate(attr, report).or(own.compensate);
            }
            _ if POLICIES.contains(&&*name) => policy(&attr, &mut own.policy, report),
            "record" => {
                if own.record.is_some() {
                    report.error(attr.path(), "`record` is given twice").help("remove one of them");
                } else if !matches!(attr.meta, Meta::Path(_)) {
                    report
                        .error(attr.path(), "`record` takes no argument")
                        .help("write `#[record]`");
                }
                own.record = Some(attr);
            }
            "was" => was(&attr, &mut own.was, report),
            _ => unknown(&attr, &name, report),
        }
    }
    own
}

/// The attributes of a `match` arm. Attributes of declarations have no meaning there.
pub(super) fn arm_attributes(attrs: Vec<Attribute>, report: &mut Report) -> Vec<Attribute> {
    let mut lints = Vec::new();
    for attr in attrs {
        let name = name_of(&attr);
        if is_lint(&name) {
            lints.push(attr);
        } else if KNOWN.contains(&&*name) {
            report
                .error(attr.path(), format!("`{name}` cannot stand on an arm"))
                .note("it is an attribute of a declaration")
                .help(&format!(
                    "write it on a declaration inside the arm, or on the `match`: `#[{name}(…)] let value = match …`"
                ));
        } else if !is_ignored(&name) {
            let text = format!("unknown attribute `{name}` on an arm");
            let problem = report.error(attr.path(), text);
            if let Some(near) = similar(&name, LEVELS.into_iter().chain(["cfg"])) {
                problem.help(&format!("an attribute with a similar name exists: `{near}`"));
            }
            problem.note("an arm takes `#[cfg(…)]` and levels of lints, such as `#[allow(…)]`");
        }
    }
    lints
}

fn name_of(attr: &Attribute) -> String {
    attr.path().to_token_stream().to_string().replace(' ', "")
}

/// Attributes that set the level of a lint, and clippy's own attributes.
fn is_lint(name: &str) -> bool {
    LEVELS.contains(&name) || name.starts_with("clippy::")
}

const LEVELS: [&str; 5] = ["allow", "warn", "deny", "forbid", "expect"];

/// Attributes that have already had their effect, or that mean nothing to rustc.
fn is_ignored(name: &str) -> bool {
    name == "doc" || name.starts_with("rustfmt::")
}

fn after(attr: &Attribute, report: &mut Report) -> Vec<Ident> {
    match attr.parse_args_with(Punctuated::<Ident, Token![,]>::parse_terminated) {
        Ok(names) if !names.is_empty() => return names.into_iter().collect(),
        _ => {}
    }
    let argument = attr.parse_args::<Expr>().ok();
    let problem = match &argument {
        Some(argument) => report.error(argument, "`after` takes the names of steps"),
        None => report.error(attr.path(), "`after` takes the names of steps"),
    };
    match argument.as_ref().and_then(quoted_name) {
        Some(name) => problem.help(&format!("write `#[after({name})]`, without quotes")),
        None => problem.help("write `#[after(payment)]`, or `#[after(payment, stock)]` for two"),
    };
    Vec::new()
}

fn quoted_name(argument: &Expr) -> Option<Ident> {
    let Expr::Lit(literal) = argument else { return None };
    let syn::Lit::Str(text) = &literal.lit else { return None };
    text.parse().ok()
}

fn concurrency(attr: Attribute, report: &mut Report) -> Option<(Attribute, Expr)> {
    match attr.parse_args::<Expr>() {
        Ok(limit) if limit.to_token_stream().to_string() == "0" => {
            report
                .error(&limit, "with `#[concurrency(0)]` no item could ever run")
                .help("write how many items may run at once, such as `#[concurrency(8)]`");
            None
        }
        Ok(limit) => Some((attr, limit)),
        Err(_) => {
            report
                .error(attr.path(), "`concurrency` takes the number of items that may run at once")
                .help("write `#[concurrency(8)]`");
            None
        }
    }
}

const KNOWN: [&str; 8] =
    ["after", "concurrency", "compensate", "retry", "timeout", "deadline", "record", "was"];

fn unknown(attr: &Attribute, name: &str, report: &mut Report) {
    if name == "cfg" {
        report
            .error(attr.path(), "`cfg` does not say what it depends on")
            .help("write `#[cfg(feature = \"metrics\")]`, or another predicate");
        return;
    }
    let text = format!("unknown attribute `{name}` on a declaration");
    let problem = report.error(attr.path(), text);
    if name == "limit" {
        problem.note(
            "a declaration has limits of time, and a `for` one of how many items run at once",
        );
        problem.help(
            "write `#[timeout(\"10s\")]` for one attempt, `#[deadline(\"1m\")]` for all of them, or \
             `#[concurrency(8)]` on a `for`",
        );
        return;
    }
    if OPTIONS.contains(&name) {
        problem.note(&format!("`{name}` is an option of the step"));
        problem.help("write it above the step's function, in `#[step(…)]`");
        return;
    }
    if let Some(near) = similar(name, KNOWN.into_iter().chain(LEVELS).chain(["cfg"])) {
        problem.help(&format!("an attribute with a similar name exists: `{near}`"));
    }
    problem.note(
        "the attributes of a declaration are `#[after(…)]`, `#[concurrency(…)]`, \
         `#[compensate(…)]`, `#[retry(…)]`, `#[timeout(…)]`, `#[deadline(…)]`, `#[record]` and \
         `#[was(…)]`",
    );
}
