//! What a run did, how long each part of it took, and why it took as long as it did.

mod collect;
mod data;
mod groups;
mod html;

mod model;
mod path;
mod path_lines;
#[cfg(feature = "durable")]
mod recorded;
mod recorder;
mod shown;
mod table;
mod text;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

pub use self::groups::Group;
pub use self::model::{Attempt, Compensation, RunState, StepReport, StepState, Totals};
pub use self::path::{LongestPath, PathStep};
pub use self::recorder::Recorder;

pub(crate) use self::collect::last_run;
pub(crate) use self::shown::{count, duration};
pub(crate) use self::table::table;

use self::collect::Collected;
use crate::graph::Graph;
use crate::run::Event;

/// What a run did: made by [`Recorder::report`](crate::Recorder::report).
///
/// `Display` writes it as text for a terminal, what failed and why first;
/// [`to_html`](Self::to_html) as a page for a browser. While a run is still going on, its report
/// covers what has happened so far.
///
/// ```
/// use std::time::Duration;
/// use tokio::time::sleep;
/// use workflow_runtime::{Recorder, Run, step, workflow};
///
/// #[step]
/// async fn wait(millis: u64) -> u64 { sleep(Duration::from_millis(millis)).await; millis }
///
/// workflow! {
///     async fn brew() -> u64 {
///         let water = wait(300).await;
///         let beans = wait(40).await;
///         let coffee = wait(water / 3 + beans - beans).await;
///         coffee
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let recorder = Recorder::new();
/// Run::new().observe(recorder.clone()).execute(brew()).await;
///
/// let report = recorder.report();
/// assert_eq!(report.totals().completed, 3);
/// assert_eq!(report.totals().wall, Duration::from_millis(400));
/// let path = report.longest_path();
/// let on_path: Vec<_> = path.steps.iter().map(|step| &*report.steps()[step.step].path).collect();
/// assert_eq!(on_path, ["water", "coffee"]);
/// println!("{report}");
/// # }
/// ```
///
/// # As data
///
/// With `serde`, durations are milliseconds, and times are milliseconds from the start of the
/// run. Every step of every item is included, however many there are: only the text and the page
/// group the items of a fan-out.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Report {
    workflow: &'static str,
    run_id: Option<String>,
    state: RunState,
    error: Option<String>,
    started: Option<SystemTime>,
    totals: Totals,
    longest_path: LongestPath,
    steps: Vec<StepReport>,
    groups: Vec<Group>,
    drawn: Vec<Drawn>,
    /// What the page says at the top, in addition to the report.
    notes: Vec<String>,
}

/// A graph that the page draws.
#[derive(Debug, Clone, PartialEq)]
struct Drawn {
    graph: &'static Graph,
    /// The path of the call, or of the first one if there are several.
    path: Arc<str>,
    /// For each step of the report, its node in this graph.
    nodes: Vec<(usize, usize)>,
}

impl Report {
    /// The report of the last run in these events.
    pub(crate) fn of(events: &[Event]) -> Self {
        match collect::collect(events) {
            Some(run) => Self::of_run(run),
            None => Self::empty(),
        }
    }

    fn of_run(run: Collected) -> Self {
        let longest_path = path::longest_path(&run);
        let drawn = drawn(&run);
        let groups = groups::groups(&run.steps, &longest_path);
        Self {
            workflow: run.workflow,
            run_id: run.run_id.as_deref().map(str::to_owned),
            state: run.state,
            error: run.error,
            started: Some(run.started),
            totals: Totals::of(&run.steps, run.wall),
            longest_path,
            steps: run.steps,
            groups,
            drawn,
            notes: Vec::new(),
        }
    }

