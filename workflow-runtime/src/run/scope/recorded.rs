//! What a scope asks, and tells, whatever keeps the record of its run.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use workflow_journal::{Kind, Record, StoreFuture, Timestamp};

use super::{Place, Scope, State};
use crate::graph::NodeKind;
use crate::run::EventKind;
use crate::run::in_flight::{InFlight, Writing};
use crate::run::info::{Info, RecordedTypes};
use crate::run::recording::{
    Before, Identity, Items, LookUp, Note, Recording, Site, Stop, as_json,
};
use crate::run::shared::Shared;
use crate::run::subject::Subject;

impl Scope {
    /// The records in flight of a workflow that starts, if its run is recorded.
    pub(super) fn in_flight_of(run: &Shared, outside: Option<&Self>) -> Option<Arc<InFlight>> {
        let all = run.in_flight()?;
        let caller = outside.and_then(|outside| outside.in_flight.as_ref()).unwrap_or(all);
        Some(InFlight::called_by(caller))
    }

    /// The records of this workflow that are being written.
    pub(crate) fn in_flight(&self) -> Option<&Arc<InFlight>> {
        self.in_flight.as_ref()
    }

    fn poll_replayed(&self, cx: &Context<'_>) -> Poll<()> {
        self.in_flight.as_ref().map_or(Poll::Ready(()), |in_flight| in_flight.poll_replayed(cx))
    }

    fn ends(&self) -> bool {
        self.in_flight.as_ref().is_some_and(|in_flight| in_flight.ends())
    }

    /// The workflow here is about to be undone.
    pub(crate) fn undoing(&self) -> Option<StoreFuture<'static, ()>> {
        let outermost = !self.is_item && self.path.is_empty();
        let recording = Arc::clone(self.run.recording().filter(|_| outermost)?);
        let write = recording.undoing()?;
        Some(Box::pin(async move {
            if let Err(error) = write.await {
                // After a crash, a run that is half undone would be continued.
                recording.stop(None, Stop::Store(error));
                std::future::pending::<()>().await;
            }
            Ok(())
        }))
    }

    /// What happens to the step `node` of a recorded run instead of starting; nothing if it has
    /// started or may start.
    pub(crate) fn before_start(
        &self,
        node: usize,
        info: &dyn Fn() -> Info,
        cx: &Context<'_>,
    ) -> Option<BeforeStart> {
        let recording = self.run.recording()?;
        if self.node(node)?.state() != State::Waiting {
            return None;
        }
        let subject = self.subject(node);
        let info = info();
        let RecordedTypes { output, function } = info.recorded;
        let site = Site { output, function, ..self.site(node, &subject.path) };
        match recording.look_up(&site) {
            // A workflow that is about to end starts nothing more.
            LookUp::Run if self.ends() => Some(BeforeStart::Waits),
            // Nothing new starts before all that is recorded has been replayed.
            LookUp::Run if info.graph.is_none() && self.poll_replayed(cx).is_pending() => {
                Some(BeforeStart::Waits)
            }
            LookUp::Run => recording.poll_held(cx).is_pending().then_some(BeforeStart::Waits),
            // Its own steps are asked about one by one, and may have to be undone.
            LookUp::Wait if info.graph.is_some() => None,
            LookUp::Wait => Some(BeforeStart::Waits),
            LookUp::Recorded(json) => Some(BeforeStart::Replays(Recorded { json, subject })),
        }
    }

    /// The step `node` is replayed: `recorded` has been read.
    pub(crate) fn replayed(&self, node: usize, recorded: &Recorded) {
        self.over(node);
        self.span().tell(self.run.id(), &recorded.subject, &EventKind::Replayed);
        self.run.emit(&recorded.subject, EventKind::Replayed);
    }

    /// The run cannot continue, because `recorded` cannot be read.
    pub(crate) fn stop_at_unreadable(&self, recorded: &Recorded, error: &serde_json::Error) {
        if let Some(recording) = self.run.recording() {
            recording.stop(Some(&recorded.subject.path), Stop::Unreadable(error.to_string()));
        }
    }

    /// The fan-out `node` has these items. Returns where the records of each are, and what to
    /// wait for before they start.
    pub(crate) fn items(&self, node: usize, items: &[Option<Identity>]) -> Items {
        let Some(recording) = self.run.recording() else {
            let places = (0..items.len()).collect();
            return Items { places, write: None, replays_only: false };
        };
        let subject = self.subject(node);
        recording.items(&self.site(node, &subject.path), items)
    }

    /// Whether the run is recorded.
    pub(crate) fn is_recorded(&self) -> bool {
        self.run.recording().is_some()
    }

    /// The run cannot continue, because of `node`.
    pub(crate) fn stop_at(&self, node: usize, why: Stop) {
        if let Some(recording) = self.run.recording() {
            recording.stop(Some(&self.path(node)), why);
        }
    }

    /// Notes the outcome of a node, if the run is recorded.
    pub(crate) fn note(&self, node: usize, note: impl FnOnce() -> Option<Note>) {
        if let Some(recording) = self.run.recording()
            && let Some(note) = note()
        {
            recording.note(self.path(node).to_string(), note);
        }
    }

    /// The step `node`, whose path this is, where the types of its record do not matter.
    fn site<'s>(&self, node: usize, path: &'s Arc<str>) -> Site<'s> {
        Site { path, graph: self.graph, node, output: "", function: "" }
    }

    fn choice(&self, branch: usize, chosen: usize) -> String {
        let arms = match self.graph.nodes()[branch].kind() {
            NodeKind::Branch { arms } => arms,
            _ => &[],
        };
        // An `if` without `else` has one more arm than is written.
        let arm = arms.get(chosen).copied().unwrap_or("else");
        format!("arm {arm}")
    }

    /// A branch has chosen this arm.
    pub(super) fn note_choice(&self, branch: usize, chosen: usize) {
        if let Some(recording) = self.run.recording() {
            recording
                .note(self.path(branch).to_string(), Note::Choice(self.choice(branch, chosen)));
            let subject = self.subject(branch);
            recording.chose(&self.site(branch, &subject.path), chosen);
        }
    }
}

