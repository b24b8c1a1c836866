//! The recording of a run that a journal keeps.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::{Either, select};
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;
use tokio::time::timeout;
use workflow_journal::{JournalStore, Kind, Record, StoreFuture, Timestamp};

use crate::durable::JournalError;
use crate::durable::changes::{Changes, removed};
use crate::durable::fingerprint::Fingerprint;
use crate::durable::recording::{LookUp, Recording, Site};
use crate::graph::Graph;

/// How soon to look again for signals from other processes, at first and after a long time.
const LOOK_FIRST: Duration = Duration::from_millis(500);
const LOOK_LAST: Duration = Duration::from_secs(4);

/// Keeps the record of one run in a store.
pub(crate) struct Keeper {
    store: Arc<dyn JournalStore>,
    run: Arc<str>,
    epoch: i64,
    recorded: HashMap<(String, Kind), Recorded>,
    /// A signal was sent through this journal.
    sent: Arc<Notify>,
    /// What has changed runs again.
    reruns: bool,
    progress: Mutex<Progress>,
}

struct Recorded {
    /// Its place among all that is recorded of the run: what came of a step stands behind it.
    order: usize,
    fingerprint: String,
    output: Arc<str>,
}

#[derive(Default)]
struct Progress {
    stopped: Option<JournalError>,
    /// The error of the step that failed last.
    failure: String,
    /// Nothing new starts; what has completed is undone.
    undoes: bool,
    /// What runs again, since it has changed.
    changes: Changes,
    /// What is written while the run goes on.
    work: Vec<StoreFuture<'static, ()>>,
}

impl Progress {
    fn stop(&mut self, error: JournalError) {
        // The first reason is the one that counts.
        self.stopped.get_or_insert(error);
    }
}

/// Stands with the record of a compensation.
#[derive(Serialize, Deserialize)]
struct Undone {
    times: u32,
}

/// What is recorded of a compensation that has not failed.
pub(crate) const UNDONE: &str = "null";

/// A record of something that takes no time.
pub(crate) fn moment(path: &str, kind: Kind, output: String) -> Record {
    let now = Timestamp::now();
    let (path, fingerprint) = (path.to_owned(), "{}".to_owned());
    Record { path, kind, fingerprint, output, started: now, finished: now, attempts: 1 }
}

impl Keeper {
    pub(crate) fn new(
        store: Arc<dyn JournalStore>,
        run: Arc<str>,
        epoch: i64,
        records: Vec<Record>,
        sent: Arc<Notify>,
        reruns: bool,
    ) -> Self {
        let recorded = records.into_iter().enumerate().map(|(order, record)| {
            let Record { path, kind, fingerprint, output, .. } = record;
            ((path, kind), Recorded { order, fingerprint, output: output.into() })
        });
        let recorded: HashMap<_, _> = recorded.collect();
        let failed = recorded.get(&(String::new(), Kind::Compensation));
        let failure = failed.and_then(|failed| serde_json::from_str(&failed.output).ok());
        let undoes = failure.is_some();
        let failure = failure.unwrap_or_default();
        let progress = Mutex::new(Progress { failure, undoes, ..Progress::default() });
        Self { store, run, epoch, recorded, sent, reruns, progress }
    }

    /// Whether nothing new starts, and what has completed is undone.
    pub(crate) fn undoes(&self) -> bool {
        self.progress().undoes
    }

    /// From now on nothing new starts, and what has completed is undone.
    pub(crate) fn undo(&self) {
        self.progress().undoes = true;
    }

    /// Why the run has failed.
    pub(crate) fn failure(&self) -> String {
        self.progress().failure.clone()
    }

    /// Why the run cannot go on, if so.
    pub(crate) fn stopped(&self) -> Option<JournalError> {
        self.progress().stopped.take()
    }

    /// What is to be written while the run goes on.
    pub(crate) fn take_work(&self) -> Vec<StoreFuture<'static, ()>> {
        std::mem::take(&mut self.progress().work)
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self, path: &str, change: String) -> JournalError {
        JournalError::GraphChanged { run: self.run.to_string(), path: path.to_owned(), change }
    }

    /// Whether all that is recorded is of something that the workflow still has.
    pub(crate) fn check(&self, graph: &Graph) -> Result<(), JournalError> {
        let steps = self.recorded.keys().filter(|(_, kind)| *kind == Kind::Step);
        let mut paths: Vec<_> = steps.map(|(path, _)| &**path).collect();
        paths.sort_unstable();
        match removed(graph, paths) {
            Some(path) if !self.reruns => {
                Err(self.changed(path, "the workflow has no such step any more".to_owned()))
            }
            _ => Ok(()),
        }
    }

    /// The record of a step that has completed and is not undone.
    fn completed(&self, path: &str) -> Option<&Recorded> {
        let recorded = self.find(path, Kind::Step)?;
        let undone = self.find(path, Kind::Compensation);
        let undone = undone.filter(|undone| &*undone.output == UNDONE);
        (undone.is_none_or(|undone| undone.order < recorded.order)).then_some(recorded)
    }

    fn find(&self, path: &str, kind: Kind) -> Option<&Recorded> {
        self.recorded.get(&(path.to_owned(), kind))
    }
}

