//! Lines for a log.

use std::io::Write;
use std::sync::Mutex;

use super::lock;
use super::state::{End, How, State, fan_out_of};
use super::text::{counted, one_line, time, wait};
use crate::graph::path::StepPath;
use crate::run::{Event, EventKind};

/// Where the lines go.
pub(super) struct Plain(Mutex<Box<dyn Write + Send>>);

impl Plain {
    pub(super) fn new(writer: impl Write + Send + 'static) -> Self {
        Self(Mutex::new(Box::new(writer)))
    }

    pub(super) fn line(&self, line: &str) {
        let mut writer = lock(&self.0);
        // A log that can't be written is not a reason for a run to fail.
        let _ = writeln!(writer, "{line}").and_then(|()| writer.flush());
    }

    /// Writes what there is to say about an event that has been applied.
    pub(super) fn on_event(&self, event: &Event, state: &mut State) {
        if let Some(text) = text(event, state) {
            let since = time(event.at.saturating_duration_since(state.since));
            self.line(&format!("[{since}] {}: {text}", state.title()));
        }
    }

    /// Lets other output be written between two lines.
    pub(super) fn suspend<R>(&self, print: impl FnOnce() -> R) -> R {
        let _lines = lock(&self.0);
        print()
    }
}

fn text(event: &Event, state: &mut State) -> Option<String> {
    let path = &event.path;
    match &event.kind {
        EventKind::WorkflowStarted | EventKind::Started if state.starts_with(event) => {
            let (_, known) = state.steps();
            Some(format!("started, {}", counted(known as u64, "step", "steps")))
        }
        EventKind::WorkflowFinished { .. }
        | EventKind::WorkflowCancelled
        | EventKind::Completed { .. }
        | EventKind::Failed { .. }
        | EventKind::Panicked { .. }
        | EventKind::Cancelled
            if state.end.is_some() =>
        {
            Some(end(state))
        }
        EventKind::WorkflowStarted if !StepPath(path).is_in_item() => {
            Some(format!("{path} started"))
        }
        EventKind::WorkflowFinished { duration, error } if !StepPath(path).is_in_item() => {
            let how = if error.is_none() { "completed" } else { "failed" };
            Some(format!("{path} {how} after {}", time(*duration)))
        }
        EventKind::FanOutStarted { items: Some(items) } if !StepPath(path).is_in_item() => {
            Some(format!("{path} started, {}", counted(*items as u64, "item", "items")))
        }
        EventKind::ItemFinished { .. } => items(event, state),
        EventKind::Retrying { attempt, delay, error } if state.pace.problem(path) => {
            let (next, wait) = (attempt + 1, wait(*delay));
            Some(format!("{path} attempt {next} in {wait}: {}", one_line(error)))
        }
        EventKind::Failed { error, attempts, .. } if state.pace.problem(path) => {
            let attempts = counted(u64::from(*attempts), "attempt", "attempts");
            Some(format!("{path} failed after {attempts}: {}", one_line(error)))
        }
        EventKind::Compensated { .. } => Some(format!("{path} undone")),
        EventKind::CompensationFailed { error, .. } => {
            Some(format!("{path} could not be undone: {}", one_line(error)))
        }
        _ => None,
    }
}

/// A fan-out that is done, or from time to time how far all of them are.
fn items(event: &Event, state: &mut State) -> Option<String> {
    let of = fan_out_of(&event.path);
    let fan_out = state.fan_outs.of_item(&event.path)?;
    if fan_out.is_done() && !StepPath(of).is_in_item() {
        return Some(format!("{of} done, {}", counted(fan_out.done as u64, "item", "items")));
    }
    if !state.pace.counts(event.at) {
        return None;
    }
    let running = state.fan_outs.all().iter_mut().filter(|fan_out| !fan_out.is_done());
    let counts = running.map(|fan_out| {
        let counts = fan_out.counts(event.at, ", ");
        format!("{} {counts}", fan_out.place)
    });
    Some(counts.collect::<Vec<_>>().join("; ") + &problems(state))
}

fn end(state: &State) -> String {
    let (done, known) = state.steps();
    let Some(End { how, after }) = &state.end else { return String::new() };
    let after = time(*after);
    let problems = problems(state);
    match how {
        How::Completed => format!("✓ completed in {after}, {done}/{known} steps{problems}"),
        How::Failed(error) => format!("✗ failed after {after}{problems}: {error}"),
        How::Cancelled => format!("✗ cancelled after {after}, {done}/{known} steps{problems}"),
    }
}

/// Retries, failures and compensations so far, if there are any.
fn problems(state: &State) -> String {
    let mut text = String::new();
    for (_, problem) in state.problems() {
        text += ", ";
        text += &problem;
    }
    text
}
