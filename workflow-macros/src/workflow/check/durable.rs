//! What a durable workflow must be: one whose steps leave nothing behind but their outputs.

use proc_macro2::Ident;
use syn::Expr;

use crate::report::{Report, shown};
use crate::walk::{self, Part};
use crate::workflow::model::{Kind, Scope};
use crate::workflow::names;

/// Reports the steps that change a value in place: when a run is resumed, a step that has completed
/// does not run again, so the change would be missing.
pub(super) fn check(scope: &Scope, report: &mut Report) {
    for node in &scope.nodes {
        if let Kind::Step(call) = &node.kind {
            match call.record {
                Some(_) => check_value(&call.expr, report),
                None => check_call(&call.expr, report),
            }
        }
        for inner in node.scopes() {
            check(inner, report);
        }
    }
}

fn check_call(call: &Expr, report: &mut Report) {
    walk::expr(call, &mut |part| {
        let Part::Expr(Expr::Reference(borrow)) = part else { return true };
        if borrow.mutability.is_none() {
            return true;
        }
        let value = shown(&borrow.expr);
        report
            .error(borrow, format!("a durable step cannot change `{value}` in place"))
            .note(
                "when a run goes on, a step that has completed does not run again, and only its \
                 output is recorded",
            )
            .help(&format!(
                "give the step the value, and let it return the new one: `let new = step({value}).await`"
            ));
        false
    });
}

/// Reports what a recorded value changes outside of itself.
fn check_value(value: &Expr, report: &mut Report) {
    // The names that the value does not bind itself.
    let mut outside = Vec::new();
    names::find(value, &mut |name, _| outside.push(name.clone()));
    walk::expr(value, &mut |part| {
        if let Part::Expr(Expr::Reference(borrow)) = part
            && borrow.mutability.is_some()
            && let Some(variable) = variable_of(&borrow.expr)
            && outside.contains(variable)
        {
            report
                .error(borrow, format!("a recorded value cannot change `{variable}` in place"))
                .note(
                    "when a run goes on, the value is read from the record, and nothing computes it \
                     again",
                )
                .help("compute it of values that stay as they are, or in a step");
            return false;
        }
        true
    });
}

/// The variable that a place expression is, or is a part of.
fn variable_of(place: &Expr) -> Option<&Ident> {
    match place {
        Expr::Path(path) => path.path.get_ident(),
        Expr::Field(field) => variable_of(&field.base),
        Expr::Index(index) => variable_of(&index.expr),
        Expr::Paren(paren) => variable_of(&paren.expr),
        Expr::Group(group) => variable_of(&group.expr),
        _ => None,
    }
}

/// Reports what only a durable workflow can have, in a workflow that is not durable.
pub(super) fn check_absent(scope: &Scope, report: &mut Report) {
    for node in &scope.nodes {
        if let Some(record) = node.record() {
            report
                .error(Ident::new("record", record), "`record` needs a durable workflow")
                .note("only a durable run has a record to write the value to")
                .help("add `#[durable]` above the workflow, or remove it");
        }
        if let Some(was) = &node.was {
            report
                .error(was.place(), "`was` needs a durable workflow")
                .note("it tells the record of a run what this declaration was called before")
                .help("remove it, or add `#[durable]` above the workflow");
        }
        for inner in node.scopes() {
            check_absent(inner, report);
        }
    }
}
