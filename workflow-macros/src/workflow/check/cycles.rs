//! Cycles: what can never start, since it waits for itself.

use std::collections::{BTreeSet, VecDeque};

use proc_macro2::Ident;

use crate::report::{Problem, Report};
use crate::workflow::model::{Kind, Node, Scope};
use crate::workflow::names::bound_by;
use crate::workflow::resolve::condition_names;

/// What stands around a scope.
pub(super) struct Around<'a> {
    pub(super) workflow: &'a str,
    pub(super) inputs: &'a [Ident],
    /// The other names that are declared around it.
    pub(super) names: Vec<Ident>,
}

/// Reports the cycles of a scope and of those inside it, each once.
pub(super) fn check(scope: &Scope, around: &Around<'_>, report: &mut Report) {
    let mut needs: Vec<BTreeSet<usize>> = Vec::new();
    for (at, node) in scope.nodes.iter().enumerate() {
        if let Some(reference) = node.needs.get(&at) {
            report_itself(node, reference, around, report);
        }
        needs.push(node.needs.keys().copied().filter(|&other| other != at).collect());
    }
    while let Some(cycle) = shortest_cycle(&needs) {
        report_cycle(scope, &cycle, around, report);
        // Without its last edge the cycle is broken; what is found next is another one.
        let (first, last) = (cycle[0], cycle[cycle.len() - 1]);
        needs[last].remove(&first);
    }
    for node in &scope.nodes {
        for (arm, inner) in node.scopes().into_iter().enumerate() {
            let mut names = around.names.clone();
            // The node's own names stand for what its scopes come to.
            let others = scope.nodes.iter().filter(|other| other.id != node.id);
            names.extend(others.flat_map(|other| &other.vars).map(|(var, _)| var.clone()));
            names.extend(bound(node, arm));
            check(inner, &Around { names, ..*around }, report);
        }
    }
}

/// The names that a node binds for one of its scopes.
fn bound(node: &Node, arm: usize) -> Vec<Ident> {
    match &node.kind {
        Kind::If(arms) => match &arms[arm].0 {
            Some((_, condition)) => condition_names(condition),
            None => Vec::new(),
        },
        Kind::Match { arms, .. } => {
            bound_by(&arms[arm].0).into_iter().map(|(name, _)| name).collect()
        }
        Kind::FanOut { pat, .. } => bound_by(pat).into_iter().map(|(name, _)| name).collect(),
        Kind::Step(_) | Kind::Value(_) | Kind::Block(_) => Vec::new(),
    }
}

fn report_itself(node: &Node, reference: &Ident, around: &Around<'_>, report: &mut Report) {
    let problem = report.error(reference, format!("step `{}` depends on itself", node.name));
    problem.note("a step runs once, after everything it depends on");
    explain_other(reference, around, problem);
}

/// The user may have meant something else that has the same name. The answer is whether
/// there is something.
fn explain_other(name: &Ident, around: &Around<'_>, problem: &mut Problem) -> bool {
    let other = around.names.iter().rev().find(|other| *other == name);
    let what = match other {
        Some(other) => format!("declared on line {} too", other.span().start().line),
        None if around.inputs.contains(name) => "an input too".to_owned(),
        None => return false,
    };
    problem.help(&format!(
        "`{name}` is {what}: give the step another name, since a name means the same everywhere in a body"
    ));
    true
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

fn report_cycle(scope: &Scope, cycle: &[usize], around: &Around<'_>, report: &mut Report) {
    let name = |at: usize| &scope.nodes[at].name;
    let closed: Vec<usize> = cycle.iter().copied().chain([cycle[0]]).collect();
    let path: Vec<String> = closed.iter().map(|&at| format!("`{}`", name(at))).collect();
    let mut edges = Vec::new();
    let mut references = Vec::new();
    for pair in closed.windows(2) {
        let reference = &scope.nodes[pair[0]].needs[&pair[1]];
        let line = reference.span().start().line;
        edges.push(format!("`{}` needs `{}` (line {line})", name(pair[0]), name(pair[1])));
        references.push(reference);
    }
    let text =
        format!("workflow `{}` has a dependency cycle: {}", around.workflow, path.join(" → "));
    let problem = report.error(references.last(), text);
    problem.note(&edges.join("\n      "));
    let explained = references.iter().any(|name| explain_other(name, around, problem));
    if !explained {
        problem.help("remove one of these, or split a step in two so that one half can run first");
    }
}
