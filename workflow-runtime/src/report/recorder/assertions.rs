//! Assertions whose failure messages say what did happen.

use std::fmt::Write;

use crate::report::recorder::names::{Known, Names, means};
use crate::report::{Recorder, Report, StepReport, StepState, count, duration, last_run, table};
use crate::run::EventKind;

/// How many steps are shown when an assertion fails.
const SHOWN: usize = 60;

/// # Assertions
///
/// They take paths as anything that can be iterated over: an array, a slice, a `Vec`. If one
/// fails, the panic lists what happened: the steps with their states, attempts and times, up to 60 of them.
/// A path that is not in any graph of the run is a failure, too, so that a misspelled path
/// cannot pass for a step that did not run. They look at the last run that was recorded.
///
/// ```
/// # use workflow_runtime::{Recorder, Run, step, workflow};
/// # #[step]
/// # async fn analyze(amount: u32) -> u32 { amount }
/// # #[step]
/// # async fn approve(amount: u32) -> u32 { amount }
/// # #[step]
/// # async fn review(amount: u32) -> u32 { amount }
/// # workflow! {
/// #     async fn decide(amount: u32) -> u32 {
/// #         let risk = analyze(amount).await;
/// #         let decision = if risk > 9 { review(risk).await } else { approve(risk).await };
/// #         decision
/// #     }
/// # }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let recorder = Recorder::new();
/// Run::new().observe(recorder.clone()).execute(decide(7)).await;
///
/// recorder.assert_ran(["risk", "decision.approve"]);
/// recorder.assert_not_run(["decision.review"]);
/// recorder.assert_order("risk", "decision.approve");
/// # }
/// ```
impl Recorder {
    /// Asserts that the steps with these paths completed, in any order.
    ///
    /// # Panics
    ///
    /// If one of them did not, or if no graph of the run has its path.
    #[track_caller]
    pub fn assert_ran<P: AsRef<str>>(&self, paths: impl IntoIterator<Item = P>) {
        self.assert_each(paths, |step| match step {
            Some(step) if step.state == StepState::Completed => None,
            other => Some(format!("should have completed, but {}", what_became_of(other))),
        });
    }

    /// Asserts that the steps with these paths never started. For a step in a fan-out, a path
    /// without the position of an item, such as `pages.fetch`, means the step of every item.
    ///
    /// # Panics
    ///
    /// If one of them started, if no graph of the run has its path, or if nothing has been
    /// recorded at all.
    #[track_caller]
    pub fn assert_not_run<P: AsRef<str>>(&self, paths: impl IntoIterator<Item = P>) {
        self.assert_each(paths, |step| {
            let started = step.filter(|step| step.start.is_some())?;
            Some(format!("should not have run, but {}", what_became_of(Some(started))))
        });
    }

    /// Asserts that the steps with these paths were undone, in any order.
    ///
    /// # Panics
    ///
    /// If one of them was not, or if no graph of the run has its path.
    #[track_caller]
    pub fn assert_compensated<P: AsRef<str>>(&self, paths: impl IntoIterator<Item = P>) {
        self.assert_each(paths, |step| {
            let undo = step.and_then(|step| step.compensation.as_ref());
            let Some(undo) = undo else {
                return Some(format!("should have been undone, but {}", what_became_of(step)));
            };
            match &undo.error {
                Some(error) => Some(format!("should have been undone, but that failed: {error}")),
                None if undo.end.is_none() => Some("is still being undone".to_owned()),
                None => None,
            }
        });
    }

