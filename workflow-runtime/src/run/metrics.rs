//! The observer that counts.

use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram};
use metrics::{gauge, histogram};

use crate::run::{Event, EventKind, Observer};

/// Feature `metrics`: records the numbers of runs through the [`metrics`] facade, for whatever
/// recorder the program has installed, such as one for Prometheus.
///
/// | name | kind | labels | is |
/// |---|---|---|---|
/// | `workflow_runs_total` | counter | `workflow`, `outcome` | runs that are over |
/// | `workflow_runs_in_flight` | gauge | `workflow` | runs that have started and are not over |
/// | `workflow_step_duration_seconds` | histogram | `workflow`, `step`, `outcome` | the time from a step's start to its return, with all its attempts and the waits between them; steps that were cancelled or skipped have none |
/// | `workflow_step_attempts_total` | counter | `workflow`, `step` | attempts of steps, and attempts after the first one to undo them; while a step waits to be tried again, the attempt that comes next counts already |
/// | `workflow_step_failures_total` | counter | `workflow`, `step` | steps that returned an error after their last attempt, whatever their workflow made of it, and steps that panicked |
/// | `workflow_compensations_total` | counter | `workflow`, `step`, `outcome` | steps that were to be undone |
///
/// | label | is |
/// |---|---|
/// | `workflow` | the workflow's name; for steps of a sub-workflow, that of the sub-workflow |
/// | `step` | the step's path in its workflow's graph, such as `pages.fetch`: the same for all items of a fan-out, and for a sub-workflow whoever calls it |
/// | `outcome` | `completed` or `failed`: whether an error was returned; of a run that was dropped, or that passed its deadline, `cancelled`; of a step that panicked, `panicked` |
///
/// So the number of series depends on the program alone, not on what it is given. That is why the
/// id of a durable run is not a label: each run would leave series of its own behind. It is in
/// [`Event::run_id`](crate::Event::run_id), and in the spans and log lines of the feature `tracing`,
/// which are the place to look for one run. A run is a
/// call of the outermost workflow: what a sub-workflow costs is told by the step that calls it.
/// A single step that a [`Run`](crate::Run) executes counts as a run too; both `workflow` and
/// `step` are then its name.
///
/// A run reports to the recorder that is installed when things happen; the descriptions go to
/// the one that is installed when this is made. Make it once, after the recorder, and give a
/// clone to each run.
///
/// ```
/// use workflow_runtime::{Metrics, Run, step, workflow};
///
/// #[step]
/// async fn greet(name: &str) -> String { format!("hello {name}") }
///
/// workflow! {
///     async fn welcome(name: &str) -> String {
///         let greeting = greet(name).await;
///         greeting
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let metrics = Metrics::new();
/// for name in ["Ada", "Grace"] {
///     Run::new().observe(metrics.clone()).execute(welcome(name)).await;
/// }
/// # }
/// ```
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub struct Metrics {}

const RUNS: &str = "workflow_runs_total";
const IN_FLIGHT: &str = "workflow_runs_in_flight";
const DURATION: &str = "workflow_step_duration_seconds";
const ATTEMPTS: &str = "workflow_step_attempts_total";
const FAILURES: &str = "workflow_step_failures_total";
const COMPENSATIONS: &str = "workflow_compensations_total";

impl Metrics {
    /// Describes the metrics to the recorder that is installed.
    #[must_use]
    pub fn new() -> Self {
        describe_counter!(RUNS, Unit::Count, "Runs that are over.");
        describe_gauge!(IN_FLIGHT, Unit::Count, "Runs that have started and are not over.");
        describe_histogram!(DURATION, Unit::Seconds, "From a step's start to its return.");
        describe_counter!(ATTEMPTS, Unit::Count, "Attempts of steps.");
        describe_counter!(FAILURES, Unit::Count, "Steps that returned an error.");
        describe_counter!(COMPENSATIONS, Unit::Count, "Steps that were to be undone.");
        Self {}
    }
}

impl Observer for Metrics {
    fn on_event(&self, event: &Event) {
        if is_run(event) {
            count_run(event.workflow, &event.kind);
        }
        if let Some(step) = step(event) {
            count_step(event.workflow, step, &event.kind);
        }
    }
}

/// Whether it is of a run as a whole: of the outermost workflow, or of a step without one.
fn is_run(event: &Event) -> bool {
    event.path.is_empty() || event.graph.is_none()
}

/// The step's path in its graph; for a step without a workflow, its name.
fn step(event: &Event) -> Option<&'static str> {
    match event.graph {
        Some(_) => Some(event.declaration()?.path()),
        None => Some(event.workflow),
    }
}

fn count_run(workflow: &'static str, kind: &EventKind) {
    let in_flight = gauge!(IN_FLIGHT, "workflow" => workflow);
    let outcome = match kind {
        EventKind::WorkflowStarted | EventKind::Started => return in_flight.increment(1),
        EventKind::WorkflowFinished { error: None, .. } | EventKind::Completed { .. } => {
            "completed"
        }
        EventKind::WorkflowFinished { error: Some(_), .. } | EventKind::Failed { .. } => "failed",
        EventKind::WorkflowCancelled | EventKind::Cancelled => "cancelled",
        EventKind::Panicked { .. } => "panicked",
        _ => return,
    };
    in_flight.decrement(1);
    counter!(RUNS, "workflow" => workflow, "outcome" => outcome).increment(1);
}

fn count_step(workflow: &'static str, step: &'static str, kind: &EventKind) {
    let count = |name| counter!(name, "workflow" => workflow, "step" => step).increment(1);
    let compensation = |outcome: &'static str| {
        counter!(COMPENSATIONS, "workflow" => workflow, "step" => step, "outcome" => outcome)
            .increment(1);
    };
    let duration = |outcome: &'static str| histogram!(DURATION, "workflow" => workflow, "step" => step, "outcome" => outcome);
    match kind {
        EventKind::Started | EventKind::Retrying { .. } => count(ATTEMPTS),
        EventKind::Completed { duration: took, .. } => duration("completed").record(*took),
        EventKind::Failed { duration: took, .. } => {
            duration("failed").record(*took);
            count(FAILURES);
        }
        EventKind::Panicked { duration: took, .. } => {
            duration("panicked").record(*took);
            count(FAILURES);
        }
        EventKind::Compensated { .. } => compensation("completed"),
        EventKind::CompensationFailed { .. } => compensation("failed"),
        _ => {}
    }
}
