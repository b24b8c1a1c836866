//! What a sound graph must be: free of cycles, and with a result at its end.

use std::collections::{BTreeSet, VecDeque};

use proc_macro2::Ident;
use syn::{ReturnType, Type};

use super::model::{Model, Node, Scope, Tail};
use super::syntax::Workflow;
use crate::report::Report;

/// Reports what keeps the workflow from running.
pub(crate) fn check(workflow: &Workflow, model: &Model, report: &mut Report) {
    let name = workflow.sig.ident.to_string();
    check_cycles(&model.body, &name, &model.inputs, report);
    if matches!(model.body.tail, Tail::Unit) && !returns_unit(&workflow.sig.output) {
        let last = model.body.nodes.iter().rev().find_map(|node| node.vars.first());
        let result = last.map_or_else(|| "value".to_owned(), |(var, _)| var.to_string());
        let fails = returns_result(&workflow.sig.output);
        let line = if fails { format!("Ok({result})") } else { result };
        report
            .error(
                Ident::new("end", workflow.end),
                format!("workflow `{name}` does not end with its result"),
            )
            .help(&format!("add `{line}` as the last line, without a semicolon"));
    }
}

fn returns_unit(output: &ReturnType) -> bool {
    match output {
        ReturnType::Default => true,
        ReturnType::Type(_, ty) => matches!(&**ty, Type::Tuple(tuple) if tuple.elems.is_empty()),
    }
}

fn returns_result(output: &ReturnType) -> bool {
    let ReturnType::Type(_, ty) = output else { return false };
    let Type::Path(path) = &**ty else { return false };
    path.path.segments.last().is_some_and(|last| last.ident.to_string().ends_with("Result"))
}

fn check_cycles(scope: &Scope, workflow: &str, inputs: &[Ident], report: &mut Report) {
    let mut needs: Vec<BTreeSet<usize>> = Vec::new();
    for (at, node) in scope.nodes.iter().enumerate() {
        if let Some(reference) = node.needs.get(&at) {
            report_itself(node, reference, inputs, report);
        }
        needs.push(node.needs.keys().copied().filter(|&other| other != at).collect());
    }
    while let Some(cycle) = shortest_cycle(&needs) {
        report_cycle(scope, &cycle, workflow, report);
        // Without its last edge the cycle is broken; what is found next is another one.
        let (first, last) = (cycle[0], cycle[cycle.len() - 1]);
        needs[last].remove(&first);
    }
    for node in &scope.nodes {
        for inner in node.scopes() {
            check_cycles(inner, workflow, inputs, report);
        }
    }
}

fn report_itself(node: &Node, reference: &Ident, inputs: &[Ident], report: &mut Report) {
    let problem = report.error(reference, format!("step `{}` depends on itself", node.name));
    problem.note("a step runs once, after everything it depends on");
    if inputs.contains(reference) {
        problem.help(&format!(
            "`{reference}` is an input too: give the step another name, since a name means the \
             same everywhere in a body"
        ));
    }
}

/// The shortest cycle, from the node that stands first in the source: each needs the
/// next, and the last needs the first.
fn shortest_cycle(needs: &[BTreeSet<usize>]) -> Option<Vec<usize>> {
    let mut shortest: Option<Vec<usize>> = None;
    for start in 0..needs.len() {
        if let Some(cycle) = cycle_through(start, needs)
            && shortest.as_ref().is_none_or(|best| cycle.len() < best.len())
        {
            shortest = Some(cycle);
        }
    }
    shortest
}

/// The shortest way from `start` back to it.
fn cycle_through(start: usize, needs: &[BTreeSet<usize>]) -> Option<Vec<usize>> {
    let mut came_from = vec![None; needs.len()];
    let mut queue = VecDeque::from([start]);
    while let Some(at) = queue.pop_front() {
        for &next in &needs[at] {
            if next == start {
                let mut cycle = vec![at];
                let mut at = at;
                while at != start {
                    at = came_from[at].expect("every node was reached from another");
                    cycle.push(at);
                }
                cycle.reverse();
                return Some(cycle);
            }
            if came_from[next].is_none() {
                came_from[next] = Some(at);
                queue.push_back(next);
            }
        }
    }
    None
}

fn report_cycle(scope: &Scope, cycle: &[usize], workflow: &str, report: &mut Report) {
    let name = |at: usize| &scope.nodes[at].name;
    let closed: Vec<usize> = cycle.iter().copied().chain([cycle[0]]).collect();
    let path: Vec<String> = closed.iter().map(|&at| format!("`{}`", name(at))).collect();
    let mut edges = Vec::new();
    let mut closing = None;
    for pair in closed.windows(2) {
        let reference = &scope.nodes[pair[0]].needs[&pair[1]];
        let line = reference.span().start().line;
        edges.push(format!("`{}` needs `{}` (line {line})", name(pair[0]), name(pair[1])));
        closing = Some(reference);
    }
    let text = format!("workflow `{workflow}` has a dependency cycle: {}", path.join(" → "));
    report
        .error(closing, text)
        .note(&edges.join("\n      "))
        .help("remove one of these, or split a step in two so that one half can run first");
}
