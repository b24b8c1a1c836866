//! The observer that counts.

use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram};
use metrics::{gauge, histogram};

use crate::run::{Event, EventKind, Observer};

/// Records metrics of runs through the [`metrics`] facade, for whatever recorder the program has
/// installed, such as one for Prometheus.
///
/// Needs the feature `metrics`.
///
/// | name | kind | labels | meaning |
/// |---|---|---|---|
/// | `workflow_runs_total` | counter | `workflow`, `outcome` | runs that have ended |
/// | `workflow_runs_in_flight` | gauge | `workflow` | runs that have started and not ended |
/// | `workflow_step_duration_seconds` | histogram | `workflow`, `step`, `outcome` | the time from a step's start to its end, including all attempts and the waits between them; not recorded for steps that were cancelled or skipped |
/// | `workflow_step_attempts_total` | counter | `workflow`, `step` | attempts of steps, and attempts after the first one of compensations; while a step waits to be retried, the next attempt already counts |
/// | `workflow_step_failures_total` | counter | `workflow`, `step` | steps that returned an error after their last attempt, however their workflow handled it, and steps that panicked |
/// | `workflow_compensations_total` | counter | `workflow`, `step`, `outcome` | compensations that have ended |
///
/// | label | meaning |
/// |---|---|
/// | `workflow` | the workflow's name; for steps of a sub-workflow, that of the sub-workflow |
/// | `step` | the step's path in its workflow's graph, such as `pages.fetch`: the same for all items of a fan-out, and for all callers of a sub-workflow |
/// | `outcome` | `completed` or `failed`, depending on whether an error was returned; `cancelled` for a run that was dropped or passed its deadline; `panicked` for a step that panicked |
///
/// So the number of series depends only on the program, not on its input. That is why the id of a
/// durable run is not a label: each run would leave its own series behind. The id is in
/// [`Event::run_id`](crate::Event::run_id), and in the spans and log lines of the feature
/// `tracing`, which are the place to look for a single run. A run is a call of the outermost
/// workflow: the cost of a sub-workflow shows in the step that calls it. A single step that a
/// [`Run`](crate::Run) executes counts as a run too; both `workflow` and `step` are then its name.
///
/// Values go to the recorder that is installed when something happens; descriptions go to the one
/// that is installed when this is created. Create it once, after the recorder, and give a clone to
/// each run.
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

/// Whether the event is about a run as a whole: the outermost workflow, or a step without one.
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
