//! The observer for tests and reports.

mod assertions;
mod names;

use std::sync::{Arc, Mutex, PoisonError};

use crate::report::Report;
use crate::run::{Event, EventKind, Observer};

/// Keeps every event of a run, for tests and reports.
///
/// If it observes several runs, its lists cover all of them, but its
/// [`report`](Self::report) and its assertions cover only the last one.
///
/// Clones share what they have recorded, so that one can be given to the run and the
/// other queried afterwards. Lists of paths are in the order in which things happened.
///
/// ```
/// use workflow_runtime::{Recorder, Run, step, workflow};
///
/// #[step]
/// async fn review(amount: u32) -> &'static str { let _ = amount; "reviewed" }
/// #[step]
/// async fn approve(amount: u32) -> &'static str { let _ = amount; "approved" }
///
/// workflow! {
///     async fn decide(amount: u32) -> &'static str {
///         let decision = if amount > 10_000 { review(amount).await } else { approve(amount).await };
///         decision
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let recorder = Recorder::new();
/// Run::new().observe(recorder.clone()).execute(decide(20)).await;
/// assert_eq!(recorder.completed_steps(), ["decision.approve"]);
/// assert_eq!(recorder.skipped_steps(), ["decision.review"]);
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Recorder {
    events: Arc<Mutex<Vec<Event>>>,
}

impl Recorder {
    /// An empty recorder.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the step with this path completed.
    #[must_use]
    pub fn completed(&self, path: &str) -> bool {
        self.any(path, |kind| matches!(kind, EventKind::Completed { .. }))
    }

    /// Whether the step with this path started.
    #[must_use]
    pub fn started(&self, path: &str) -> bool {
        self.any(path, |kind| matches!(kind, EventKind::Started))
    }

    /// The paths of the steps that started.
    #[must_use]
    pub fn started_steps(&self) -> Vec<String> {
        self.paths(|kind| matches!(kind, EventKind::Started))
    }

    /// The paths of the steps that returned a value.
    #[must_use]
    pub fn completed_steps(&self) -> Vec<String> {
        self.paths(|kind| matches!(kind, EventKind::Completed { .. }))
    }

    /// The paths of the steps that did not run because their branch was not chosen or
    /// the workflow failed first.
    #[must_use]
    pub fn skipped_steps(&self) -> Vec<String> {
        self.paths(|kind| matches!(kind, EventKind::Skipped))
    }

    /// The paths of the steps that returned an error.
    #[must_use]
    pub fn failed_steps(&self) -> Vec<String> {
        self.paths(|kind| matches!(kind, EventKind::Failed { .. }))
    }

    /// The paths of the steps that were dropped while they were running.
    #[must_use]
    pub fn cancelled_steps(&self) -> Vec<String> {
        self.paths(|kind| matches!(kind, EventKind::Cancelled))
    }

    /// The paths of the steps that panicked.
    #[must_use]
    pub fn panicked_steps(&self) -> Vec<String> {
        self.paths(|kind| matches!(kind, EventKind::Panicked { .. }))
    }

    /// The paths of the steps that were undone after the workflow failed.
    #[must_use]
    pub fn compensated_steps(&self) -> Vec<String> {
        self.paths(|kind| matches!(kind, EventKind::Compensated { .. }))
    }

    /// The paths of the steps that should have been undone after the workflow failed, but
    /// whose compensation failed too: what they did is still in effect.
    #[must_use]
    pub fn failed_compensations(&self) -> Vec<String> {
        self.paths(|kind| matches!(kind, EventKind::CompensationFailed { .. }))
    }

    /// How many times the step with this path was tried; 0 if it never started. While it
    /// waits to be retried, the next attempt already counts.
    #[must_use]
    pub fn attempts(&self, path: &str) -> u32 {
        let events = self.lock();
        let of_path = events.iter().filter(|event| &*event.path == path);
        let mut tried = 0;
        for event in of_path {
            match event.kind {
                EventKind::Started => tried = 1,
                EventKind::Retrying { attempt, .. } => tried = attempt + 1,
                // What follows belongs to its compensation.
                EventKind::Completed { attempts, .. }
                | EventKind::Failed { attempts, .. }
                | EventKind::Panicked { attempts, .. } => return attempts,
                _ => {}
            }
        }
        tried
    }

    /// Whether the step with this path was undone after the workflow failed.
    #[must_use]
    pub fn compensated(&self, path: &str) -> bool {
        self.any(path, |kind| matches!(kind, EventKind::Compensated { .. }))
    }

    /// What the run did, how long each part of it took, and why it took as long as it did.
    ///
    /// It covers the last run that was recorded: if that is still going on, what has happened so
    /// far. If several runs overlap, give each of them its own recorder: their events look alike,
    /// so that one report would mix them up. Durable runs have ids, which tell them apart.
    #[must_use]
    pub fn report(&self) -> Report {
        Report::of(&self.lock())
    }

    /// The same for the durable run with this id, among any number of others. If the run was
    /// continued from another process, the report covers what this process saw of it. It is
    /// empty if there is no such run.
    #[must_use]
    pub fn report_of(&self, run_id: &str) -> Report {
        let is_of_run = |event: &&Event| event.run_id.as_deref() == Some(run_id);
        let events: Vec<Event> = self.lock().iter().filter(is_of_run).cloned().collect();
        Report::of(&events)
    }

    /// Every event so far, in the order in which they happened.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.lock().clone()
    }

    fn any(&self, path: &str, is: impl Fn(&EventKind) -> bool) -> bool {
        self.lock().iter().any(|event| &*event.path == path && is(&event.kind))
    }

    fn paths(&self, is: impl Fn(&EventKind) -> bool) -> Vec<String> {
        let events = self.lock();
        events.iter().filter(|event| is(&event.kind)).map(|event| event.path.to_string()).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Event>> {
        // A test that panics while it looks must not hide what was recorded.
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Observer for Recorder {
    fn on_event(&self, event: &Event) {
        self.lock().push(event.clone());
    }
}
