//! Finds the steps of a run by where they are and by when they ended.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

use crate::report::collect::Collected;
use crate::report::model::StepState;
use crate::report::path::Activity;

pub(super) struct Index<'r> {
    pub(super) run: &'r Collected,
    by_path: BTreeMap<&'r str, usize>,
    /// What has ended by itself, in that order, with the position of the event.
    by_end: Vec<(usize, Activity)>,
    last_within: RefCell<HashMap<String, Option<usize>>>,
}

impl<'r> Index<'r> {
    pub(super) fn new(run: &'r Collected) -> Self {
        let by_path = run.steps.iter().enumerate().map(|(at, step)| (&*step.path, at)).collect();
        let mut by_end = Vec::new();
        for (at, (step, place)) in run.steps.iter().zip(&run.places).enumerate() {
            if matches!(step.state, StepState::Completed | StepState::Failed) {
                by_end.push((place.ended, Activity::Step(at)));
            }
            by_end.extend(place.compensated.map(|undone| (undone, Activity::Undo(at))));
        }
        by_end.sort_unstable_by_key(|&(end, _)| end);
        Self { run, by_path, by_end, last_within: RefCell::default() }
    }

    /// The step with this path.
    pub(super) fn step(&self, path: &str) -> Option<usize> {
        self.by_path.get(path).copied()
    }

    /// The steps inside the workflow, branch, fan-out, item or block with this path.
    pub(super) fn within(&self, path: &str) -> impl Iterator<Item = usize> {
        let range = |from: String| {
            self.by_path
                .range::<str, _>((Bound::Included(from.as_str()), Bound::Unbounded))
                .take_while(move |(path, _)| path.starts_with(&from))
        };
        // Items come after `[`, everything else after `.`.
        let inside = range(format!("{path}.")).chain(range(format!("{path}[")));
        inside.map(|(_, &step)| step)
    }

    /// The step that ended last of those with this path or inside it.
    pub(super) fn last_within(&self, path: &str) -> Option<usize> {
        if let Some(&known) = self.last_within.borrow().get(path) {
            return known;
        }
        let steps = self.within(path).chain(self.step(path));
        let last = steps.filter(|&step| self.has_ended(step)).max_by_key(|&step| self.end(step));
        self.last_within.borrow_mut().insert(path.to_owned(), last);
        last
    }

    pub(super) fn has_ended(&self, step: usize) -> bool {
        matches!(self.run.steps[step].state, StepState::Completed | StepState::Failed)
    }

    /// The position of the event that reported the step's end.
    pub(super) fn end(&self, step: usize) -> usize {
        self.run.places[step].ended
    }

    /// What ended by itself before that event, the last first.
    pub(super) fn ended_before(&self, event: usize) -> impl Iterator<Item = Activity> {
        let count = self.by_end.partition_point(|&(end, _)| end < event);
        self.by_end[..count].iter().rev().map(|&(_, activity)| activity)
    }

    /// For the call of a workflow, what ended last inside it.
    pub(super) fn innermost(&self, step: usize) -> Activity {
        if !self.run.steps[step].calls_workflow {
            return Activity::Step(step);
        }
        let path = &*self.run.steps[step].path;
        let started = self.run.places[step].started;
        let inside = |activity: &Activity| {
            let (Activity::Step(other) | Activity::Undo(other)) = *activity;
            is_within(&self.run.steps[other].path, path)
        };
        let end = self.end(step);
        let has_steps = self.within(path).any(|other| {
            let place = &self.run.places[other];
            place.started > started && place.ended < end
        });
        let last = has_steps.then(|| self.ended_before(end).find(inside)).flatten();
        match last {
            Some(Activity::Step(inner)) => self.innermost(inner),
            Some(undo) => undo,
            None => Activity::Step(step),
        }
    }
}

/// Whether the path is inside the workflow, branch, fan-out, item or block `outer`. Every path
/// is inside the outermost workflow, whose path is empty.
pub(super) fn is_within(path: &str, outer: &str) -> bool {
    outer.is_empty() || path.strip_prefix(outer).is_some_and(|rest| rest.starts_with(['.', '[']))
}
