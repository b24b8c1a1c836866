//! Steps that a run makes slower.

use std::time::Duration;

use crate::graph::near::similar;
use crate::graph::path::{StepPath, name_of};
use crate::graph::{Graph, Node, NodeKind};

/// A step that is made slower, and by how much.
#[derive(Debug, Clone)]
pub(crate) struct Delay {
    pub(crate) path: String,
    pub(crate) duration: Duration,
}

/// By how much the step with this path is delayed. The last delay that names it counts.
pub(crate) fn delay_of(delays: &[Delay], path: &str) -> Option<Duration> {
    let named = |delay: &&Delay| rest_behind(&delay.path, path).is_some_and(str::is_empty);
    delays.iter().rev().find(named).map(|delay| delay.duration)
}

/// Checks the delays of a step without a workflow around it.
#[track_caller]
pub(crate) fn check_single(delays: &[Delay], name: &str) {
    for Delay { path, .. } in delays {
        assert!(path == name, "a run cannot delay `{path}`: it executes the step `{name}` alone");
    }
}

/// Checks the delays of the steps of a workflow that starts at `prefix`.
#[track_caller]
pub(crate) fn check_workflow(delays: &[Delay], graph: &Graph, prefix: &str) {
    for delay in delays {
        let Some(rest) = rest_behind(&delay.path, prefix) else { continue };
        // A path that ends here is that of the caller's step.
        let of_caller = rest.is_empty() && !prefix.is_empty();
        let known = of_caller || has_step(graph, rest);
        assert!(known, "{}", unknown(graph, prefix, rest));
    }
}

/// Checks that no delay names anything inside a step that is not a workflow.
pub(crate) fn check_step(delays: &[Delay], path: &str) {
    for delay in delays {
        let inside = rest_behind(&delay.path, path).is_some_and(|rest| !rest.is_empty());
        assert!(
            !inside,
            "a run cannot delay `{}`: `{path}` is no workflow and has no steps",
            delay.path
        );
    }
}

/// What is left of `path` after `prefix`, if it starts with that. A name with an index stands
/// for one item of a fan-out, a name without one for any item.
fn rest_behind<'a>(path: &'a str, prefix: &str) -> Option<&'a str> {
    let mut rest = path;
    for wanted in StepPath(prefix).parts().filter(|part| !part.is_empty()) {
        let (part, behind) = rest.split_once('.').unwrap_or((rest, ""));
        if part != wanted && part != name_of(wanted) {
            return None;
        }
        rest = behind;
    }
    Some(rest)
}

/// Whether the graph has a step with this path, or one that may be a workflow that has it.
fn has_step(graph: &Graph, path: &str) -> bool {
    graph.nodes().iter().filter(|node| node.is_step()).any(|node| names(graph, node, path))
}

/// Whether `path` names the step `node` or something in it. Only a fan-out has items.
fn names(graph: &Graph, node: &Node, path: &str) -> bool {
    let mut parts = StepPath(path).parts();
    let mut above = String::new();
    StepPath(node.path()).parts().all(|name| {
        let Some(part) = parts.next() else { return false };
        above = if above.is_empty() { name.to_owned() } else { format!("{above}.{name}") };
        let index = part.strip_prefix(name);
        match index {
            Some("") => true,
            Some(index) => is_index(index) && is_fan_out(graph, &above),
            None => false,
        }
    })
}

fn is_index(text: &str) -> bool {
    let digits = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    digits.is_some_and(|digits| digits.parse::<usize>().is_ok())
}

fn is_fan_out(graph: &Graph, path: &str) -> bool {
    let mut nodes = graph.nodes().iter().filter(|node| node.path() == path);
    nodes.any(|node| matches!(node.kind(), NodeKind::FanOut { .. }))
}

/// Says that the workflow has no such step, and which steps it has.
fn unknown(graph: &Graph, prefix: &str, path: &str) -> String {
    let name = graph.name();
    let place = if prefix.is_empty() { String::new() } else { format!(" at `{prefix}`") };
    let steps = || graph.nodes().iter().filter(|node| node.is_step()).map(Node::path);
    let plain = StepPath(path).declared();
    let inside: Vec<_> = steps().filter(|step| step.starts_with(&format!("{plain}."))).collect();
    let problem = match graph.node(&plain) {
        Some(node) if node.is_step() => "has only one of it, which takes no index".to_owned(),
        Some(_) if !inside.is_empty() => {
            format!("has no step of that name, but steps in it: {}", listed(&inside))
        }
        _ => {
            let near = similar(&plain, steps())
                .map(|near| format!("\n  one with a similar name exists: `{near}`"));
            let steps = listed(&steps().collect::<Vec<_>>());
            format!("has no such step{}\n  its steps: {steps}", near.unwrap_or_default())
        }
    };
    format!("a run cannot delay `{path}`: workflow `{name}`{place} {problem}")
}

fn listed(steps: &[&str]) -> String {
    const MOST: usize = 30;
    let named = steps.iter().take(MOST).map(|step| format!("`{step}`")).collect::<Vec<_>>();
    match steps.len().saturating_sub(MOST) {
        0 => named.join(", "),
        left_out => format!("{} and {left_out} more", named.join(", ")),
    }
}
