//! What is known about one run.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use indicatif::HumanCount;
use tokio::time::Instant;

use super::fan_outs::FanOuts;
use super::pace::Pace;
use super::running::Running;
use super::text::{counted, one_line};
use super::units;
use crate::graph::path::StepPath;
use crate::run::{Event, EventKind};

/// How many things that could not be undone are kept; the others are only counted.
const MOST_LEFT_BEHIND: usize = 5;

/// One run: what its events have told so far.
pub(super) struct State {
    pub(super) name: &'static str,
    /// The id of a durable run.
    pub(super) run_id: Option<String>,
    pub(super) since: Instant,
    /// The time of the last event.
    pub(super) latest: Instant,
    known: usize,
    settled: HashSet<Arc<str>>,
    pub(super) running: Running,
    pub(super) fan_outs: FanOuts,
    retries: u64,
    failures: u64,
    pub(super) last_failure: Option<String>,
    undone: u64,
    /// The steps that could not be undone, and why.
    pub(super) left_behind: Vec<String>,
    not_undone: u64,
    pub(super) end: Option<End>,
    pub(super) pace: Pace,
}

/// What went wrong, from the least to the most serious.
#[derive(Clone, Copy)]
pub(super) enum Problem {
    Retry,
    Failure,
    Undone,
    LeftBehind,
}

/// How a run ended.
pub(super) struct End {
    pub(super) how: How,
    pub(super) after: Duration,
}

pub(super) enum How {
    Completed,
    Failed(String),
    Cancelled,
}

/// Whether the event is about what the run executes: its workflow, or its single step.
pub(super) fn is_of_root(event: &Event) -> bool {
    match event.kind {
        EventKind::WorkflowStarted
        | EventKind::WorkflowFinished { .. }
        | EventKind::WorkflowCancelled => event.path.is_empty(),
        _ => event.graph.is_none(),
    }
}

/// The path of the fan-out to which the item with this path belongs.
pub(super) fn fan_out_of(item: &str) -> &str {
    item.rfind('[').map_or(item, |end| &item[..end])
}

impl State {
    /// The run that starts with this event, if one does.
    pub(super) fn starting(event: &Event) -> Option<Self> {
        let starts = matches!(event.kind, EventKind::WorkflowStarted | EventKind::Started);
        (starts && is_of_root(event)).then(|| Self {
            name: event.workflow,
            run_id: event.run_id.as_deref().map(one_line),
            since: event.at,
            latest: event.at,
            known: usize::from(event.graph.is_none()),
            settled: HashSet::new(),
            running: Running::default(),
            fan_outs: FanOuts::default(),
            retries: 0,
            failures: 0,
            last_failure: None,
            undone: 0,
            left_behind: Vec::new(),
            not_undone: 0,
            end: None,
            pace: Pace::starting(event.at),
        })
    }

    /// What it is called: the workflow, and which run of it.
    pub(super) fn title(&self) -> String {
        match &self.run_id {
            Some(run_id) => format!("{} {run_id}", self.name),
            None => self.name.to_owned(),
        }
    }

    /// How many steps are settled, of how many that are known.
    pub(super) fn steps(&self) -> (usize, usize) {
        // Only the end shows that a fan-out of unknown length is done.
        let all_done = matches!(&self.end, Some(End { how: How::Completed, .. }));
        (if all_done { self.known } else { self.settled.len().min(self.known) }, self.known)
    }

    /// Whether the run has started with this event.
    pub(super) fn starts_with(&self, event: &Event) -> bool {
        is_of_root(event) && self.end.is_none()
    }

    /// What has gone wrong and how often, as text.
    pub(super) fn problems(&self) -> Vec<(Problem, String)> {
        let mut problems = Vec::new();
        if self.retries > 0 {
            problems.push((Problem::Retry, counted(self.retries, "retry", "retries")));
        }
        let others = [
            (Problem::Failure, self.failures, "failed"),
            (Problem::Undone, self.undone, "undone"),
            (Problem::LeftBehind, self.not_undone, "not undone"),
        ];
        for (problem, count, what) in others {
            if count > 0 {
                problems.push((problem, format!("{} {what}", HumanCount(count))));
            }
        }
        problems
    }

