//! Walks back from the end of a run.

use crate::graph::path::StepPath;
use crate::report::collect::Collected;
use crate::report::model::{RunState, StepState};
use crate::report::path::Activity;
use crate::report::path::index::{Index, is_within};
use crate::report::path::needs::View;

pub(super) struct PathStep {
    pub(super) activity: Activity,
    pub(super) in_the_way: bool,
}

/// The chain, in the order in which it happened.
pub(super) fn walk(run: &Collected) -> Vec<PathStep> {
    let index = Index::new(run);
    let mut steps = Vec::new();
    // The fan-out whose limit led the walk into it, while the walk is inside.
    let mut limited: Option<&str> = None;
    let mut next = last(&index).map(|activity| (activity, None));
    while let Some((activity, through)) = next {
        let (Activity::Step(step) | Activity::Undo(step)) = activity;
        let path = &*run.steps[step].path;
        limited = through.or(limited).filter(|fan_out| is_within(path, fan_out));
        steps.push(PathStep { activity, in_the_way: limited.is_some() });
        next = match activity {
            Activity::Step(step) => before_step(&index, step),
            Activity::Undo(step) => before_undo(&index, step).map(|before| (before, None)),
        };
    }
    steps.reverse();
    steps
}

/// What ended last, or is under way.
fn last(index: &Index<'_>) -> Option<Activity> {
    let under_way = match index.run.state {
        RunState::Running => first_in(index, StepState::Running, usize::MAX),
        RunState::Cancelled => {
            let undone = index.run.places.iter().any(|place| place.compensated.is_some());
            // Otherwise compensations ran after the steps were cut off, and they come last.
            if undone { None } else { first_in(index, StepState::Cancelled, usize::MAX) }
        }
        RunState::Completed | RunState::Failed => None,
    };
    under_way.or_else(|| index.ended_before(usize::MAX).next().map(|last| inner(index, last)))
}

/// Of the steps that do not call a workflow and are in this state, the one that started first.
fn first_in(index: &Index<'_>, state: StepState, before: usize) -> Option<Activity> {
    let mut steps = index.run.steps.iter().zip(&index.run.places);
    steps
        .position(|(step, place)| {
            step.state == state
                && !step.calls_workflow
                && (place.ended < before || before == usize::MAX)
        })
        .map(Activity::Step)
}

fn inner(index: &Index<'_>, activity: Activity) -> Activity {
    match activity {
        Activity::Step(step) => index.innermost(step),
        undo @ Activity::Undo(_) => undo,
    }
}

/// What the step waited for, and the fan-out whose limit made it wait.
fn before_step<'r>(index: &Index<'r>, step: usize) -> Option<(Activity, Option<&'r str>)> {
    let mut view = View::of(index, step)?;
    loop {
        let need = view.last_need().map(|step| (step, None));
        let items = view.limited_items();
        let turns = items.into_iter().filter_map(|item| last_before_turn(index, item));
        let last = need.into_iter().chain(turns).max_by_key(|&(step, _)| index.end(step));
        if let Some((step, through)) = last {
            return Some((index.innermost(step), through));
        }
        // The first step of a workflow waits for what the call of the workflow waits for.
        view = View::of(index, index.step(view.call())?)?;
    }
}

/// How many items without steps are passed over in search of one that has some.
const ITEMS_WITHOUT_STEPS: usize = 100;

/// The last step of the item that made room for this one.
fn last_before_turn<'r>(index: &Index<'r>, item: &'r str) -> Option<(usize, Option<&'r str>)> {
    let (path, number) = StepPath(item).item()?;
    let fan_out = index.run.fan_outs.get(path)?;
    let first = *fan_out.firsts.get(&number)?;
    let before = fan_out.finished.partition_point(|&(event, _)| event < first);
    let done = fan_out.finished[..before].iter().rev().take(ITEMS_WITHOUT_STEPS);
    let last = |&(_, other): &(usize, usize)| index.last_within(&format!("{path}[{other}]"));
    Some((done.filter_map(last).find(|&step| index.end(step) < first)?, Some(path)))
}

/// What the compensation of a step waited for: another compensation, or the end of the
/// workflow's own steps.
fn before_undo(index: &Index<'_>, step: usize) -> Option<Activity> {
    let run = index.run;
    let undone = run.places[step].compensated?;
    let start = run.steps[step].compensation.as_ref()?.start;
    let workflow = undoing_workflow(index, step, undone);
    let in_time = |activity: &Activity| match *activity {
        Activity::Step(other) => {
            run.steps[other].end <= Some(start) && is_within(&run.steps[other].path, workflow)
        }
        Activity::Undo(other) => {
            let compensation = run.steps[other].compensation.as_ref();
            compensation.is_some_and(|other| other.end <= Some(start))
                && is_within(&run.steps[other].path, workflow)
        }
    };
    let last = index.ended_before(undone).find(in_time)?;
    // A deadline has cut off what was running.
    let cut_off = matches!(last, Activity::Step(_)) && run.state == RunState::Cancelled;
    let cut_off = if cut_off { first_in(index, StepState::Cancelled, undone) } else { None };
    Some(cut_off.unwrap_or_else(|| inner(index, last)))
}

/// The path of the innermost workflow around the step that had not ended when the step was
/// undone.
fn undoing_workflow<'r>(index: &Index<'r>, step: usize, undone: usize) -> &'r str {
    let mut view = View::of(index, step);
    while let Some(at) = view {
        let Some(call) = index.step(at.call()) else { break };
        if index.end(call) > undone {
            return &index.run.steps[call].path;
        }
        view = View::of(index, call);
    }
    ""
}
