//! The recording of a run that is kept in a journal.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::Notify;
use workflow_journal::{Kind, Record, StoreFuture, Timestamp};

use crate::durable::JournalError;
use crate::durable::asked::Asked;
use crate::durable::changes::Changes;
use crate::durable::error::stopped;
use crate::durable::fingerprint::{Fingerprint, Needs};
use crate::durable::items::{Comparison, KeptItems, places};
use crate::durable::known_signals::{self, KnownSignals};
use crate::durable::notes::Notes;
use crate::durable::place::Place;
use crate::durable::records::{Records, Undone};
use crate::durable::taken_signal::taken_signal;
use crate::durable::until::wait_until;
use crate::graph::{Graph, NodeKind};
use crate::run::{
    Before, Identity, Items, LookUp, Note, Recording, Site, Stop, Takes, UNDONE, as_json,
};

/// Keeps the record of one run in a store.
pub(crate) struct JournalRecording {
    asked: Asked,
    /// Notified when a signal is sent through this journal.
    sent: Arc<Notify>,
    /// Steps that have changed run again.
    reruns: bool,
    /// The module that contained the workflow when the run was started.
    module: String,
    /// It is in another module now.
    moved: bool,
    /// How the last turn at the run ended.
    last: LastGo,
    /// When the run was started.
    created: Timestamp,
    progress: Mutex<Progress>,
}

/// How the last turn at a run ended: a turn is one process working on the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LastGo {
    /// There was none, or it was given up cleanly.
    GivenUp,
    /// Its process died.
    Died,
    /// With an error: attempts are counted anew.
    Failed,
}

/// What a journal specifies about a run.
pub(super) struct Options {
    pub(super) reruns: bool,
    pub(super) module: String,
    pub(super) moved: bool,
    pub(super) last: LastGo,
    /// When the run was started, by the store's clock.
    pub(super) created: Timestamp,
    /// The signals that the workflow waits for.
    pub(super) signals: KnownSignals,
}

#[derive(Default)]
struct Progress {
    records: Records,
    stopped: Option<JournalError>,
    /// The error of the step that failed last.
    failure: String,
    /// Nothing new starts; completed steps are undone.
    undoes: bool,
    /// What runs again because it has changed.
    changes: Changes,
    /// The plain values and choices so far, by path.
    notes: Notes,
    /// The compensations that have failed, with their errors.
    not_undone: BTreeMap<String, String>,
    /// The record of the step that panicked.
    panicked: Option<Record>,
    /// Records that are written while the run continues.
    work: Vec<StoreFuture<'static, ()>>,
    /// Something was written in this turn.
    has_written: bool,
    /// The signals that, as far as others know, the run waits for.
    signals: KnownSignals,
}

impl Progress {
    fn stop(&mut self, error: JournalError) {
        // The first reason is the one that counts.
        self.stopped.get_or_insert(error);
    }

    /// The plain values and choices that the step is given.
    fn given(&self, step: &Site<'_>, needs: &Needs) -> BTreeMap<String, String> {
        let mut given = BTreeMap::new();
        let mut left: Vec<usize> = needs.values.iter().chain(&needs.scopes).copied().collect();
        let mut seen = BTreeSet::new();
        while let Some(at) = left.pop() {
            if !seen.insert(at) {
                continue;
            }
            let (path, node) = (step.path_of(at), &step.graph.nodes()[at]);
            let note = self.notes.get(&path);
            if let Some(note) = note {
                given.insert(node.path().to_owned(), note.to_owned());
            }
            let is_told = if node.kind() == NodeKind::Value {
                note.is_some()
            } else {
                !self.notes.is_untold(&path)
            };
            if !is_told {
                // What it depends on may be known.
                let behind = Needs::behind(step.graph, at);
                left.extend(behind.values.into_iter().chain(behind.scopes));
            }
        }
        given
    }
}

