//! The items of large fan-outs, grouped.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use crate::graph::path::StepPath;
use crate::report::model::{StepReport, StepState};
use crate::report::path::LongestPath;

/// A declaration in a fan-out with more steps than this is a group.
const MOST: usize = 20;
/// How many steps of a group are shown for each reason to show them.
const SHOWN: usize = 5;

/// The steps of one declaration in a fan-out with many items.
///
/// With `serde`, durations are milliseconds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Group {
    /// The path of the steps, with `*` for the position of the item: `pages[*].fetch`.
    pub path: String,
    /// The called function as written.
    pub function: Option<&'static str>,
    /// How many steps there are.
    pub count: usize,
    /// How many of them completed.
    pub completed: usize,
    /// How many failed.
    pub failed: usize,
    /// How many were skipped.
    pub skipped: usize,
    /// How many were cancelled.
    pub cancelled: usize,
    /// How many are still running.
    pub running: usize,
    /// How many were tried more than once.
    pub retried: usize,
    /// When the first of them started, from the start of the run.
    pub start: Option<Duration>,
    /// When the last of them ended, from the start of the run.
    pub end: Option<Duration>,
    /// How long the shortest one took.
    pub min: Duration,
    /// How long the one in the middle took.
    pub median: Duration,
    /// How long the longest one took.
    pub max: Duration,
    /// Those that the text and the page show one by one: the first that failed, the longest,
    /// and some on the longest path. Positions in [`Report::steps`](crate::Report::steps).
    pub shown: Vec<usize>,
    /// All of them, in the order in which they started.
    pub(super) steps: Vec<usize>,
}

pub(super) fn groups(steps: &[StepReport], path: &LongestPath) -> Vec<Group> {
    let mut order: Vec<(String, Vec<usize>)> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for (at, step) in steps.iter().enumerate().filter(|(_, step)| StepPath(&step.path).is_in_item())
    {
        let pattern = StepPath(&step.path).pattern();
        let group = *known.entry(pattern).or_insert_with_key(|pattern| {
            order.push((pattern.clone(), Vec::new()));
            order.len() - 1
        });
        order[group].1.push(at);
    }
    order.retain(|(_, members)| members.len() > MOST);
    let on_path: BTreeSet<usize> = path.steps.iter().map(|step| step.step).collect();
    order.into_iter().map(|(pattern, members)| group(pattern, members, steps, &on_path)).collect()
}

fn group(
    path: String,
    members: Vec<usize>,
    steps: &[StepReport],
    on_path: &BTreeSet<usize>,
) -> Group {
    let all = || members.iter().map(|&at| &steps[at]);
    let count = |state| all().filter(|step| step.state == state).count();
    let mut by_duration: Vec<(Duration, usize)> =
        members.iter().filter_map(|&at| Some((steps[at].duration()?, at))).collect();
    by_duration.sort_unstable();
    let nth = |at: usize| by_duration.get(at).map_or(Duration::ZERO, |&(duration, _)| duration);

    let failed = members.iter().copied().filter(|&at| {
        let step = &steps[at];
        let not_undone = step.compensation.as_ref().is_some_and(|undo| undo.error.is_some());
        step.state == StepState::Failed || not_undone
    });
    let shown: BTreeSet<usize> = (failed.take(SHOWN))
        .chain(members.iter().copied().filter(|at| on_path.contains(at)).take(SHOWN))
        .chain(by_duration.iter().rev().take(SHOWN).map(|&(_, at)| at))
        .collect();
    Group {
        function: steps[members[0]].function,
        count: members.len(),
        completed: count(StepState::Completed),
        failed: count(StepState::Failed),
        skipped: count(StepState::Skipped),
        cancelled: count(StepState::Cancelled),
        running: count(StepState::Running),
        retried: all().filter(|step| step.attempts.len() > 1).count(),
        start: all().filter_map(|step| step.start).min(),
        end: all().filter_map(|step| step.end).max(),
        min: nth(0),
        median: nth(by_duration.len() / 2),
        max: nth(by_duration.len().saturating_sub(1)),
        shown: shown.into_iter().collect(),
        path,
        steps: members,
    }
}
