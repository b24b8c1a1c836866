//! The recording of a run that a journal keeps.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::future::{Either, select};
use tokio::sync::Notify;
use tokio::time::timeout;
use workflow_journal::{Kind, Record, StoreFuture, Timestamp};

use crate::durable::JournalError;
use crate::durable::asked::Asked;
use crate::durable::changes::Changes;
use crate::durable::error::stopped;
use crate::durable::fingerprint::{Fingerprint, Needs};
use crate::durable::items::{Comparison, KeptItems, places};
use crate::durable::known_signals::{self, KnownSignals};
use crate::durable::notes::Notes;
use crate::durable::records::{Records, Undone};
use crate::durable::until::wait_until;
use crate::graph::{Graph, NodeKind};
use crate::run::{
    Before, Identity, Items, LookUp, Note, Recording, Site, Stop, Takes, UNDONE, as_json,
};

/// How soon to look again for signals from other processes, at first and after a long time.
const LOOK_FIRST: Duration = Duration::from_millis(500);
const LOOK_LAST: Duration = Duration::from_secs(4);

/// Keeps the record of one run in a store.
pub(crate) struct JournalRecording {
    asked: Asked,
    /// A signal was sent through this journal.
    sent: Arc<Notify>,
    /// What has changed runs again.
    reruns: bool,
    /// The module that the workflow stood in when the run was started.
    module: String,
    /// It stands in another one now.
    moved: bool,
    /// How the last go at the run has ended.
    last: LastGo,
    /// When the run was started.
    created: Timestamp,
    progress: Mutex<Progress>,
}

/// How the last go at a run has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LastGo {
    /// There was none, or it was given up in good order.
    GivenUp,
    /// Its process has died.
    Died,
    /// With an error: attempts are counted anew.
    Failed,
}

