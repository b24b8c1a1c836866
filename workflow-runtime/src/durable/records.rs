//! What was recorded in earlier turns at a run.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use workflow_journal::{Kind, Record, Timestamp};

use crate::durable::changes::removed;
use crate::durable::fingerprint::Fingerprint;
use crate::graph::Graph;
use crate::graph::path::StepPath;
use crate::run::{Site, UNDONE};

/// Stored with the record of a compensation.
#[derive(Serialize, Deserialize)]
pub(super) struct Undone {
    pub(super) times: u32,
}

/// Whether the record says that a step could not be undone.
pub(super) fn is_failed_undo(record: &Record) -> bool {
    record.kind == Kind::Compensation && !record.path.is_empty() && record.output != UNDONE
}

/// The path of the first step that could not be undone, and the error of its compensation.
pub(super) fn not_undone(records: &[Record]) -> Option<(String, String)> {
    let record = records.iter().find(|record| is_failed_undo(record))?;
    let error = serde_json::from_str(&record.output).unwrap_or_else(|_| record.output.clone());
    Some((record.path.clone(), error))
}

/// Why a run that is not being undone has to be undone, as JSON: a workflow that it calls failed
/// and could not undo all of its own steps, and the process died before that could end the run. If
/// the run went forward, that workflow would start again alongside what is not undone.
pub(super) fn has_to_be_undone(records: &[Record]) -> Option<&str> {
    let is_of = |kind: Kind| move |(_, record): &(usize, &Record)| record.kind == kind;
    let all = || records.iter().enumerate();
    if all().filter(is_of(Kind::Compensation)).any(|(_, record)| record.path.is_empty()) {
        return None;
    }
    // If the caller inspects the failure, the call is recorded with it, and the run continues.
    let has_been_told = |at: usize, path: &str| {
        let is_around =
            |call: &str| path.strip_prefix(call).is_some_and(|rest| rest.starts_with(['.', '[']));
        all().filter(is_of(Kind::Step)).any(|(told, call)| told > at && is_around(&call.path))
    };
    let (_, not_undone) =
        all().find(|(at, record)| is_failed_undo(record) && !has_been_told(*at, &record.path))?;
    let failure = all().rfind(is_of(Kind::Failure));
    Some(&failure.map_or(not_undone, |(_, failure)| failure).output)
}

/// The records, by path and kind.
#[derive(Default)]
pub(super) struct Records {
    by_path: HashMap<(Arc<str>, Kind), Recorded>,
    /// The steps that run once more in this turn, because they had been undone.
    redone: HashSet<String>,
}

/// One record.
pub(super) struct Recorded {
    /// Its position among all records of the run: what depends on a step comes after it.
    pub(super) order: usize,
    pub(super) fingerprint: String,
    pub(super) output: Arc<str>,
    pub(super) attempts: u32,
    pub(super) started: Timestamp,
    pub(super) finished: Timestamp,
}

/// A step in an arm of a branch, with the position of its record.
pub(super) struct InArm<'a> {
    pub(super) path: &'a str,
    pub(super) order: usize,
}

