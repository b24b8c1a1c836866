//! What was recorded of a run in earlier goes.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use workflow_journal::{Kind, Record, Timestamp};

use crate::durable::changes::removed;
use crate::durable::recording::Site;
use crate::graph::Graph;

/// What is recorded of a compensation that has not failed.
pub(crate) const UNDONE: &str = "null";

/// Stands with the record of a compensation.
#[derive(Serialize, Deserialize)]
pub(super) struct Undone {
    pub(super) times: u32,
}

/// The records, by path and kind.
#[derive(Default)]
pub(super) struct Records {
    by_path: HashMap<(Arc<str>, Kind), Recorded>,
    /// The steps that run once more in this go, since they had been undone.
    redone: HashSet<String>,
}

/// One record.
pub(super) struct Recorded {
    /// Its place among all that is recorded of the run: what came of a step stands behind it.
    pub(super) order: usize,
    pub(super) fingerprint: String,
    pub(super) output: Arc<str>,
    pub(super) attempts: u32,
    pub(super) started: Timestamp,
    pub(super) finished: Timestamp,
}

impl Records {
    pub(super) fn new(records: Vec<Record>) -> Self {
        let by_path = records.into_iter().enumerate().map(|(order, record)| {
            let Record { path, kind, fingerprint, output, started, finished, attempts } = record;
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

    /// The record of a step that has completed and is not undone.
    pub(super) fn completed(&self, path: &str) -> Option<&Recorded> {
        let recorded = self.find(path, Kind::Step)?;
        // With a workflow, all that is recorded in it is undone.
        let undone = with_around(path).filter_map(|path| self.undone_at(path)).max();
        undone.is_none_or(|undone| undone < recorded.order).then_some(recorded)
    }

    /// The place of the record that the step has been undone, whether it has run since or not.
    pub(super) fn undone_at(&self, path: &str) -> Option<usize> {
        let undone = self.find(path, Kind::Compensation)?;
        (&*undone.output == UNDONE).then_some(undone.order)
    }

    /// The place of the record that the step has been undone, if it has not run since: neither
    /// it nor, where it is a workflow, anything in it.
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

    /// The step, which had been undone, runs once more.
    pub(super) fn redo(&mut self, path: &str) {
        self.redone.insert(path.to_owned());
    }

    /// How often the step, or a workflow around it, has been undone.
    pub(super) fn times_undone(&self, path: &str) -> u32 {
        with_around(path).map(|path| self.times_undone_itself(path)).sum()
    }

    pub(super) fn times_undone_itself(&self, path: &str) -> u32 {
        let undone = self.find(path, Kind::Compensation);
        let undone = undone.and_then(|it| serde_json::from_str::<Undone>(&it.fingerprint).ok());
        undone.map_or(0, |undone| undone.times)
    }

    /// The first recorded step that the workflow does not have any more.
    pub(super) fn removed_from(&self, graph: &Graph) -> Option<&str> {
        let steps = self.by_path.keys().filter(|(_, kind)| *kind == Kind::Step);
        let mut paths: Vec<_> = steps.map(|(path, _)| &**path).collect();
        paths.sort_unstable();
        removed(graph, paths)
    }

    /// Takes over what is recorded under a former name of the step.
    pub(super) fn adopt(&mut self, step: &Site<'_>) {
        let renamed = step.former_paths();
        let Some(before) = renamed.iter().find(|before| self.knows(before)) else { return };
        for kind in Kind::ALL {
            if let Some(recorded) = self.by_path.remove(&(Arc::from(&**before), kind)) {
                self.by_path.entry((Arc::clone(step.path), kind)).or_insert(recorded);
            }
        }
    }

    fn knows(&self, path: &str) -> bool {
        Kind::ALL.into_iter().any(|kind| self.find(path, kind).is_some())
    }
}

/// The path, and those of all that it stands in.
fn with_around(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices(['.', '[']).map(|(end, _)| &path[..end]).chain([path])
}