impl Recording for Keeper {
    fn look_up(&self, step: &Site<'_>) -> LookUp {
        let mut progress = self.progress();
        let Some(recorded) = self.completed(step.path) else {
            if progress.undoes {
                return LookUp::Wait;
            }
            if self.find(step.path, Kind::Step).is_some() {
                // It was undone, but what came of it is still recorded.
                progress.changes.add(step, usize::MAX);
            }
            return LookUp::Run;
        };
        // What has changed can still be undone, if only its value can be read.
        let undoes = progress.undoes && self.reruns;
        if !progress.undoes && progress.changes.concern(step, recorded.order) {
            return LookUp::Run;
        }
        let before = Fingerprint::read(&recorded.fingerprint);
        let change = match &before {
            Some(before) => Fingerprint::of(step).change(before),
            None => Some("its record has another form".to_owned()),
        };
        match change {
            change if change.is_none() || undoes => {
                // A crash may have come before what came of it was run again, too.
                if before.is_some_and(|before| before.again) {
                    progress.changes.add(step, recorded.order);
                }
                LookUp::Recorded(Arc::clone(&recorded.output))
            }
            Some(_) if self.reruns => {
                progress.changes.add(step, usize::MAX);
                LookUp::Run
            }
            change => {
                let change = change.unwrap_or_default();
                progress.stop(self.changed(step.path, change));
                LookUp::Wait
            }
        }
    }

    fn write(&self, mut record: Record) -> StoreFuture<'static, ()> {
        if record.kind == Kind::Step && self.find(&record.path, Kind::Step).is_some() {
            record.fingerprint = Fingerprint::again(&record.fingerprint);
        }
        let (store, run, epoch) = (Arc::clone(&self.store), Arc::clone(&self.run), self.epoch);
        Box::pin(async move { store.write(&run, epoch, record).await })
    }

    fn timer(&self, step: &Site<'_>) -> Option<Timestamp> {
        let timer = self.find(step.path, Kind::Timer)?;
        // Who runs a step again that had failed, or came of another one, waits anew.
        let failed = self.find(step.path, Kind::Failure);
        let over = failed.is_some_and(|failed| failed.order > timer.order)
            || self.find(step.path, Kind::Step).is_some()
            || self.progress().changes.concern(step, timer.order);
        if over { None } else { timer.output.parse().ok().map(Timestamp) }
    }

    fn signal(
        &self,
        name: &str,
        mut limit: StoreFuture<'static, ()>,
    ) -> StoreFuture<'static, Option<String>> {
        let (store, run, name) = (Arc::clone(&self.store), Arc::clone(&self.run), name.to_owned());
        let sent = Arc::clone(&self.sent);
        Box::pin(async move {
            let (mut over, mut pause) = (false, LOOK_FIRST);
            loop {
                // From before the look, so that nothing sent meanwhile is missed.
                let notified = sent.notified();
                let signals = store.signals(&run).await?;
                if let Some(signal) = signals.into_iter().find(|signal| signal.name == name) {
                    return Ok(Some(signal.value));
                }
                // A run that goes on after its limit still gets what was sent meanwhile.
                if over {
                    return Ok(None);
                }
                // Another process cannot notify this one.
                let again = pin!(timeout(pause, notified));
                pause = (pause * 2).min(LOOK_LAST);
                if let Either::Left((written, _)) = select(&mut limit, again).await {
                    written?;
                    over = true;
                }
            }
        })
    }

    fn fan_out(&self, fan_out: &Site<'_>, items: usize) {
        let path = &**fan_out.path;
        if let Some(recorded) = self.find(path, Kind::Items)
            && !self.progress().changes.concern(fan_out, recorded.order)
        {
            if *recorded.output != *items.to_string() {
                let change = format!("it had {} items and has {items}", recorded.output);
                self.stop(self.changed(path, change));
            }
            return;
        }
        let write = self.write(moment(path, Kind::Items, items.to_string()));
        self.progress().work.push(write);
    }

    fn failed(&self, failure: Record) {
        let error = serde_json::from_str(&failure.output);
        let write = self.write(failure);
        let mut progress = self.progress();
        progress.failure = error.unwrap_or_default();
        progress.work.push(write);
    }

    fn undoing(&self) -> Option<StoreFuture<'static, ()>> {
        let mut progress = self.progress();
        if progress.undoes {
            return None;
        }
        progress.undoes = true;
        let output = serde_json::to_string(&progress.failure).expect("it is a text");
        drop(progress);
        Some(self.write(moment("", Kind::Compensation, output)))
    }

    fn undone(&self, mut compensation: Record) -> StoreFuture<'static, ()> {
        let times = self.times_undone(&compensation.path);
        let times = if compensation.output == UNDONE { times + 1 } else { times };
        let undone = Undone { times };
        compensation.fingerprint = serde_json::to_string(&undone).expect("it is a number");
        self.write(compensation)
    }

    fn times_undone(&self, path: &str) -> u32 {
        let undone = self.find(path, Kind::Compensation);
        let undone = undone.and_then(|it| serde_json::from_str::<Undone>(&it.fingerprint).ok());
        undone.map_or(0, |undone| undone.times)
    }

    fn stop(&self, error: JournalError) {
        self.progress().stop(error);
    }

    fn id(&self) -> &str {
        &self.run
    }
}