impl JournalRecording {
    pub(super) fn new(
        asked: Asked,
        records: Vec<Record>,
        sent: Arc<Notify>,
        graph: &'static Graph,
        Options { reruns, module, moved, last, created, signals }: Options,
    ) -> Self {
        let records = Records::new(records);
        let mut changes = Changes::default();
        for (path, recorded, order) in records.requests() {
            if let Some(step) = Place::of(graph, path, &recorded.fingerprint).site(graph) {
                changes.request(&step, order);
            }
        }
        let failure = records.undoes_for();
        let undoes = failure.is_some();
        let failure = failure.unwrap_or_default();
        let progress = Mutex::new(Progress {
            records,
            failure,
            undoes,
            changes,
            signals,
            ..Progress::default()
        });
        Self { asked, sent, reruns, module, moved, last, created, progress }
    }

    /// Whether nothing new starts and completed steps are undone.
    pub(crate) fn undoes(&self) -> bool {
        self.progress().undoes
    }

    /// Whether anything was written in this turn.
    pub(super) fn has_written(&self) -> bool {
        self.progress().has_written
    }

    /// Whether there is anything to replay.
    pub(crate) fn has_records(&self) -> bool {
        !self.progress().records.is_empty()
    }

    /// From now on, nothing new starts, and completed steps are undone.
    pub(crate) fn undo(&self) {
        self.progress().undoes = true;
    }

    /// Why the run failed.
    pub(crate) fn failure(&self) -> String {
        self.progress().failure.clone()
    }

    /// The compensations that have failed, with their errors: what they should have undone still
    /// has to be undone.
    pub(crate) fn not_undone(&self) -> BTreeMap<String, String> {
        self.progress().not_undone.clone()
    }

    /// Why the run cannot continue, if it cannot.
    pub(crate) fn stopped(&self) -> Option<JournalError> {
        self.progress().stopped.take()
    }

    /// Whether the run cannot continue.
    pub(crate) fn has_stopped(&self) -> bool {
        self.progress().stopped.is_some()
    }

    /// Records which step panicked, if it was a step, and the text of the panic.
    pub(crate) fn panicked_with(&self, text: &str) -> Option<StoreFuture<'static, ()>> {
        let mut failure = self.progress().panicked.take()?;
        failure.output = as_json(text);
        Some(self.asked.write_in_background(failure))
    }

    /// Records that are to be written while the run continues.
    pub(crate) fn take_work(&self) -> Vec<StoreFuture<'static, ()>> {
        std::mem::take(&mut self.progress().work)
    }

    pub(super) fn asked(&self) -> &Asked {
        &self.asked
    }

    fn progress(&self) -> MutexGuard<'_, Progress> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self, path: &str, change: String) -> JournalError {
        JournalError::GraphChanged { run: self.id().to_owned(), path: path.to_owned(), change }
    }

    /// Whether everything that is recorded belongs to something that the workflow still has.
    pub(crate) fn check(&self, graph: &Graph) -> Result<(), JournalError> {
        if self.reruns {
            return Ok(());
        }
        match self.progress().records.removed_from(graph) {
            Some(path) => {
                Err(self.changed(path, "the workflow has no such step any more".to_owned()))
            }
            None => Ok(()),
        }
    }

    /// What is different from when the step was recorded; `None` if everything is the same.
    fn change(
        &self,
        step: &Site<'_>,
        progress: &Progress,
        before: Option<&Fingerprint>,
    ) -> Option<JournalError> {
        let changed = |change| Some(self.changed(step.path, change));
        let Some(before) = before else {
            return changed("its record has another form".to_owned());
        };
        let needs = Needs::of(step.graph, step.node);
        let now = Fingerprint::with(step, &needs);
        let is_moved = || now.moved(before, step, &self.module);
        if let Some(change) = now.change(before, step) {
            return changed(change);
        }
        if let Some(change) = self.moved.then(is_moved).flatten() {
            return changed(change);
        }
        before.other_value(&progress.given(step, &needs)).map(|value| JournalError::ValueChanged {
            run: self.id().to_owned(),
            step: step.path.to_string(),
            value: value.to_owned(),
        })
    }

    fn write(&self, mut record: Record) -> StoreFuture<'static, ()> {
        let mut progress = self.progress();
        if record.kind == Kind::Step
            && progress.records.find(&record.path, Kind::Step).is_some()
            && !progress.changes.is_requested(&record.path)
        {
            record.fingerprint = Fingerprint::again(&record.fingerprint);
        }
        progress.has_written = true;
        drop(progress);
        let asked = self.asked.clone();
        Box::pin(async move { asked.write(record).await })
    }

    /// What is stored with the record of the step.
    fn fingerprint(&self, step: &Site<'_>) -> Fingerprint {
        let needs = Needs::of(step.graph, step.node);
        let given = self.progress().given(step, &needs);
        Fingerprint::with(step, &needs).given(given).in_module(&self.module)
    }

    /// When the timer at this place ends, if it has begun.
    fn begun_timer(&self, step: &Site<'_>) -> Option<Timestamp> {
        let progress = self.progress();
        let timer = progress.records.find(step.path, Kind::Timer)?;
        // A step that runs again because it failed, or because of another step, waits anew.
        let failed = progress.records.find(step.path, Kind::Failure);
        let over = failed.is_some_and(|failed| failed.order > timer.order)
            || progress.records.find(step.path, Kind::Step).is_some()
            || progress.changes.concern(step, timer.order);
        if over { None } else { timer.output.parse().ok().map(Timestamp) }
    }

    fn write_later(&self, record: Record) {
        let write = self.write(record);
        self.progress().work.push(write);
    }
}

