//! What has to outlast the steps of a workflow that can be undone.
//!
//! A compensation runs after the workflow's body has been dropped. So a variable that it names is
//! kept in a place outside of the body, and every user in the body gets a reference to it. The same
//! holds for what is borrowed by a call of a workflow that undoes its own steps.

use proc_macro2::Ident;
use syn::Expr;

use super::functions::function_path;
use super::model::{Child, Compensation, Kind, Model, Node, Scope};
use super::names::{self, Mode};
use crate::report::Report;
use crate::sorted::SortedSet;

/// Finds the calls of workflows that undo their own steps, and marks what must be kept. `models`
/// are those of one `workflow!`, with their names.
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
        let wanted = keep(&mut model.body);
        model.kept_inputs = wanted_of(&model.inputs, &wanted);
    }
}

/// Whether anything in the scope can be undone.
pub(crate) fn undoes(scope: &Scope) -> bool {
    scope.nodes.iter().any(|node| {
        let own = node.compensation.is_some() || node.child != Child::No;
        own || node.scopes().into_iter().any(undoes)
    })
}

/// Reports what is said about the attempts of a workflow that undoes its own steps: it is called
/// once, and is kept for its caller to undo it.
pub(crate) fn refuse_policies(scope: &Scope, report: &mut Report) {
    for node in &scope.nodes {
        if let (Kind::Step(call), true) = (&node.kind, node.child != Child::No)
            && let Some(first) = call.policy.given.first()
        {
            let text =
                format!("`{first}` cannot stand on a workflow that compensates its own steps");
            report
                .error(first, text)
                .note("it is called once, and kept for what it has done to be undone")
                .help("write it on the declarations in that workflow");
        }
        for inner in node.scopes() {
            refuse_policies(inner, report);
        }
    }
}

