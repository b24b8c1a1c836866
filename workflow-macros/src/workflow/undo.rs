//! What has to outlast the steps of a workflow that can be undone.
//!
//! A compensation runs after the workflow's body has been dropped. So a variable that it
//! names is kept in a place outside of the body, and everybody in the body gets a reference
//! to it. The same holds for what a call borrows of a workflow that undoes its own steps.

use std::collections::BTreeSet;

use proc_macro2::Ident;
use syn::Expr;

use super::model::{Child, Compensation, Kind, Model, Node, Scope};
use super::names::{self, Mode};
use super::resolve::{condition_names, function_path};

/// Finds the calls of workflows that undo their own steps, and marks what must be kept.
/// `models` are those of one `workflow!`, by their names.
pub(crate) fn mark(models: &mut [(String, &mut Model)]) {
    // A workflow undoes steps if it has a compensation, or calls one that does.
    loop {
        let undoing: Vec<String> = models
            .iter()
            .filter(|(_, model)| undoes(&model.body))
            .map(|(name, _)| name.clone())
            .collect();
        let mut found = false;
        for (_, model) in &mut *models {
            found |= mark_children(&mut model.body, &undoing);
        }
        if !found {
            break;
        }
    }
    for (_, model) in models {
        let inputs = model.inputs.clone();
        model.kept_inputs = keep(&mut model.body, &inputs).1;
    }
}

/// Whether anything in the scope can be undone.
pub(crate) fn undoes(scope: &Scope) -> bool {
    scope.nodes.iter().any(|node| {
        let own = node.compensation.is_some() || node.child != Child::No;
        own || node.scopes().into_iter().any(undoes)
    })
}

fn mark_children(scope: &mut Scope, undoing: &[String]) -> bool {
    let mut found = false;
    for node in &mut scope.nodes {
        let called = match &node.kind {
            Kind::Step(call) => function_path(&call.expr),
            _ => None,
        };
        if node.child == Child::No && called.is_some_and(|name| undoing.contains(&name)) {
            node.child =
                if node.compensation.is_some() { Child::UndoneAsOne } else { Child::UndoesItself };
            found = true;
        }
        for inner in node.scopes_mut() {
            found |= mark_children(inner, undoing);
        }
    }
    found
}

/// Marks what is declared in the scope and has to be kept. Gives the names from outside that
/// have to be, and those of `bound`, which are bound where the scope begins.
fn keep(scope: &mut Scope, bound: &[Ident]) -> (BTreeSet<String>, Vec<Ident>) {
    let mut wanted = BTreeSet::new();
    for node in &mut scope.nodes {
        wanted.extend(wanted_by(node));
        let bound = bound_in(node);
        for (inner, bound) in node.scopes_mut().into_iter().zip(bound) {
            let (more, kept) = keep(inner, &bound);
            inner.kept_bound = kept;
            wanted.extend(more);
        }
    }
    // What is a reference to something keeps that too.
    let mut more = true;
    while more {
        let references = scope.nodes.iter().filter(|node| declares_any(node, &wanted));
        let names: Vec<String> = references.flat_map(referred_to).collect();
        let known = wanted.len();
        wanted.extend(names);
        more = wanted.len() > known;
    }
    for node in &mut scope.nodes {
        let kept = node.vars.iter().map(|(var, _)| var);
        node.kept = kept.filter(|var| wanted.contains(&var.to_string())).cloned().collect();
    }
    for (var, _) in scope.nodes.iter().flat_map(|node| &node.vars) {
        wanted.remove(&var.to_string());
    }
    let kept: Vec<Ident> =
        bound.iter().filter(|name| wanted.contains(&name.to_string())).cloned().collect();
    for name in &kept {
        wanted.remove(&name.to_string());
    }
    (wanted, kept)
}

/// The names that a node's compensation uses, or that its call borrows if it is that of a
/// workflow which undoes its own steps.
fn wanted_by(node: &Node) -> BTreeSet<String> {
    let mut wanted = BTreeSet::new();
    if let Some(Compensation { expr }) = &node.compensation {
        wanted.extend(compensation_names(expr).iter().map(ToString::to_string));
    }
    if let (Kind::Step(call), true) = (&node.kind, node.child != Child::No) {
        wanted.extend(borrowed(&call.expr));
    }
    wanted
}

/// The variables that a compensation may name.
pub(crate) fn compensation_names(expr: &Expr) -> BTreeSet<Ident> {
    let mut found = BTreeSet::new();
    names::find(expr, &mut |ident, mode| {
        if mode != Mode::Call {
            found.insert(ident.clone());
        }
    });
    found
}

fn borrowed(expr: &Expr) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    names::find(expr, &mut |ident, mode| {
        if matches!(mode, Mode::Borrow | Mode::Part) {
            found.insert(ident.to_string());
        }
    });
    found
}

fn declares_any(node: &Node, names: &BTreeSet<String>) -> bool {
    node.vars.iter().any(|(var, _)| names.contains(&var.to_string()))
}

fn referred_to(node: &Node) -> BTreeSet<String> {
    match &node.kind {
        Kind::Value(expr @ Expr::Reference(_)) => borrowed(expr),
        _ => BTreeSet::new(),
    }
}

/// The names that are bound in front of each scope of a node.
fn bound_in(node: &Node) -> Vec<Vec<Ident>> {
    let of_pat = |pat| names::bound_by(pat).into_iter().map(|(ident, _)| ident).collect();
    match &node.kind {
        Kind::Step(_) | Kind::Value(_) => Vec::new(),
        Kind::If(arms) => arms
            .iter()
            .map(|(condition, _)| {
                condition
                    .as_ref()
                    .map(|(_, condition)| condition_names(condition))
                    .unwrap_or_default()
            })
            .collect(),
        Kind::Match { arms, .. } => arms.iter().map(|(pat, _)| of_pat(pat)).collect(),
        Kind::FanOut { pat, .. } => vec![of_pat(pat)],
        Kind::Block(_) => vec![Vec::new()],
    }
}
