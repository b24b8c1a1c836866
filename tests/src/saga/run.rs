//! Runs a saga and notes what happens.

use std::time::Duration;

use tokio::runtime::Handle;
use tokio::time::{Instant, timeout};
use workflow_runtime::{EventKind, Recorder, Run};

use super::Compiled;
use super::context::{Attempt, Cx, Fault, Faults};
use super::simulate::{Happening, What};
use crate::random::run::{in_virtual_time, polled};

/// What has happened in one run.
#[derive(Debug)]
pub struct Observed {
    /// The saga has returned, and was not dropped before.
    pub finished: bool,
    /// The error that was returned.
    pub error: Option<Fault>,
    /// When the saga returned, or was dropped.
    pub end: u64,
    /// What its steps have told.
    pub log: Vec<Attempt>,
    /// What the recorder was told of steps.
    pub events: Vec<Happening>,
    /// How many workflows have told their start and not their end.
    pub open_workflows: isize,
    /// How much was not dropped.
    pub live: usize,
    /// How many tasks were left.
    pub tasks: usize,
}

/// Virtual time in which any saga is done.
const STUCK: Duration = Duration::from_secs(100_000_000);

/// Runs a saga in virtual time, with a recorder. It is dropped after so many polls.
///
/// # Panics
///
/// If it gets stuck.
#[must_use]
pub fn run(saga: &Compiled, faults: &Faults, polls: usize) -> Observed {
    in_virtual_time(async {
        let cx = Cx::new(faults.clone());
        let recorder = Recorder::new();
        let call = Run::new().observe(recorder.clone()).execute((saga.call)(&cx));
        let output = timeout(STUCK, polled(call, polls)).await.expect("the saga is stuck");
        Observed {
            finished: output.is_some(),
            error: output.and_then(Result::err),
            end: cx.since_start(Instant::now()),
            log: cx.log(),
            events: events(&recorder, &cx),
            open_workflows: open_workflows(&recorder),
            live: cx.live(),
            tasks: Handle::current().metrics().num_alive_tasks(),
        }
    })
}

/// What the recorder was told of steps.
fn events(recorder: &Recorder, cx: &Cx) -> Vec<Happening> {
    let events = recorder.events().into_iter().filter_map(|event| {
        let what = match event.kind {
            EventKind::Started => What::Started,
            EventKind::Retrying { attempt, .. } => What::Retrying(attempt),
            EventKind::Completed { attempts, .. } => What::Completed(attempts),
            EventKind::Failed { attempts, .. } => What::Failed(attempts),
            EventKind::Cancelled => What::Cancelled,
            EventKind::Skipped => What::Skipped,
            EventKind::Compensated { attempts, .. } => What::Compensated(attempts),
            EventKind::CompensationFailed { attempts, .. } => What::CompensationFailed(attempts),
            _ => return None,
        };
        let at = if what == What::Skipped { 0 } else { cx.since_start(event.at) };
        Some(Happening { at, path: event.path.to_string(), what })
    });
    events.collect()
}

fn open_workflows(recorder: &Recorder) -> isize {
    let changes = recorder.events().into_iter().map(|event| match event.kind {
        EventKind::WorkflowStarted => 1,
        EventKind::WorkflowFinished { .. } | EventKind::WorkflowCancelled => -1,
        _ => 0,
    });
    changes.sum()
}