impl Records {
    pub(super) fn new(records: Vec<Record>) -> Self {
        let by_path = records.into_iter().enumerate().map(|(order, record)| {
            let Record { path, kind, fingerprint, output, started, finished, attempts, .. } =
                record;
            let output = output.into();
            let recorded = Recorded { order, fingerprint, output, attempts, started, finished };
            ((path.into(), kind), recorded)
        });
        Self { by_path: by_path.collect(), redone: HashSet::new() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_path.is_empty()
    }

    pub(super) fn find(&self, path: &str, kind: Kind) -> Option<&Recorded> {
        self.by_path.get(&(Arc::from(path), kind))
    }

    /// Why the run is being undone, if it is.
    pub(super) fn undoes_for(&self) -> Option<String> {
        let failed = self.find("", Kind::Compensation)?;
        serde_json::from_str(&failed.output).ok()
    }

    /// The record of a step that has completed and has not been undone.
    pub(super) fn completed(&self, path: &str) -> Option<&Recorded> {
        let recorded = self.find(path, Kind::Step)?;
        // When a workflow is undone, everything recorded in it is undone as well.
        let undone = StepPath(path).with_around().filter_map(|path| self.undone_at(path)).max();
        undone.is_none_or(|undone| undone < recorded.order).then_some(recorded)
    }

    /// Whether this step, or something that it is in, was requested to run again, and has not run
    /// since.
    pub(super) fn rerun_requested(&self, step: &Site<'_>) -> bool {
        let names = std::iter::once(step.path.to_string()).chain(step.former_paths());
        let Some(requested) = names.filter_map(|path| self.request_for(&path)).max() else {
            return false;
        };
        let recorded = self.find(step.path, Kind::Step);
        recorded.is_none_or(|recorded| recorded.order < requested)
    }

    /// The recorded steps that were requested to run again, each with its record and the position of
    /// the request.
    pub(super) fn requests(&self) -> Vec<(&str, &Recorded, usize)> {
        if !self.by_path.keys().any(|(_, kind)| *kind == Kind::Rerun) {
            return Vec::new();
        }
        let steps = self.by_path.iter().filter(|((_, kind), _)| *kind == Kind::Step);
        let requested =
            steps.filter_map(|((path, _), step)| Some((&**path, step, self.request_for(path)?)));
        requested.collect()
    }

    /// The position of the last request that concerns this path: for the step itself, for the
    /// declaration that all items share, or for something around it.
    fn request_for(&self, path: &str) -> Option<usize> {
        let declared = StepPath(path).declared();
        let around = StepPath(path).with_around().chain(StepPath(&declared).with_around());
        around.filter_map(|path| Some(self.find(path, Kind::Rerun)?.order)).max()
    }

    /// The position of the record that the step has been undone, whether or not it has run since.
    pub(super) fn undone_at(&self, path: &str) -> Option<usize> {
        let undone = self.find(path, Kind::Compensation)?;
        (&*undone.output == UNDONE).then_some(undone.order)
    }

    /// The position of the record that the step has been undone, if neither the step nor, if it is
    /// a workflow, anything in it has run since.
    pub(super) fn undone_for_good(&self, path: &str) -> Option<usize> {
        if self.redone.contains(path) {
            return None;
        }
        let undone = self.undone_at(path)?;
        let is_in_it = |other: &str| {
            let rest = other.strip_prefix(path);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        let ran_since = self.by_path.iter().any(|((other, kind), recorded)| {
            *kind == Kind::Step && recorded.order > undone && is_in_it(other)
        });
        (!ran_since).then_some(undone)
    }

    /// The step had been undone and runs once more.
    pub(super) fn redo(&mut self, path: &str) {
        self.redone.insert(path.to_owned());
    }

    /// How many times the step, or a workflow around it, has been undone.
    pub(super) fn times_undone(&self, path: &str) -> u32 {
        StepPath(path).with_around().map(|path| self.times_undone_itself(path)).sum()
    }

    pub(super) fn times_undone_itself(&self, path: &str) -> u32 {
        let undone = self.find(path, Kind::Compensation);
        let undone = undone.and_then(|it| serde_json::from_str::<Undone>(&it.fingerprint).ok());
        undone.map_or(0, |undone| undone.times)
    }

    /// The first recorded step that the workflow no longer has.
    pub(super) fn removed_from(&self, graph: &Graph) -> Option<&str> {
        let steps = self.by_path.keys().filter(|(_, kind)| *kind == Kind::Step);
        let mut paths: Vec<_> = steps.map(|(path, _)| &**path).collect();
        paths.sort_unstable();
        removed(graph, paths)
    }

    /// The step that completed last in an arm of the branch, if that arm is not this one, whose
    /// note is `note`.
    pub(super) fn ran_another_arm(
        &self,
        branch: &Site<'_>,
        arm: usize,
        note: Option<&str>,
    ) -> Option<InArm<'_>> {
        let inside = |path: &str| Some(path.strip_prefix(&**branch.path)?.starts_with('.'));
        let steps = self.by_path.keys().filter(|(_, kind)| *kind == Kind::Step);
        let steps = steps.filter(|(path, _)| inside(path) == Some(true));
        let completed = steps.filter_map(|(path, _)| {
            let order = self.completed(path)?.order;
            let arms = arms_with(branch, path);
            (!arms.is_empty()).then_some((InArm { path, order }, arms))
        });
        let (last, arms) = completed.max_by_key(|(step, _)| step.order)?;
        let is_noted = || {
            // Two arms can have steps with the same name.
            let own = branch.graph.nodes()[branch.node].path();
            let fingerprint = &self.find(last.path, Kind::Step)?.fingerprint;
            Fingerprint::read(fingerprint)?.chose(own, note?)
        };
        let is_this = arms.contains(&arm) && is_noted() != Some(false);
        (!is_this).then_some(last)
    }

    /// Adopts what is recorded under a former name of the step.
    pub(super) fn adopt(&mut self, step: &Site<'_>) {
        let renamed = step.former_paths();
        let Some(before) = renamed.iter().find(|before| self.knows(before)) else { return };
        for &kind in Kind::ALL {
            if let Some(recorded) = self.by_path.remove(&(Arc::from(&**before), kind)) {
                self.by_path.entry((Arc::clone(step.path), kind)).or_insert(recorded);
            }
        }
    }

    fn knows(&self, path: &str) -> bool {
        Kind::ALL.iter().any(|kind| self.find(path, *kind).is_some())
    }
}

/// The arms of the branch that contain a step with this path, or a workflow that may have it.
fn arms_with(branch: &Site<'_>, path: &str) -> BTreeSet<usize> {
    let nodes = branch.graph.nodes();
    let own = nodes[branch.node].path();
    let rest = path.strip_prefix(&**branch.path).unwrap_or_default();
    let path = format!("{own}{}", StepPath(rest).declared());
    let has = |&node: &usize| {
        let rest = path.strip_prefix(nodes[node].path());
        let is_it = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        nodes[node].is_step() && is_it
    };
    let arm_of = |node: usize| {
        let mut around = branch.graph.around(node);
        around.find(|parent| parent.node == branch.node).map(|parent| parent.arm)
    };
    branch.graph.inside(branch.node).filter(has).filter_map(arm_of).collect()
}
