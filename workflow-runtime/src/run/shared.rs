//! What all parts of one run share.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::time::Instant;

use crate::run::clock::{Clock, Moment};
use crate::run::delay::{Delay, delay_of};
#[cfg(feature = "durable")]
use crate::run::in_flight::InFlight;
use crate::run::info::{Failure, Info};
use crate::run::quietly::quietly;
#[cfg(feature = "durable")]
use crate::run::recording::Recording;
use crate::run::running::Running;
use crate::run::subject::Subject;
use crate::run::{Event, EventKind, Observer};

/// How many runs there are in the process. While there are none, no thread-local has to be
/// read, which would make a chain of small steps a tenth more expensive.
static RUNS: AtomicUsize = AtomicUsize::new(0);

/// Whether there is any run. Code that polls a run was handed it after it was counted.
#[inline]
pub(crate) fn any_run() -> bool {
    RUNS.load(Ordering::Relaxed) != 0
}

/// Makes every step look closer even if there is no run, until this is called again with
/// `false`.
pub(crate) fn look_closer(on: bool) {
    if on {
        RUNS.fetch_add(1, Ordering::Relaxed);
    } else {
        RUNS.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A run.
pub(crate) struct Shared {
    /// The id by which a journal knows it.
    id: Option<Arc<str>>,
    observers: Vec<Arc<dyn Observer>>,
    delays: Vec<Delay>,
    /// Whether each step needs more than the time of its start, whatever happens to it.
    tracks: bool,
    clock: Clock,
    /// The step that it is a part of.
    #[cfg(feature = "durable")]
    caller: Option<Arc<Running>>,
    #[cfg(feature = "durable")]
    recording: Option<Arc<dyn Recording>>,
    /// All records of the run that are being written.
    #[cfg(feature = "durable")]
    in_flight: Option<Arc<InFlight>>,
    #[cfg(feature = "durable")]
    key: std::sync::OnceLock<String>,
}

impl Shared {
    pub(crate) fn new(observers: Vec<Arc<dyn Observer>>, delays: Vec<Delay>) -> Arc<Self> {
        Arc::new(Self::plain(observers, delays))
    }

    fn plain(observers: Vec<Arc<dyn Observer>>, delays: Vec<Delay>) -> Self {
        RUNS.fetch_add(1, Ordering::Relaxed);
        Self {
            id: None,
            observers,
            tracks: !delays.is_empty(),
            delays,
            clock: Clock::new(),
            #[cfg(feature = "durable")]
            caller: None,
            #[cfg(feature = "durable")]
            recording: None,
            #[cfg(feature = "durable")]
            in_flight: None,
            #[cfg(feature = "durable")]
            key: std::sync::OnceLock::new(),
        }
    }

    /// A run that is recorded.
    #[cfg(feature = "durable")]
    pub(crate) fn recorded(
        observers: Vec<Arc<dyn Observer>>,
        recording: Arc<dyn Recording>,
    ) -> Arc<Self> {
        let mut run = Self::plain(observers, Vec::new());
        run.id = Some(Arc::from(recording.id()));
        run.recording = Some(recording);
        run.tracks = true;
        run.in_flight = Some(InFlight::of_run());
        Arc::new(run)
    }

    /// The run of a workflow that is called directly and has a subscriber. If code in the run with
    /// this id calls the workflow, it has that id. If a step's own code calls it, it is a part of
    /// that step and so has the step's key, as it would without a subscriber.
    #[cfg(feature = "tracing")]
    pub(crate) fn direct(id: Option<Arc<str>>, caller: Option<Arc<Running>>) -> Arc<Self> {
        let mut run = Self::plain(Vec::new(), Vec::new());
        run.id = id;
        #[cfg(feature = "durable")]
        {
            run.caller = caller;
        }
        #[cfg(not(feature = "durable"))]
        drop(caller);
        Arc::new(run)
    }

    /// The id by which a journal knows it, or the run that it is a part of.
    pub(crate) fn id(&self) -> Option<&Arc<str>> {
        self.id.as_ref()
    }

    /// The step that it is a part of.
    #[cfg(feature = "durable")]
    pub(crate) fn caller(&self) -> Option<&Arc<Running>> {
        self.caller.as_ref()
    }

    /// A key that is the same for all of this run, and for no other run: its id, if it has one.
    #[cfg(feature = "durable")]
    pub(crate) fn key(&self) -> &str {
        match &self.recording {
            Some(recording) => recording.id(),
            None => self.key.get_or_init(unique),
        }
    }

    /// All records of the run that are being written, if it is recorded.
    #[cfg(feature = "durable")]
    pub(crate) fn in_flight(&self) -> Option<&Arc<InFlight>> {
        self.in_flight.as_ref()
    }

    /// What keeps a record of the run.
    #[cfg(feature = "durable")]
    pub(crate) fn recording(&self) -> Option<&Arc<dyn Recording>> {
        self.recording.as_ref()
    }

    /// Whether each step has a [`Running`] from its start on: in a run that is recorded or that
    /// delays its steps.
    pub(crate) fn tracks_steps(&self) -> bool {
        self.tracks
    }

    /// Whether anything is told what happens.
    pub(crate) fn is_observed(&self) -> bool {
        !self.observers.is_empty()
    }

    pub(crate) fn delays(&self) -> &[Delay] {
        &self.delays
    }

    /// By how much [`Run::delay`](crate::Run::delay) delays the step with this path.
    pub(crate) fn delay_of(&self, path: &str) -> Option<Duration> {
        delay_of(&self.delays, path)
    }

    /// Reports what happens now.
    pub(crate) fn emit(&self, subject: &Subject, kind: EventKind) {
        if self.is_observed() {
            self.emit_at(self.now(), subject.clone(), kind);
        }
    }

    pub(crate) fn now(&self) -> Moment {
        self.clock.now()
    }

    /// The moment that is so many of the run's nanoseconds after its start.
    pub(crate) fn moment(&self, since_start: u64) -> Instant {
        self.clock.moment(since_start)
    }

    /// Reports what happens at this moment, which is now.
    pub(crate) fn emit_at(&self, now: Moment, subject: Subject, kind: EventKind) {
        if !self.is_observed() {
            return;
        }
        let Subject { workflow, graph, node, path } = subject;
        let (run_id, at, wall) = (self.id.clone(), now.at, self.clock.wall(now));
        let event = Event { run_id, workflow, path, graph, node, kind, at, wall };
        for observer in &self.observers {
            // A panic of an observer does not affect the run, which goes on.
            quietly(|| observer.on_event(&event));
        }
    }
}

/// A text that no other call returns.
#[cfg(feature = "durable")]
pub(crate) fn unique() -> String {
    use std::hash::BuildHasher as _;
    let random = std::hash::RandomState::new;
    format!("{:016x}{:016x}", random().hash_one(0), random().hash_one(1))
}

impl Drop for Shared {
    fn drop(&mut self) {
        RUNS.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A step that runs without a workflow around it.
pub(crate) struct SingleStep {
    running: Arc<Running>,
    done: bool,
}

impl SingleStep {
    pub(crate) fn start(run: &Arc<Shared>, info: &Info) -> Self {
        let subject = Subject::single(info.name);
        Self { running: Running::start(run, subject, info.delays_itself, None), done: false }
    }

    pub(crate) fn running(&self) -> &Arc<Running> {
        &self.running
    }

    pub(crate) fn finish(&mut self, failure: Option<Failure>) {
        self.done = true;
        self.running.returned(failure);
    }
}

impl Drop for SingleStep {
    fn drop(&mut self) {
        if !self.done {
            self.running.cancelled();
        }
    }
}