fn mark_children(scope: &mut Scope, undoing: &[String]) -> bool {
    let mut found = false;
    for node in &mut scope.nodes {
        let called = match &node.kind {
            Kind::Step(call) if call.record.is_none() => function_path(&call.expr),
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

/// Marks what is declared or bound in the scope and has to be kept. Returns the names from outside
/// that have to be kept.
fn keep(scope: &mut Scope) -> SortedSet<String> {
    let mut wanted = SortedSet::new();
    for node in &mut scope.nodes {
        wanted.extend(wanted_by(node));
        let mut binds = false;
        for inner in node.scopes_mut() {
            wanted.extend(keep(inner));
            binds |= !inner.kept_bound.is_empty();
        }
        // What is bound to a part of something keeps that alive, too: `for name in &names`.
        if binds {
            wanted.extend(heads(node).into_iter().flat_map(borrowed_from));
        }
    }
    // A reference to something keeps that alive, too.
    let mut more = true;
    while more {
        let references = scope.nodes.iter().filter(|node| declares_any(node, &wanted));
        let names: Vec<String> = references.flat_map(referred_to).collect();
        let known = wanted.len();
        wanted.extend(names);
        more = wanted.len() > known;
    }
    for node in &mut scope.nodes {
        node.kept = wanted_of(node.vars.iter().map(|(var, _)| var), &wanted);
    }
    // A declaration hides what is bound under the same name.
    for name in scope.nodes.iter().flat_map(|node| &node.kept) {
        wanted.remove(&name.to_string());
    }
    scope.kept_bound = wanted_of(&scope.bound, &wanted);
    for name in &scope.kept_bound {
        wanted.remove(&name.to_string());
    }
    wanted
}

fn wanted_of<'a>(
    names: impl IntoIterator<Item = &'a Ident>,
    wanted: &SortedSet<String>,
) -> Vec<Ident> {
    names.into_iter().filter(|name| wanted.contains(&name.to_string())).cloned().collect()
}

/// The names that a node's compensation uses, and those that its call borrows if it calls a
/// workflow that undoes its own steps.
fn wanted_by(node: &Node) -> SortedSet<String> {
    let mut wanted = SortedSet::new();
    if let Some(Compensation { expr, .. }) = &node.compensation {
        wanted.extend(compensation_names(expr));
    }
    if let (Kind::Step(call), true) = (&node.kind, node.child != Child::No) {
        wanted.extend(borrowed(&call.expr));
    }
    wanted.iter().map(ToString::to_string).collect()
}

/// The variables that a compensation may name.
pub(crate) fn compensation_names(expr: &Expr) -> SortedSet<Ident> {
    names_used(expr, |mode| mode != Mode::Call)
}

fn borrowed(expr: &Expr) -> SortedSet<Ident> {
    names_used(expr, |mode| matches!(mode, Mode::Borrow | Mode::Part))
}

fn names_used(expr: &Expr, so: impl Fn(Mode) -> bool) -> SortedSet<Ident> {
    let mut found = SortedSet::new();
    names::find(expr, &mut |ident, mode| {
        if so(mode) {
            found.insert(ident.clone());
        }
    });
    found
}

fn declares_any(node: &Node, names: &SortedSet<String>) -> bool {
    node.vars.iter().any(|(var, _)| names.contains(&var.to_string()))
}

fn referred_to(node: &Node) -> Vec<String> {
    match &node.kind {
        Kind::Value(expr) => borrowed_from(expr),
        _ => Vec::new(),
    }
}

/// The expressions that the patterns in front of the node's scopes are matched against.
fn heads(node: &Node) -> Vec<&Expr> {
    match &node.kind {
        Kind::FanOut { items, .. } => vec![items],
        Kind::Match { scrutinee, .. } => vec![scrutinee],
        Kind::If(arms) => {
            let conditions = arms.iter().filter_map(|(head, _)| head.as_ref());
            conditions.flat_map(|(_, condition)| matched(condition)).collect()
        }
        Kind::Step(_) | Kind::Value(_) | Kind::Block(_) => Vec::new(),
    }
}

/// What the `let`s of a condition match against.
fn matched(condition: &Expr) -> Vec<&Expr> {
    match condition {
        Expr::Let(binding) => vec![&*binding.expr],
        Expr::Binary(both) => [matched(&both.left), matched(&both.right)].concat(),
        Expr::Paren(inner) => matched(&inner.expr),
        Expr::Group(inner) => matched(&inner.expr),
        _ => Vec::new(),
    }
}

/// The variables that a value certainly borrows from: `&names`, `order.lines.iter()`.
fn borrowed_from(expr: &Expr) -> Vec<String> {
    match expr {
        Expr::Reference(_) => borrowed(expr).iter().map(ToString::to_string).collect(),
        Expr::Paren(inner) => borrowed_from(&inner.expr),
        Expr::Group(inner) => borrowed_from(&inner.expr),
        Expr::Try(inner) => borrowed_from(&inner.expr),
        Expr::MethodCall(call) => {
            let name = call.method.to_string();
            match root(&call.receiver) {
                Some(root) if borrows(&name) => vec![root.to_string()],
                None if borrows(&name) || passes_on(&name) => borrowed_from(&call.receiver),
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

/// The variable that an expression is a part of.
fn root(expr: &Expr) -> Option<&Ident> {
    match expr {
        Expr::Path(path) => path.path.get_ident(),
        Expr::Field(field) => root(&field.base),
        Expr::Index(index) => root(&index.expr),
        Expr::Paren(inner) => root(&inner.expr),
        Expr::Group(inner) => root(&inner.expr),
        _ => None,
    }
}

/// Methods of the standard library that return references into their receiver.
fn borrows(method: &str) -> bool {
    let prefixes = ["as_", "trim", "split", "iter", "get"];
    prefixes.iter().any(|prefix| method.starts_with(prefix))
        || matches!(
            method,
            "first" | "last" | "lines" | "chunks" | "windows" | "keys" | "values" | "deref"
        )
}

/// Methods that pass on the references that they are called on.
fn passes_on(method: &str) -> bool {
    matches!(
        method,
        "unwrap"
            | "expect"
            | "unwrap_or_default"
            | "next"
            | "enumerate"
            | "rev"
            | "skip"
            | "take"
            | "zip"
            | "filter"
            | "ok_or"
            | "ok_or_else"
            | "peekable"
            | "step_by"
    )
}