    /// The report of no run at all.
    fn empty() -> Self {
        Self {
            workflow: "",
            run_id: None,
            state: RunState::Running,
            error: None,
            started: None,
            totals: Totals::default(),
            longest_path: LongestPath::default(),
            steps: Vec::new(),
            groups: Vec::new(),
            drawn: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The same report, with a sentence at the top of the page about what it does not show.
    #[doc(hidden)]
    #[must_use]
    pub fn noted(mut self, note: String) -> Self {
        self.notes.push(note);
        self
    }

    /// The name of the workflow, or of the step if a single one ran. Empty if nothing has been
    /// recorded.
    #[must_use]
    pub fn workflow(&self) -> &'static str {
        self.workflow
    }

    /// The id of a durable run, as passed to `Journal::run`. `None` for a run without a journal.
    #[must_use]
    pub fn run_id(&self) -> Option<&str> {
        self.run_id.as_deref()
    }

    /// How far the run has come. [`RunState::Running`] if nothing has been recorded.
    #[must_use]
    pub fn state(&self) -> RunState {
        self.state
    }

    /// The error that the run returned, as text.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        self.error.as_deref()
    }

    /// When the run started, on the wall clock; `None` if nothing has been recorded.
    #[must_use]
    pub fn started(&self) -> Option<SystemTime> {
        self.started
    }

    /// The totals of the whole run.
    #[must_use]
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// Every step that started or was skipped, in that order.
    #[must_use]
    pub fn steps(&self) -> &[StepReport] {
        &self.steps
    }

    /// The first step with this path.
    #[must_use]
    pub fn step(&self, path: &str) -> Option<&StepReport> {
        self.steps.iter().find(|step| &*step.path == path)
    }

    /// The steps that failed, in the order in which they started. Calls of workflows are left
    /// out if a step inside them failed.
    pub fn failures(&self) -> impl Iterator<Item = &StepReport> {
        let failed = || self.steps.iter().filter(|step| step.state == StepState::Failed);
        let outer: HashSet<&str> = failed()
            .flat_map(|step| step.path.match_indices('.').map(|(at, _)| &step.path[..at]))
            .collect();
        failed().filter(move |step| !(step.calls_workflow && outer.contains(&*step.path)))
    }

    /// The chain of steps that decided how long the run lasted.
    #[must_use]
    pub fn longest_path(&self) -> &LongestPath {
        &self.longest_path
    }

    /// The steps of fan-outs with many items, grouped: one group for each declaration. They are
    /// in [`steps`](Self::steps) as well.
    #[must_use]
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }
}

impl Totals {
    fn of(steps: &[StepReport], wall: Duration) -> Self {
        let mut totals = Self { wall, ..Self::default() };
        for step in steps {
            let count = match step.state {
                StepState::Running => &mut totals.running,
                StepState::Completed => &mut totals.completed,
                StepState::Failed => &mut totals.failed,
                StepState::Skipped => &mut totals.skipped,
                StepState::Cancelled => &mut totals.cancelled,
            };
            *count += 1;
            totals.retried += usize::from(step.attempts.len() > 1);
            if let Some(undo) = step.compensation.as_ref().filter(|undo| undo.end.is_some()) {
                totals.compensated += usize::from(undo.error.is_none());
                totals.not_compensated += usize::from(undo.error.is_some());
            }
            if !step.calls_workflow {
                totals.attempts += step.attempts.len();
                totals.busy += busy(&step.attempts, wall);
            }
            totals.busy += step
                .compensation
                .as_ref()
                .map_or(Duration::ZERO, |undo| busy(&undo.attempts, wall));
        }
        if !wall.is_zero() {
            totals.concurrency = totals.busy.as_secs_f64() / wall.as_secs_f64();
        }
        totals
    }
}

/// How long the attempts lasted.
fn busy(attempts: &[Attempt], now: Duration) -> Duration {
    attempts.iter().map(|attempt| attempt.end.unwrap_or(now).saturating_sub(attempt.start)).sum()
}

/// Each graph of the run once, with the steps that are its nodes.
fn drawn(run: &Collected) -> Vec<Drawn> {
    let mut drawn: Vec<Drawn> = Vec::new();
    for (path, graph) in &run.calls {
        if !drawn.iter().any(|known| known.graph.name() == graph.name() && known.graph == *graph) {
            drawn.push(Drawn { graph, path: Arc::clone(path), nodes: Vec::new() });
        }
    }
    for (step, place) in run.places.iter().enumerate() {
        let Some((graph, node)) = place.graph.zip(place.node) else { continue };
        if let Some(drawn) =
            drawn.iter_mut().find(|known| std::ptr::eq(known.graph, graph) || known.graph == graph)
        {
            drawn.nodes.push((step, node));
        }
    }
    drawn
}
