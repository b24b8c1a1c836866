//! Names that nothing declares.

use proc_macro2::Ident;
use workflow_graph::near::similar;

use super::functions::function_name;
use super::model::{How, Kind, Node, Scope};
use super::names::Mode;
use crate::report::{Problem, Report};

/// Reports that `#[after]` names something that does not exist.
pub(crate) fn step(
    name: &Ident,
    workflow: &str,
    inputs: &[Ident],
    body: &Scope,
    report: &mut Report,
) {
    let text = format!("cannot find step `{name}` in workflow `{workflow}`");
    let problem = report.error(name, text);
    let wanted = name.to_string();
    let inputs: Vec<String> = inputs.iter().map(ToString::to_string).collect();
    let steps = nameable(body);
    let known = inputs.iter().chain(&steps).map(|name| &**name);
    if let Some((outer, inner)) = declared_inside(body, &wanted) {
        say_inside(outer, inner, problem);
    } else if let Some(caller) = body.nodes.iter().find(|node| calls(node, &wanted)) {
        let step = &caller.name;
        problem.help(&format!(
            "the step that calls `{wanted}` is named `{step}`: write `#[after({step})]`"
        ));
    } else if let Some(near) = similar(&wanted, known) {
        problem.help(&format!("a step with a similar name exists: `{near}`"));
    } else {
        if !inputs.is_empty() {
            problem.note(&format!("the inputs: {}", list(&inputs)));
        }
        problem.note(&format!("the steps: {}", list(&steps)));
    }
}

fn list(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// What `#[after]` can name. A branch without a variable is named after its keyword.
fn nameable(body: &Scope) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for node in &body.nodes {
        if syn::parse_str::<Ident>(&node.name).is_ok() && !names.contains(&node.name) {
            names.push(node.name.clone());
        }
    }
    names
}

/// The step of that name inside another declaration, and that declaration.
fn declared_inside<'a>(body: &'a Scope, name: &str) -> Option<(&'a Node, &'a Node)> {
    body.nodes.iter().find_map(|outer| Some((outer, find_inside(outer, name)?)))
}

fn find_inside<'a>(outer: &'a Node, name: &str) -> Option<&'a Node> {
    let inner = outer.scopes().into_iter().flat_map(|scope| &scope.nodes);
    inner
        .into_iter()
        .find_map(|node| if node.name == name { Some(node) } else { find_inside(node, name) })
}

fn say_inside(outer: &Node, inner: &Node, problem: &mut Problem) {
    let (line, name) = (inner.span.start().line, &inner.name);
    problem.note(&format!("`{name}` is declared on line {line}, inside `{}`", outer.path));
    if outer.vars.is_empty() {
        let keyword = &outer.name;
        problem.help(&format!(
            "give what is around it a name, `let done = {keyword} …`, and wait for that: `#[after(done)]`"
        ));
    } else {
        problem.help(&format!("wait for what is around it: `#[after({})]`", outer.name));
    }
}

fn calls(node: &Node, name: &str) -> bool {
    match &node.kind {
        Kind::Step(call) => function_name(&call.expr).is_some_and(|function| function == name),
        _ => false,
    }
}

/// The variables of the outermost scope that an unknown name resembles. rustc suggests them only if
/// they are in scope where the name is used, but it is used in an earlier step than it should be.
pub(crate) fn look_alikes(body: &Scope) -> Vec<Ident> {
    let vars: Vec<&Ident> =
        body.nodes.iter().flat_map(|node| &node.vars).map(|(var, _)| var).collect();
    let names: Vec<String> = vars.iter().map(ToString::to_string).collect();
    let mut near: Vec<String> = Vec::new();
    for used in &body.free {
        let name = used.ident.to_string();
        let variable = matches!(used.how, How::Value(Mode::Value | Mode::Borrow));
        if !variable || !name.starts_with(char::is_lowercase) {
            continue;
        }
        if let Some(found) = similar(&name, names.iter().map(|name| &**name)) {
            near.push(found.to_owned());
        }
    }
    // A name that is called is, or may be, that of a function.
    near.retain(|name| !is_called(body, name));
    vars.into_iter().filter(|var| near.contains(&var.to_string())).cloned().collect()
}

fn is_called(scope: &Scope, name: &str) -> bool {
    let calls = scope.free.iter().chain(scope.nodes.iter().flat_map(Node::uses));
    let mut called = calls.filter(|used| used.how == How::Value(Mode::Call));
    called.any(|used| used.ident == name)
}