impl Recording for JournalRecording {
    fn look_up(&self, step: &Site<'_>) -> LookUp {
        let mut progress = self.progress();
        let progress = &mut *progress;
        progress.records.adopt(step);
        if let Some(undone) = progress.records.undone_for_good(step.path)
            && !progress.undoes
        {
            progress.records.redo(step.path);
            progress.changes.add(step, undone);
            return LookUp::Run;
        }
        if !progress.undoes && progress.records.rerun_requested(step) {
            return LookUp::Run;
        }
        let recorded = if progress.undoes {
            // A step that is already undone must be available all the same: what depended on it
            // might still have to be undone.
            progress.records.find(step.path, Kind::Step)
        } else {
            // What depended on it before used the value it had then, even if it has run since.
            if let Some(undone) = progress.records.undone_at(step.path) {
                progress.changes.add(step, undone);
            }
            progress.records.completed(step.path)
        };
        let Some(recorded) = recorded else {
            if progress.undoes {
                return LookUp::Wait;
            }
            // The call of a workflow that was cut off, with something in it that is recorded.
            progress.changes.rerun(step, 0);
            if let Some(error) = self.lost_before(progress, step) {
                progress.stop(error);
                return LookUp::Wait;
            }
            return LookUp::Run;
        };
        // A step that has changed can still be undone, as long as its value can be read.
        let undoes = progress.undoes && self.reruns;
        if !progress.undoes && progress.changes.rerun(step, recorded.order) {
            return LookUp::Run;
        }
        let before = Fingerprint::read(&recorded.fingerprint);
        match self.change(step, progress, before.as_ref()) {
            change if change.is_none() || undoes => {
                // There may have been a crash before what depends on it was run again as well.
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
                progress.stopped = progress.stopped.take().or(change);
                LookUp::Wait
            }
        }
    }

    fn poll_held(&self, cx: &Context<'_>) -> Poll<()> {
        self.asked.held().poll(cx)
    }

