//! A workflow ends with its result, and a branch with its value.

use proc_macro2::{Ident, Span};
use syn::{Pat, ReturnType, Type};

use crate::report::{Report, shown};
use crate::workflow::awaits::first_question;
use crate::workflow::model::{Kind, Model, Node, Scope, Tail};
use crate::workflow::syntax::Workflow;

/// Reports a workflow without a result if its return type requires one.
pub(super) fn check(workflow: &Workflow, model: &Model, report: &mut Report) {
    let output = &workflow.sig.output;
    if workflow.torn || !matches!(model.body.tail, Tail::Unit) || returns_unit(output) {
        return;
    }
    let text = format!("workflow `{}` does not end with its result", workflow.sig.ident);
    let last = model.body.nodes.last().map(|node| (&node.kind, node.vars.is_empty()));
    if let (Some(semicolon), Some((Kind::Value(result), true))) = (workflow.semicolon, last) {
        report
            .error(at(semicolon), text)
            .help(&format!("remove this semicolon: `{}` is then the result", shown(result)));
        return;
    }
    let last = model.body.nodes.iter().rev().find_map(|node| node.vars.last());
    let help = match (last, returned(output).as_deref()) {
        (Some((name, _)), Some("Result")) => format!("add `Ok({name})` as the last line"),
        (Some((name, _)), Some("Option")) => format!("add `Some({name})` as the last line"),
        (Some((name, _)), _) => format!("add `{name}` as the last line"),
        (None, Some("Result")) => "add the result as the last line, such as `Ok(value)`".to_owned(),
        (None, _) => "add the result as the last line".to_owned(),
    };
    report.error(at(workflow.end), text).help(&format!("{help}, without a semicolon"));
}

/// Reports each `?` in a workflow whose return type certainly has no place for an error.
pub(super) fn check_questions(workflow: &Workflow, scope: &Scope, report: &mut Report) {
    let output = &workflow.sig.output;
    if !returns_no_failure(output) {
        return;
    }
    let name = &workflow.sig.ident;
    let value = match output {
        ReturnType::Default => "()".to_owned(),
        ReturnType::Type(_, ty) => shown(ty),
    };
    for question in questions(scope) {
        report
            .error(at(question), "`?` needs a workflow that returns `Result` or `Option`")
            .note(&format!("`{name}` returns `{value}`"))
            .help(&format!("let it return `Result<{value}, Error>`, with an error type of yours"));
    }
}

fn questions(scope: &Scope) -> Vec<Span> {
    let tail = match &scope.tail {
        Tail::Expr(expr) => first_question(expr),
        Tail::Unit | Tail::Node(_) => None,
    };
    let own = scope.nodes.iter().flat_map(own_questions);
    own.chain(tail).collect()
}

fn own_questions(node: &Node) -> Vec<Span> {
    let mut found: Vec<Span> = match &node.kind {
        Kind::Step(call) => {
            // The `?` of a recorded value is the one in its expression, repeated.
            let own = call.question.as_ref().filter(|_| call.record.is_none());
            let own = own.map(|question| question.span);
            first_question(&call.expr).into_iter().chain(own).collect()
        }
        Kind::Value(expr) => first_question(expr).into_iter().collect(),
        Kind::If(arms) => {
            let conditions = arms.iter().filter_map(|(condition, _)| condition.as_ref());
            conditions.filter_map(|(_, condition)| first_question(condition)).collect()
        }
        Kind::Match { scrutinee, .. } => first_question(scrutinee).into_iter().collect(),
        Kind::FanOut { items, .. } => first_question(items).into_iter().collect(),
        Kind::Block(_) => Vec::new(),
    };
    for scope in node.scopes() {
        found.extend(questions(scope));
    }
    found
}

/// Reports an arm that ends with a declaration if the others end with a value.
pub(super) fn check_arms(scope: &Scope, report: &mut Report) {
    for node in &scope.nodes {
        let arms = node.scopes();
        let branches = matches!(node.kind, Kind::If(_) | Kind::Match { .. });
        let used = branches && node.binding.as_ref().is_some_and(|binding| !ignores(&binding.pat));
        let valued = arms.iter().any(|arm| !matches!(arm.tail, Tail::Unit));
        for arm in arms {
            if used && valued && matches!(arm.tail, Tail::Unit) {
                check_arm(node, arm, report);
            }
            check_arms(arm, report);
        }
    }
}

fn check_arm(node: &Node, arm: &Scope, report: &mut Report) {
    let Some(braces) = arm.braces else { return };
    let Some((value, _)) = arm.nodes.last().and_then(|last| last.vars.last()) else { return };
    report
        .error(
            at(braces.close()),
            format!("this arm does not end with the value of `{}`", node.name),
        )
        .help(&format!("add `{value}` as its last line, without a semicolon"));
}

fn ignores(pat: &Pat) -> bool {
    matches!(pat, Pat::Wild(_)) || matches!(pat, Pat::Tuple(tuple) if tuple.elems.is_empty())
}

fn at(span: Span) -> Ident {
    Ident::new("here", span)
}

fn returns_unit(output: &ReturnType) -> bool {
    match output {
        ReturnType::Default => true,
        ReturnType::Type(_, ty) => matches!(&**ty, Type::Tuple(tuple) if tuple.elems.is_empty()),
    }
}

/// Whether the type is certainly neither `Result` nor `Option`, under whatever name.
fn returns_no_failure(output: &ReturnType) -> bool {
    const OTHER: [&str; 17] = [
        "bool", "char", "str", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32",
        "i64", "i128", "isize", "f32", "f64",
    ];
    match output {
        ReturnType::Default => true,
        ReturnType::Type(_, ty) => match &**ty {
            Type::Path(path) => {
                path.path.get_ident().is_some_and(|name| OTHER.iter().any(|other| name == other))
            }
            Type::Tuple(_)
            | Type::Reference(_)
            | Type::Array(_)
            | Type::Slice(_)
            | Type::Ptr(_)
            | Type::Never(_) => true,
            _ => false,
        },
    }
}

/// `Result` for every name that ends with it, or else the name itself, such as `Option`.
fn returned(output: &ReturnType) -> Option<String> {
    let ReturnType::Type(_, ty) = output else { return None };
    let Type::Path(path) = &**ty else { return None };
    let name = path.path.segments.last()?.ident.to_string();
    Some(if name.ends_with("Result") { "Result".to_owned() } else { name })
}
