//! Runs a saga and notes what happens.

use std::time::Duration;

use tokio::time::{Instant, timeout};
use workflow_runtime::{EventKind, Recorder, Run};

use super::Compiled;
use super::context::{Attempt, Cx, Fault, Faults};
use super::simulate::{Happening, What};
use crate::random::run::in_virtual_time;

/// What has happened in one run.
#[derive(Debug)]
pub struct Observed {
    /// The error that was returned.
    pub error: Option<Fault>,
    /// When the saga returned.
    pub end: u64,
    /// What its steps have told.
    pub log: Vec<Attempt>,
    /// What the recorder was told.
    pub events: Vec<Happening>,
    /// How much was not dropped.
    pub live: usize,
}

/// Virtual time in which any saga is done.
const STUCK: Duration = Duration::from_secs(100_000_000);

/// Runs a saga in virtual time, with a recorder.
///
/// # Panics
///
/// If it gets stuck.
#[must_use]
pub fn run(saga: &Compiled, faults: &Faults) -> Observed {
    in_virtual_time(async {
        let cx = Cx::new(faults.clone());
        let recorder = Recorder::new();
        let call = Run::new().observe(recorder.clone()).execute((saga.call)(&cx));
        let result = timeout(STUCK, call).await.expect("the saga is stuck");
        Observed {
            error: result.err(),
            end: cx.since_start(Instant::now()),
            log: cx.log(),
            events: events(&recorder, &cx),
            live: cx.live(),
        }
    })
}

/// What the recorder was told of steps.
#[must_use]
pub fn events(recorder: &Recorder, cx: &Cx) -> Vec<Happening> {
    let events = recorder.events().into_iter().filter_map(|event| {
        let what = match event.kind {
            EventKind::Started => What::Started,
            EventKind::Retrying { attempt, .. } => What::Retrying(attempt),
            EventKind::Completed { attempts, .. } => What::Completed(attempts),
            EventKind::Failed { attempts, .. } => What::Failed(attempts),
            EventKind::Cancelled => What::Cancelled,
            EventKind::Compensated { attempts, .. } => What::Compensated(attempts),
            EventKind::CompensationFailed { attempts, .. } => What::CompensationFailed(attempts),
            _ => return None,
        };
        Some(Happening { at: cx.since_start(event.at), path: event.path.to_string(), what })
    });
    events.collect()
}