    fn attempts_before(&self, step: &Site<'_>) -> Before {
        if self.asked.epoch() <= 1 {
            return Before::default();
        }
        let none = Before { counts: true, ..Before::default() };
        if self.last == LastGo::Failed {
            return none;
        }
        let progress = self.progress();
        let records = &progress.records;
        let age = |then: Timestamp| {
            let millis = self.now().0.saturating_sub(then.0);
            Some(Duration::from_millis(u64::try_from(millis).unwrap_or_default()))
        };
        let done = records.find(step.path, Kind::Step);
        let failed = records.find(step.path, Kind::Failure);
        let failed = |since: usize| {
            failed.filter(|failed| failed.order >= since).map_or(0, |failed| failed.attempts)
        };
        if let Some(begun) = records.find(step.path, Kind::Attempt) {
            // A step that has completed since, and runs again for another reason, is counted anew.
            if done.is_some_and(|done| done.order > begun.order) {
                return none;
            }
            let before = begun.output.parse().unwrap_or_default();
            // If the process gave up its lease, it did not die of what it ran.
            let cut_off =
                if self.last == LastGo::Died { begun.attempts } else { begun.attempts - 1 };
            let failed = failed(begun.order).max(before);
            return Before { failed, cut_off, since: age(begun.started), ..none };
        }
        // In the first turn, the step began as soon as its dependencies were available.
        let (graph, nodes) = (step.graph, step.graph.nodes());
        let mut ready = self.created;
        for need in Needs::of(graph, step.node).steps {
            match records.completed(&step.path_of(need)) {
                Some(recorded) => ready = ready.max(recorded.finished),
                // A dependency in another item, or in an arm that was not chosen.
                None if nodes[need].parent() != nodes[step.node].parent() => {}
                None => return none,
            }
        }
        let cut_off = u32::from(self.last == LastGo::Died);
        Before { failed: failed(0), cut_off, since: age(ready), ..none }
    }

