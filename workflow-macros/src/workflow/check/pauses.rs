//! Pauses: that their lengths can be read, and that something waits for them.

use proc_macro2::Ident;
use syn::Expr;
use syn::spanned::Spanned;

use crate::duration::{self, text_of};
use crate::report::{Report, shown};
use crate::workflow::functions::function_name;
use crate::workflow::model::{Kind, Node, Scope, Tail};
use crate::workflow::names;
use crate::workflow::ordered::{Ordered, holds_steps};

/// What can be known about a call of something named `sleep`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pause {
    /// It is certainly the library's own.
    Certain,
    /// It may be one of the user's steps.
    Likely,
}

/// Whether it is a call of the library's `sleep`.
pub(crate) fn pause(call: &Expr) -> Option<Pause> {
    let Expr::Call(call) = duration::peeled(call) else { return None };
    let Expr::Path(path) = duration::peeled(&call.func) else { return None };
    let last = path.path.segments.last()?;
    let in_crate = |name: &str| path.path.segments.first().is_some_and(|first| first.ident == name);
    if last.ident != "sleep" || call.args.len() != 1 || in_crate("tokio") {
        return None;
    }
    let by_its_path = in_crate("workflow_runtime");
    let by_its_text = text_of(&call.args[0]).is_some_and(|text| {
        let text = text.value();
        text.trim_start().starts_with(|first: char| first.is_ascii_digit() || first == '-')
    });
    Some(if by_its_path || by_its_text { Pause::Certain } else { Pause::Likely })
}

/// The literal text that is the only argument of a call.
pub(crate) fn text_argument(call: &Expr) -> Option<&syn::LitStr> {
    let Expr::Call(call) = duration::peeled(call) else { return None };
    let mut args = call.args.iter();
    text_of(args.next()?).filter(|_| args.next().is_none())
}

/// Reports pauses whose length cannot be read, and those that nothing waits for.
pub(super) fn check(scope: &Scope, report: &mut Report) {
    check_scope(scope, Around { waits: false, outermost: true }, report);
}

/// The surroundings of a scope.
#[derive(Clone, Copy)]
struct Around {
    /// Something waits for the scope as a whole.
    waits: bool,
    outermost: bool,
}

fn check_scope(scope: &Scope, around: Around, report: &mut Report) {
    for (at, node) in scope.nodes.iter().enumerate() {
        if let Kind::Step(call) = &node.kind
            && let Some(pause) = pause(&call.expr)
        {
            check_length(&call.expr, pause, report);
            if pause == Pause::Certain && !is_waited_for(scope, at, around) {
                nothing_waits(node, &call.expr, scope, report);
            }
        }
        for (inner, around) in inside(scope, at, around) {
            check_scope(inner, around, report);
        }
    }
}

/// The scopes inside a node, with their surroundings.
fn inside(scope: &Scope, at: usize, around: Around) -> impl Iterator<Item = (&Scope, Around)> {
    let node = &scope.nodes[at];
    let inside = node.scopes();
    let limited = matches!(&node.kind, Kind::FanOut { concurrency: Some(_), .. });
    let waits = !inside.is_empty() && (limited || is_waited_for(scope, at, around));
    inside.into_iter().map(move |inner| (inner, Around { waits, outermost: false }))
}

fn check_length(call: &Expr, pause: Pause, report: &mut Report) {
    // If it may be something else, only the types can tell.
    if let (Pause::Certain, Some(text)) = (pause, text_argument(call)) {
        duration::pause(text, report);
    }
}

/// The calls in a scope that nothing waits for and that only their types can identify as pauses, by
/// the numbers of their nodes.
pub(crate) fn unwaited(scope: &Scope) -> Vec<usize> {
    fn add(scope: &Scope, around: Around, found: &mut Vec<usize>) {
        for (at, node) in scope.nodes.iter().enumerate() {
            if let Kind::Step(call) = &node.kind
                && pause(&call.expr).is_some()
                && !is_waited_for(scope, at, around)
            {
                found.push(node.id);
            }
            for (inner, around) in inside(scope, at, around) {
                add(inner, around, found);
            }
        }
    }
    let mut found = Vec::new();
    add(scope, Around { waits: false, outermost: true }, &mut found);
    found
}

fn is_waited_for(scope: &Scope, at: usize, around: Around) -> bool {
    let named = scope.nodes.iter().any(|other| other.needs.contains_key(&at));
    let result = match &scope.tail {
        Tail::Node(result) => *result == at && (around.outermost || around.waits),
        Tail::Expr(expr) => {
            let node = &scope.nodes[at];
            node.vars.iter().any(|(var, _)| names::mentions(expr, var))
        }
        Tail::Unit => false,
    };
    if named || result {
        return true;
    }
    if around.outermost {
        // In a workflow that is only a pause, the caller waits for it.
        return scope.nodes.iter().filter(|node| holds_steps(node)).count() == 1;
    }
    // It is part of something that is waited for. But nodes below it look as if they came later.
    around.waits && Ordered::of(scope).beside_below(scope, at).is_empty()
}

fn nothing_waits(node: &Node, call: &Expr, scope: &Scope, report: &mut Report) {
    let name = node.vars.first().map(|(var, _)| var.to_string());
    let pause = name.clone().unwrap_or_else(|| "pause".to_owned());
    let help = match (&name, next_below(scope, node)) {
        (None, Some(next)) => format!(
            "write `let {pause} = {}.await;`, and `#[after({pause})]` on what comes next, such as `{next}`",
            shown(call)
        ),
        (None, None) => format!(
            "write `let {pause} = {}.await;`, and `#[after({pause})]` on what comes next",
            shown(call)
        ),
        (Some(_), Some(next)) => {
            format!("write `#[after({pause})]` on what comes next, such as `{next}`")
        }
        (Some(_), None) => format!("write `#[after({pause})]` on what comes next"),
    };
    report
        .error(Ident::new("here", call.span()), "nothing waits for this pause")
        .note("a body is a set of declarations, each of which starts as soon as what it names is ready")
        .help(&help);
}

/// The step that comes next in the source, if there is one.
fn next_below(scope: &Scope, node: &Node) -> Option<String> {
    let mut below = scope.nodes.iter().filter(|other| other.id > node.id);
    below.find_map(|other| match &other.kind {
        Kind::Step(call) => function_name(&call.expr),
        _ => None,
    })
}