/// What a journal says of a run.
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
    /// Nothing new starts; what has completed is undone.
    undoes: bool,
    /// What runs again, since it has changed.
    changes: Changes,
    /// The plain values and choices so far, by their paths.
    notes: Notes,
    /// The compensations that have failed, with their errors.
    not_undone: BTreeMap<String, String>,
    /// The record of the step that has panicked.
    panicked: Option<Record>,
    /// What is written while the run goes on.
    work: Vec<StoreFuture<'static, ()>>,
    /// Something was written in this go.
    has_written: bool,
    /// The signals that others know the run to wait for.
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
                // What it came of can be.
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
        Options { reruns, module, moved, last, created, signals }: Options,
    ) -> Self {
        let records = Records::new(records);
        let failure = records.undoes_for();
        let undoes = failure.is_some();
        let failure = failure.unwrap_or_default();
        let progress =
            Mutex::new(Progress { records, failure, undoes, signals, ..Progress::default() });
        Self { asked, sent, reruns, module, moved, last, created, progress }
    }

    /// Whether nothing new starts, and what has completed is undone.
    pub(crate) fn undoes(&self) -> bool {
        self.progress().undoes
    }

    /// Whether anything was written in this go.
    pub(super) fn has_written(&self) -> bool {
        self.progress().has_written
    }

    /// Whether there is anything to replay.
    pub(crate) fn has_records(&self) -> bool {
        !self.progress().records.is_empty()
    }

    /// From now on nothing new starts, and what has completed is undone.
    pub(crate) fn undo(&self) {
        self.progress().undoes = true;
    }

    /// Why the run has failed.
    pub(crate) fn failure(&self) -> String {
        self.progress().failure.clone()
    }

    /// The compensations that have failed, with their errors: what they should have undone is
    /// still to be.
    pub(crate) fn not_undone(&self) -> BTreeMap<String, String> {
        self.progress().not_undone.clone()
    }

    /// Why the run cannot go on, if so.
    pub(crate) fn stopped(&self) -> Option<JournalError> {
        self.progress().stopped.take()
    }

    /// Whether the run cannot go on.
    pub(crate) fn has_stopped(&self) -> bool {
        self.progress().stopped.is_some()
    }

    /// Writes down which step has panicked, if it was one, and with what text.
    pub(crate) fn panicked_with(&self, text: &str) -> Option<StoreFuture<'static, ()>> {
        let mut failure = self.progress().panicked.take()?;
        failure.output = as_json(text);
        Some(self.asked.write_in_background(failure))
    }

    /// What is to be written while the run goes on.
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

    /// Whether all that is recorded is of something that the workflow still has.
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

    /// What is not as it was when the step was recorded; nothing if all is.
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
        let step = record.kind == Kind::Step;
        if step && self.progress().records.find(&record.path, Kind::Step).is_some() {
            record.fingerprint = Fingerprint::again(&record.fingerprint);
        }
        self.progress().has_written = true;
        let asked = self.asked.clone();
        Box::pin(async move { asked.write(record).await })
    }

    /// What stands with the record of the step.
    fn fingerprint(&self, step: &Site<'_>) -> Fingerprint {
        let needs = Needs::of(step.graph, step.node);
        let given = self.progress().given(step, &needs);
        Fingerprint::with(step, &needs).given(given).in_module(&self.module)
    }

    /// When the timer here ends, if it has begun.
    fn begun_timer(&self, step: &Site<'_>) -> Option<Timestamp> {
        let progress = self.progress();
        let timer = progress.records.find(step.path, Kind::Timer)?;
        // Who runs a step again that had failed, or came of another one, waits anew.
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
        let recorded = if progress.undoes {
            // What is undone already has to be there all the same: what came of it may not be.
            progress.records.find(step.path, Kind::Step)
        } else {
            // What came of it before is of what it was then, also where it has run since.
            if let Some(undone) = progress.records.undone_at(step.path) {
                progress.changes.add(step, undone);
            }
            progress.records.completed(step.path)
        };
        let Some(recorded) = recorded else {
            if progress.undoes {
                return LookUp::Wait;
            }
            if let Some(error) = self.lost(progress, step) {
                progress.stop(error);
                return LookUp::Wait;
            }
            return LookUp::Run;
        };
        // What has changed can still be undone, if only its value can be read.
        let undoes = progress.undoes && self.reruns;
        if !progress.undoes && progress.changes.concern(step, recorded.order) {
            return LookUp::Run;
        }
        let before = Fingerprint::read(&recorded.fingerprint);
        match self.change(step, progress, before.as_ref()) {
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
            // One that has completed since, and runs again for another reason, is counted anew.
            if done.is_some_and(|done| done.order > begun.order) {
                return none;
            }
            let before = begun.output.parse().unwrap_or_default();
            // Where the process has given its lease up, it did not die of what it ran.
            let cut_off =
                if self.last == LastGo::Died { begun.attempts } else { begun.attempts - 1 };
            let failed = failed(begun.order).max(before);
            return Before { failed, cut_off, since: age(begun.started), ..none };
        }
        // In the first go it began as soon as what it needs was there.
        let (graph, nodes) = (step.graph, step.graph.nodes());
        let mut ready = self.created;
        for need in Needs::of(graph, step.node).steps {
            match records.completed(&step.path_of(need)) {
                Some(recorded) => ready = ready.max(recorded.finished),
                // One of another item, or of an arm that was not chosen.
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
        mut limit: StoreFuture<'static, ()>,
    ) -> StoreFuture<'static, Option<String>> {
        // One that the macro has not seen, such as that of a workflow of another one.
        let unknown = {
            let mut progress = self.progress();
            progress.signals.add(name).then(|| progress.signals.clone())
        };
        if let Some(known) = unknown {
            let record = known_signals::record(&known, self.now());
            let asked = self.asked.clone();
            self.progress().work.push(Box::pin(async move { asked.write(record).await }));
        }
        let (asked, name) = (self.asked.clone(), name.to_owned());
        let sent = Arc::clone(&self.sent);
        Box::pin(async move {
            let (mut over, mut pause, mut seen) = (false, LOOK_FIRST, 0);
            loop {
                // From before the look, so that nothing sent meanwhile is missed.
                let notified = sent.notified();
                let signals = asked.signals().await?.into_iter();
                // Those that were refused stay where they are.
                let new = signals.filter(|signal| signal.name == name).skip(seen);
                for signal in new {
                    if takes(&signal.value) {
                        return Ok(Some(signal.value));
                    }
                    seen += 1;
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
                    // A crash may have come before what comes of the items was run again, too.
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
        // What the choice came of may have run again, and be another for that.
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
    /// Why the step must not run again, although it is not recorded: it has done its work, and
    /// what it came to could not be.
    fn lost(&self, progress: &Progress, step: &Site<'_>) -> Option<JournalError> {
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