    fn begins(&self, attempt: Record) -> StoreFuture<'static, ()> {
        self.write(attempt)
    }

    fn completed(&self, step: &Site<'_>, mut completion: Record) -> StoreFuture<'static, ()> {
        completion.fingerprint = self.fingerprint(step).to_json();
        self.write(completion)
    }

    fn lost(&self, step: &Site<'_>, mut problem: Record) -> StoreFuture<'static, ()> {
        problem.fingerprint = self.fingerprint(step).lost().to_json();
        self.write(problem)
    }

    fn now(&self) -> Timestamp {
        self.asked.now()
    }

    fn timer(&self, step: &Site<'_>, duration: Duration) -> StoreFuture<'static, ()> {
        let (until, write) = match self.begun_timer(step) {
            Some(until) => (until, None),
            None => {
                let now = self.now();
                let until = now.after(duration);
                let record = Record::new(&**step.path, Kind::Timer, until.0.to_string(), now);
                (until, Some(self.write(record)))
            }
        };
        let asked = self.asked.clone();
        Box::pin(wait_until(until, write, move || asked.now()))
    }

    fn signal(
        &self,
        name: &str,
        takes: Takes,
        limit: StoreFuture<'static, ()>,
    ) -> StoreFuture<'static, Option<String>> {
        // A signal that the macro has not seen, such as one in a workflow from another `workflow!`.
        let unknown = {
            let mut progress = self.progress();
            progress.signals.add(name).then(|| progress.signals.clone())
        };
        if let Some(known) = unknown {
            let record = known_signals::record(&known, self.now());
            let asked = self.asked.clone();
            self.progress().work.push(Box::pin(async move { asked.write(record).await }));
        }
        let sent = Arc::clone(&self.sent);
        Box::pin(taken_signal(self.asked.clone(), sent, name.to_owned(), takes, limit))
    }

    fn refused(&self, refusal: Record) {
        let is_new = {
            let progress = self.progress();
            let known = progress.records.find(&refusal.path, Kind::Refusal);
            known.is_none_or(|known| *known.output != *refusal.output)
        };
        if is_new {
            self.write_later(refusal);
        }
    }

    fn items(&self, fan_out: &Site<'_>, items: &[Option<Identity>]) -> Items {
        let path = &**fan_out.path;
        let now = KeptItems::of(items);
        let replays_only = self.undoes();
        let compared = {
            let mut progress = self.progress();
            let progress = &mut *progress;
            progress.records.adopt(fan_out);
            let recorded = progress.records.find(path, Kind::Items);
            let recorded =
                recorded.filter(|recorded| !progress.changes.concern(fan_out, recorded.order));
            recorded.map(|recorded| {
                let before = KeptItems::read(&recorded.output, &recorded.fingerprint);
                let compared = places(&before, &now);
                match &compared {
                    Comparison::Other { .. } if self.reruns => {
                        progress.changes.add_items(fan_out, before.places(), usize::MAX);
                    }
                    // There may have been a crash before what depends on the items was run again as
                    // well.
                    Comparison::Same(_) if before.again => {
                        progress.changes.add_items(fan_out, before.places(), recorded.order);
                    }
                    Comparison::Other { .. } | Comparison::Same(_) => {}
                }
                compared
            })
        };
        let (places, kept) = match compared {
            Some(Comparison::Same(places)) => return Items { places, write: None, replays_only },
            Some(Comparison::Other { change, .. }) if !self.reruns => {
                self.progress().stop(self.changed(path, change));
                let places = (0..items.len()).collect();
                return Items {
                    places,
                    write: Some(Box::pin(std::future::pending())),
                    replays_only,
                };
            }
            Some(Comparison::Other { places, kept, .. }) => (places, kept),
            None => ((0..items.len()).collect(), now),
        };
        let mut record = Record::new(path, Kind::Items, items.len().to_string(), self.now());
        record.fingerprint = kept.to_json();
        let write = self.write(record);
        Items { places, write: Some(write), replays_only }
    }

    fn note(&self, path: String, note: Note) {
        self.progress().notes.add(path, note);
    }

    fn chose(&self, branch: &Site<'_>, arm: usize) {
        let mut progress = self.progress();
        let progress = &mut *progress;
        // To undo what another arm has done, that arm has to be chosen again.
        if self.reruns && !progress.undoes {
            return;
        }
        let note = progress.notes.get(branch.path);
        let Some(other) = progress.records.ran_another_arm(branch, arm, note) else { return };
        // What the choice depends on may have run again, and the choice may differ for that reason.
        if progress.changes.concern(branch, other.order) {
            return;
        }
        let value = branch.graph.nodes()[branch.node].path().to_owned();
        let (run, step) = (self.id().to_owned(), other.path.to_owned());
        let error = JournalError::ValueChanged { run, step, value };
        progress.stop(error);
    }

    fn failed(&self, failure: Record) {
        let error = serde_json::from_str(&failure.output);
        self.progress().failure = error.unwrap_or_default();
        self.write_later(failure);
    }

    fn panicked(&self, failure: Record) {
        self.progress().panicked = Some(failure);
    }

    fn undoing(&self) -> Option<StoreFuture<'static, ()>> {
        let mut progress = self.progress();
        if progress.undoes {
            return None;
        }
        progress.undoes = true;
        let output = as_json(&progress.failure);
        drop(progress);
        Some(self.write(Record::new("", Kind::Compensation, output, self.now())))
    }

    fn undone(&self, mut compensation: Record) -> StoreFuture<'static, ()> {
        let times = {
            let mut progress = self.progress();
            let path = &compensation.path;
            if compensation.output == UNDONE {
                progress.not_undone.remove(path);
                progress.records.times_undone_itself(path) + 1
            } else {
                let error = serde_json::from_str(&compensation.output).unwrap_or_default();
                progress.not_undone.insert(path.clone(), error);
                progress.records.times_undone_itself(path)
            }
        };
        compensation.fingerprint =
            serde_json::to_string(&Undone { times }).expect("it is a number");
        self.write(compensation)
    }

    fn is_undone(&self, path: &str) -> bool {
        self.progress().records.undone_for_good(path).is_some()
    }

    fn times_undone(&self, path: &str) -> u32 {
        self.progress().records.times_undone(path)
    }

    fn stop(&self, step: Option<&str>, why: Stop) {
        self.progress().stop(stopped(self.id(), step, why));
    }

    fn id(&self) -> &str {
        self.asked.run()
    }
}

impl JournalRecording {
    /// Why the step must not run again although it is not recorded: it has done its work, and its
    /// output could not be recorded.
    fn lost_before(&self, progress: &Progress, step: &Site<'_>) -> Option<JournalError> {
        let failure = progress.records.find(step.path, Kind::Failure)?;
        let before = Fingerprint::read(&failure.fingerprint).filter(|before| before.lost)?;
        if self.reruns || Fingerprint::of(step).change(&before, step).is_some() {
            return None;
        }
        Some(JournalError::Value {
            run: self.id().to_owned(),
            what: step.path.to_string(),
            attempted: "recorded",
            problem: serde_json::from_str(&failure.output).unwrap_or_default(),
        })
    }
}
