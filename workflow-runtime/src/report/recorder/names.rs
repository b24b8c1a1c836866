//! Which paths a run can have.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::graph::near::{distance, slips};
use crate::graph::path::StepPath;
use crate::run::{Event, EventKind};

/// The paths of all steps that the graphs of a run declare, without the positions of items.
pub(super) struct Names<'e> {
    declared: BTreeSet<Cow<'e, str>>,
    started: BTreeSet<Cow<'e, str>>,
}

pub(super) enum Known {
    Step,
    Nothing {
        /// The path that may have been meant.
        similar: Option<String>,
    },
}

impl<'e> Names<'e> {
    pub(super) fn of(events: &'e [Event]) -> Self {
        let mut names = Self { declared: BTreeSet::new(), started: BTreeSet::new() };
        let mut graphs = BTreeSet::new();
        for event in events {
            match event.kind {
                EventKind::WorkflowStarted => {
                    let Some(graph) = event.graph else { continue };
                    let path = StepPath(&event.path).declared();
                    if !graphs.insert((path.clone(), graph.name())) {
                        continue;
                    }
                    let prefix = if path.is_empty() { String::new() } else { format!("{path}.") };
                    let steps = graph.nodes().iter().filter(|node| node.is_step());
                    names
                        .declared
                        .extend(steps.map(|step| format!("{prefix}{}", step.path()).into()));
                }
                EventKind::Started => {
                    let path = StepPath(&event.path).declared();
                    names.declared.insert(path.clone());
                    names.started.insert(path);
                }
                _ => {}
            }
        }
        names
    }

    /// What is known about a path.
    pub(super) fn look_up(&self, path: &str) -> Known {
        let path = StepPath(path).declared();
        if self.declared.contains(&path) {
            return Known::Step;
        }
        // What is in a workflow that was not called is unknown.
        let mut outer = path.match_indices('.').map(|(at, _)| &path[..at]);
        if outer.any(|outer| self.declared.contains(outer) && !self.started.contains(outer)) {
            return Known::Step;
        }
        let last = StepPath(&path).name();
        let near = self.declared.iter().map(|name| {
            // A path that only leaves out what the step is nested in means this step.
            let distance = if StepPath(name).name() == last { 0 } else { distance(&path, name) };
            (distance, name)
        });
        let nearest =
            near.filter(|(distance, _)| *distance <= slips(&path)).min_by_key(|near| near.0);
        Known::Nothing { similar: nearest.map(|(_, name)| name.to_string()) }
    }
}

/// Whether the user's `path` means the step with the path `step`.
pub(super) fn means(path: &str, step: &str) -> bool {
    path == step || (!StepPath(path).is_in_item() && StepPath(step).declared() == path)
}