impl Place<'_> {
    fn recorded(self) -> Option<(Arc<Scope>, usize, Arc<dyn Recording>)> {
        let (scope, node) = self.step()?;
        let recording = Arc::clone(scope.run.recording()?);
        Some((scope, node, recording))
    }

    /// Counts an attempt at the step here before it begins, if a crash in it has to count.
    /// Returns nothing if it does not have to be counted.
    pub(crate) fn begin(self, max_attempts: u32) -> Option<Begin> {
        let (scope, node, recording) = self.recorded()?;
        let step = scope.step(node)?;
        let subject = scope.subject(node);
        let path = &subject.path;
        let Before { failed, cut_off, since, counts } =
            recording.attempts_before(&scope.site(node, path));
        // A step with one attempt gets it each time; only its deadline carries over.
        if max_attempts > 1 && cut_off >= max_attempts {
            recording.stop(Some(path), Stop::Exhausted(cut_off));
            return Some(Begin::Never);
        }
        // The last attempt may have failed and its process died before the run ended.
        let failed = failed.min(max_attempts - 1);
        step.begin_after(failed, since);
        if !counts {
            return None;
        }
        let now = recording.now();
        let ago = i64::try_from(since.unwrap_or_default().as_millis()).unwrap_or(i64::MAX);
        let mut begun = Record::new(&**path, Kind::Attempt, failed.to_string(), now);
        begun.started = Timestamp(now.0.saturating_sub(ago));
        begun.attempts = cut_off + 1;
        Some(Begin::After(recording.begins(begun)))
    }

    /// Records the output of the step here, if its run is recorded.
    pub(crate) fn record(
        self,
        (output, function): (&'static str, &'static str),
        json: serde_json::Result<String>,
    ) -> Option<Outgoing> {
        let (scope, node, recording) = self.recorded()?;
        let subject = scope.subject(node);
        let site = Site { output, function, ..scope.site(node, &subject.path) };
        let step = scope.step(node)?;
        Some(match json {
            Ok(json) => Outgoing {
                write: recording.completed(&site, step.completion(json)),
                lost: None,
                _writing: scope.in_flight.as_ref().map(InFlight::begin),
            },
            Err(error) => Outgoing {
                write: recording.lost(&site, step.problem(&error.to_string())),
                lost: Some(Stop::Unrecordable(error.to_string())),
                _writing: None,
            },
        })
    }

    /// Waits until nothing in the workflow of this step is being written: the step has failed,
    /// and the workflow is about to end.
    pub(crate) fn poll_end(self, cx: &Context<'_>) -> Poll<()> {
        let Some((scope, _)) = self.step() else { return Poll::Ready(()) };
        let Some(in_flight) = &scope.in_flight else { return Poll::Ready(()) };
        in_flight.end();
        in_flight.poll_settled(cx)
    }

    /// A future that waits as long as the timer here, if the run is recorded.
    pub(crate) fn timer(self, duration: Duration) -> Option<StoreFuture<'static, ()>> {
        let (scope, node, recording) = self.recorded()?;
        let subject = scope.subject(node);
        Some(recording.timer(&scope.site(node, &subject.path), duration))
    }

    /// Waits for a signal, if the run is recorded. The future returns nothing if there is none
    /// when the limit is over.
    pub(crate) fn signal(
        self,
        name: &str,
        reads: fn(&str) -> serde_json::Result<()>,
        limit: Option<Duration>,
    ) -> Option<StoreFuture<'static, Option<String>>> {
        let (scope, node, recording) = self.recorded()?;
        let (subject, signal) = (scope.subject(node), name.to_owned());
        let (run, refusing) = (Arc::clone(&scope.run), Arc::clone(&recording));
        let span = scope.step(node).map(|step| step.span().clone()).unwrap_or_default();
        let takes = move |value: &str| {
            let Err(error) = reads(value) else { return true };
            let error = error.to_string();
            let text = format!("signal `{signal}` cannot be read: {error}");
            let (path, now) = (&*subject.path, refusing.now());
            refusing.refused(Record::new(path, Kind::Refusal, as_json(&text), now));
            let refused = EventKind::SignalRefused { signal: signal.clone(), error };
            span.tell(run.id(), &subject, &refused);
            run.emit(&subject, refused);
            false
        };
        let timer = limit.and_then(|limit| self.timer(limit));
        let limit = timer.unwrap_or_else(|| Box::pin(std::future::pending()));
        Some(recording.signal(name, Box::new(takes), limit))
    }

    /// The run cannot continue, because of the step here.
    pub(crate) fn stop(self, why: Stop) {
        if let Some((scope, node)) = self.step() {
            scope.stop_at(node, why);
        }
    }
}

/// What happens to a step instead of starting.
pub(crate) enum BeforeStart {
    /// It waits.
    Waits,
    /// Its output is what is recorded.
    Replays(Recorded),
}

/// What is recorded of a step.
pub(crate) struct Recorded {
    pub(crate) json: Arc<str>,
    subject: Subject,
}

/// How an attempt at a step begins.
pub(crate) enum Begin {
    /// Not at all: there have been as many as there may be.
    Never,
    /// When this is written.
    After(StoreFuture<'static, ()>),
}

/// A step's output, on its way to the store.
pub(crate) struct Outgoing {
    pub(crate) write: StoreFuture<'static, ()>,
    /// It cannot be recorded, and what is written says so: the step must not run again.
    pub(crate) lost: Option<Stop>,
    /// While it lives, the record counts as being written.
    pub(crate) _writing: Option<Writing>,
}
