//! Cycles: nodes that can never start, since they wait for themselves.

use std::collections::VecDeque;

use proc_macro2::Ident;

use crate::pattern::bound_by;
use crate::report::{Problem, Report};
use crate::sorted::SortedSet;
use crate::workflow::model::{Kind, Node, Scope};
use crate::workflow::resolve::condition_names;

/// The surroundings of a scope.
pub(super) struct Around<'a> {
    pub(super) workflow: &'a str,
    pub(super) inputs: &'a [Ident],
    /// The other names that are declared around it.
    pub(super) names: Vec<Ident>,
}

/// At most this many cycles are reported at a time. The shortest ones show what is wrong with a
/// graph.
const MOST: usize = 5;

/// Reports the cycles of a scope and of those inside it, each once, the shortest first.
pub(super) fn check(scope: &Scope, around: &Around<'_>, report: &mut Report) {
    let mut needs: Vec<SortedSet<usize>> = Vec::new();
    for (at, node) in scope.nodes.iter().enumerate() {
        if let Some(reference) = node.needs.get(&at) {
            report_itself(node, reference, around, report);
        }
        needs.push(node.needs.keys().copied().filter(|&other| other != at).collect());
    }
    for told in 0..MOST {
        keep_cycles(&mut needs);
        let Some(cycle) = shortest_cycle(&needs) else { break };
        // Removing its last edge breaks the cycle, so the next one found is a different one.
        let (first, last) = (cycle[0], cycle[cycle.len() - 1]);
        needs[last].remove(&first);
        let problem = report_cycle(scope, &cycle, around, report);
        if told + 1 == MOST && shortest_cycle(&needs).is_some() {
            problem.note("there are more cycles, which are told when these are gone");
        }
    }
    for node in &scope.nodes {
        for (arm, inner) in node.scopes().into_iter().enumerate() {
            let mut names = around.names.clone();
            // The node's own names stand for the values of its scopes.
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

/// The user may have meant something else with the same name. Returns whether there is such a
/// thing.
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

/// Keeps only what is part of a cycle: edges whose two ends can reach each other.
fn keep_cycles(needs: &mut [SortedSet<usize>]) {
    let component = components(needs);
    for (at, needs) in needs.iter_mut().enumerate() {
        needs.retain(|&next| component[next] == component[at]);
    }
}

/// The strongly connected component of each node, by Tarjan's algorithm with an explicit stack.
fn components(needs: &[SortedSet<usize>]) -> Vec<usize> {
    const NEW: usize = usize::MAX;
    let mut found = vec![NEW; needs.len()];
    let mut lowest = vec![0; needs.len()];
    let mut component = vec![NEW; needs.len()];
    let mut open = Vec::new();
    let mut count = 0;
    for start in 0..needs.len() {
        if found[start] != NEW {
            continue;
        }
        let mut calls = vec![(start, needs[start].iter())];
        (found[start], lowest[start]) = (count, count);
        count += 1;
        open.push(start);
        while let Some((at, rest)) = calls.last_mut() {
            let at = *at;
            if let Some(&next) = rest.next() {
                if found[next] == NEW {
                    (found[next], lowest[next]) = (count, count);
                    count += 1;
                    open.push(next);
                    calls.push((next, needs[next].iter()));
                } else if component[next] == NEW {
                    lowest[at] = lowest[at].min(found[next]);
                }
                continue;
            }
            calls.pop();
            if let Some((caller, _)) = calls.last() {
                lowest[*caller] = lowest[*caller].min(lowest[at]);
            }
            if lowest[at] == found[at] {
                while let Some(node) = open.pop() {
                    component[node] = at;
                    if node == at {
                        break;
                    }
                }
            }
        }
    }
    component
}

/// At most this many edges are followed in search of the shortest cycle. In a graph with more
/// edges, any short cycle will do.
const EFFORT: usize = 1_000_000;

/// The shortest cycle, starting with the node that comes first in the source: each node needs the
/// next, and the last needs the first.
fn shortest_cycle(needs: &[SortedSet<usize>]) -> Option<Vec<usize>> {
    // Most cycles have two nodes, and these are found at once.
    for (at, next) in needs.iter().enumerate() {
        if let Some(&back) = next.iter().find(|&&next| needs[next].contains(&at)) {
            return Some(vec![at, back]);
        }
    }
    let mut shortest: Option<Vec<usize>> = None;
    let mut effort = 0;
    for start in (0..needs.len()).filter(|&start| !needs[start].is_empty()) {
        let longest = shortest.as_ref().map_or(usize::MAX, |best| best.len() - 1);
        if let Some(cycle) = cycle_through(start, needs, longest, &mut effort) {
            shortest = Some(cycle);
        }
        if effort > EFFORT && shortest.is_some() {
            break;
        }
    }
    shortest
}

/// The shortest path from `start` back to it, if it has at most `longest` nodes.
fn cycle_through(
    start: usize,
    needs: &[SortedSet<usize>],
    longest: usize,
    effort: &mut usize,
) -> Option<Vec<usize>> {
    let mut came_from = vec![None; needs.len()];
    let mut queue = VecDeque::from([(start, 1)]);
    while let Some((at, length)) = queue.pop_front() {
        if length > longest {
            return None;
        }
        for &next in &needs[at] {
            *effort += 1;
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
                queue.push_back((next, length + 1));
            }
        }
    }
    None
}

fn report_cycle<'r>(
    scope: &Scope,
    cycle: &[usize],
    around: &Around<'_>,
    report: &'r mut Report,
) -> &'r mut Problem {
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
    problem
}