    /// Asserts that the step `first` had ended, by completing or failing, before the step
    /// `second` started.
    ///
    /// # Panics
    ///
    /// If it was not, if one of them did not start, or if no graph of the run has its path.
    #[track_caller]
    pub fn assert_order(&self, first: impl AsRef<str>, second: impl AsRef<str>) {
        let (first, second) = (first.as_ref(), second.as_ref());
        let events = self.events();
        let events = last_run(&events);
        let names = Names::of(&events);
        let report = Report::of(&events);
        let unknown: Vec<String> =
            [first, second].into_iter().filter_map(|path| unknown(&names, path)).collect();
        if !unknown.is_empty() {
            fail(&report, &unknown);
        }
        let at = |path: &str, is: fn(&EventKind) -> bool| {
            events.iter().position(|event| &*event.path == path && is(&event.kind))
        };
        let is_end = |kind: &EventKind| {
            matches!(kind, EventKind::Completed { .. } | EventKind::Failed { .. })
        };
        let done = at(first, is_end);
        let started = at(second, |kind| matches!(kind, EventKind::Started));
        let problem = match (done, started) {
            (Some(done), Some(started)) if done < started => return,
            (_, None) => {
                format!(
                    "`{second}` should have started, but {}",
                    what_became_of(report.step(second))
                )
            }
            (None, _) => {
                format!(
                    "`{first}` should have come first, but {}",
                    what_became_of(report.step(first))
                )
            }
            (Some(_), Some(_)) => {
                let start = report.step(second).and_then(|step| step.start).unwrap_or_default();
                let end = report.step(first).and_then(|step| step.end).unwrap_or_default();
                format!(
                    "`{second}` started (at {}) before `{first}` was done (at {})",
                    duration(start),
                    duration(end)
                )
            }
        };
        fail(&report, &[problem]);
    }

    #[track_caller]
    fn assert_each<P: AsRef<str>>(
        &self,
        paths: impl IntoIterator<Item = P>,
        problem: impl Fn(Option<&StepReport>) -> Option<String>,
    ) {
        let events = self.events();
        let events = last_run(&events);
        let names = Names::of(&events);
        let report = Report::of(&events);
        let mut problems = Vec::new();
        for path in paths {
            let path = path.as_ref();
            if let Some(unknown) = unknown(&names, path) {
                problems.push(unknown);
                continue;
            }
            let mut steps = report.steps().iter().filter(|step| means(path, &step.path)).peekable();
            let problem = match steps.peek() {
                Some(_) => steps.find_map(|step| Some((&*step.path, problem(Some(step))?))),
                None => problem(None).map(|problem| (path, problem)),
            };
            problems.extend(problem.map(|(path, problem)| format!("`{path}` {problem}")));
        }
        if !problems.is_empty() {
            fail(&report, &problems);
        }
    }
}

/// Why the path does not name a step of the run.
fn unknown(names: &Names<'_>, path: &str) -> Option<String> {
    match names.look_up(path) {
        Known::Step => None,
        Known::Nothing { similar: Some(similar) } => {
            Some(format!("no step has the path `{path}`; there is `{similar}`"))
        }
        Known::Nothing { similar: None } => Some(format!("no step has the path `{path}`")),
    }
}

fn what_became_of(step: Option<&StepReport>) -> String {
    let Some(step) = step else { return "it did not start".to_owned() };
    let error = step.error.as_deref().unwrap_or_default();
    match step.state {
        StepState::Running => "it is still running".to_owned(),
        StepState::Completed => "it completed".to_owned(),
        StepState::Failed => format!("it failed: {error}"),
        StepState::Skipped => "it was skipped".to_owned(),
        StepState::Cancelled => "it was cancelled while it was running".to_owned(),
    }
}

#[track_caller]
fn fail(report: &Report, problems: &[String]) -> ! {
    let mut text = problems.join("\n");
    if report.steps().is_empty() {
        text.push_str("\nnothing has been recorded: was the recorder given to the run?");
    } else {
        let _ =
            write!(text, "\n\n{}\n{}", report.headline(), table(report.steps().iter().take(SHOWN)));
        let more = report.steps().len().saturating_sub(SHOWN);
        if more > 0 {
            let _ = write!(text, "\n  … and {}", count(more, "more step"));
        }
    }
    panic!("{text}");
}