    /// Takes an event into account.
    pub(super) fn apply(&mut self, event: &Event) {
        let Event { path, at, .. } = event;
        self.latest = self.latest.max(*at);
        match &event.kind {
            EventKind::WorkflowStarted => self.start_workflow(event),
            EventKind::Started => self.running.start(path, *at),
            EventKind::Retrying { attempt, delay, error } => {
                self.retries += 1;
                self.running.retry(path, *at, *attempt, *delay, error);
            }
            EventKind::FanOutStarted { items } => {
                if self.fan_outs.start(path, *items, *at).is_done() {
                    self.settle(path);
                }
            }
            EventKind::ItemFinished { .. } => {
                if let Some(fan_out) = self.fan_outs.finish_item(path)
                    && fan_out.is_done()
                {
                    self.settle(&Arc::from(fan_out_of(path)));
                }
            }
            EventKind::Completed { .. } | EventKind::Replayed => self.end_step(path),
            EventKind::Cancelled => self.running.end(path),
            EventKind::Panicked { .. } => {
                self.failures += 1;
                self.last_failure = Some(format!("{path}: panicked"));
                self.end_step(path);
            }
            EventKind::Failed { error, .. } => {
                self.failures += 1;
                self.last_failure = Some(format!("{path}: {}", one_line(error)));
                self.end_step(path);
            }
            EventKind::Skipped => self.skip(event),
            EventKind::Compensated { .. } => {
                self.undone += 1;
                self.running.end(path);
            }
            EventKind::CompensationFailed { error, .. } => {
                self.not_undone += 1;
                if self.left_behind.len() < MOST_LEFT_BEHIND {
                    let line = format!("{path} could not be undone: {}", one_line(error));
                    self.left_behind.push(line);
                }
                self.running.end(path);
            }
            EventKind::SignalRefused { .. }
            | EventKind::WorkflowFinished { .. }
            | EventKind::WorkflowCancelled => {}
        }
        if is_of_root(event) {
            self.end = self.end_by(event);
        }
    }

    fn start_workflow(&mut self, event: &Event) {
        // Its own steps are shown in place of the step that calls it.
        self.running.end(&event.path);
        if let Some(graph) = event.graph
            && !StepPath(&event.path).is_in_item()
        {
            self.known += units::known(graph);
        }
    }

    fn end_step(&mut self, path: &Arc<str>) {
        self.running.end(path);
        self.settle(path);
    }

    fn skip(&mut self, event: &Event) {
        if let (Some(graph), Some(node)) = (event.graph, event.declaration())
            && !StepPath(&event.path).is_in_item()
        {
            let path = units::skipped(graph, node, &event.path);
            if path.len() == event.path.len() {
                self.settle(&event.path);
            } else {
                self.settle(&Arc::from(path));
            }
        }
    }

    fn settle(&mut self, path: &Arc<str>) {
        if !StepPath(path).is_in_item() {
            self.settled.insert(Arc::clone(path));
        }
    }

    fn end_by(&self, event: &Event) -> Option<End> {
        let (how, after) = match &event.kind {
            EventKind::WorkflowFinished { duration, error: None }
            | EventKind::Completed { duration, .. } => (How::Completed, *duration),
            EventKind::WorkflowFinished { duration, error: Some(error) }
            | EventKind::Failed { duration, error, .. } => {
                (How::Failed(one_line(error)), *duration)
            }
            EventKind::Panicked { duration, .. } => (How::Failed("panicked".to_owned()), *duration),
            EventKind::WorkflowCancelled | EventKind::Cancelled => {
                (How::Cancelled, event.at.saturating_duration_since(self.since))
            }
            _ => return None,
        };
        Some(End { how, after })
    }
}