#[cfg(test)]
mod tests {
    use crate::sorted::SortedSet;

    use super::{MOST, components, keep_cycles, shortest_cycle};

    fn graph(needs: &[&[usize]]) -> Vec<SortedSet<usize>> {
        needs.iter().map(|needs| needs.iter().copied().collect()).collect()
    }

    #[test]
    fn the_shortest_cycle_comes_first() {
        // 0 → 1 → 2 → 0 and 3 → 4 → 3, with an edge from one to the other.
        let mut needs = graph(&[&[1], &[2], &[0, 3], &[4], &[3], &[0]]);
        assert_eq!(components(&needs), [0, 0, 0, 3, 3, 5]);
        keep_cycles(&mut needs);
        assert_eq!(needs[2], SortedSet::from_iter([0]));
        assert!(needs[5].is_empty());
        assert_eq!(shortest_cycle(&needs), Some(vec![3, 4]));
        needs[4] = SortedSet::new();
        assert_eq!(shortest_cycle(&needs), Some(vec![0, 1, 2]));
        needs[2] = SortedSet::new();
        assert_eq!(shortest_cycle(&needs), None);
    }

    #[test]
    fn a_long_ring_has_one() {
        let ring: Vec<SortedSet<usize>> =
            (0..5000).map(|at| SortedSet::from_iter([(at + 1) % 5000])).collect();
        assert_eq!(shortest_cycle(&ring).map(|cycle| cycle.len()), Some(5000));
    }

    /// Steps that all name each other.
    #[test]
    fn of_many_cycles_a_few_are_told() {
        let count = 60;
        let names = |but: usize| {
            let names = (0..count).filter(|&at| at != but).map(|at| format!("&s{at}"));
            names.collect::<Vec<_>>().join(", ")
        };
        let steps = (0..count).map(|at| format!("let s{at} = work({}).await;", names(at)));
        let body = steps.collect::<Vec<_>>().join("\n");
        let source = format!("async fn dense() -> u32 {{ {body} s0 }}");
        let source = source.parse().expect("it is Rust");
        let expansion = crate::workflow::expand(source, &quote::quote!(rt)).to_string();
        assert_eq!(expansion.matches("has a dependency cycle").count(), MOST);
        assert_eq!(expansion.matches("there are more cycles").count(), 1);
    }
}
