//! A running step.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::{Instant, Sleep, sleep};
#[cfg(feature = "durable")]
use workflow_journal::{Kind, Record, StoreError, StoreFuture, Timestamp};

use crate::run::EventKind;
use crate::run::clock::Moment;
#[cfg(feature = "durable")]
use crate::run::in_flight::{InFlight, Writing};
use crate::run::info::Failure;
#[cfg(feature = "durable")]
use crate::run::recording::{Stop, UNDONE, as_json};
use crate::run::scope::Root;
use crate::run::shared::Shared;
use crate::run::subject::Subject;
use crate::run::trace::Span;

/// What a run knows about one step, from its start to its end. The step's own code reaches it
/// through the thread's current place. A step about which nothing more than its start becomes
/// known, as is most often so, needs none.
pub(crate) struct Running {
    run: Arc<Shared>,
    subject: Subject,
    span: Span,
    since: Instant,
    attempts: AtomicU32,
    /// How many milliseconds before its start in this process it began in another one.
    begun_before: AtomicU64,
    /// What a retry loop decided about its last failure: [`UNKNOWN`], [`PERMANENT`] or
    /// [`RETRYABLE`]. The loop knows more than the error does.
    verdict: AtomicU8,
    /// Boxed, because hardly any run has such a step, and there may be a million steps.
    slower: Option<Box<Slower>>,
    /// It is the step's compensation.
    undoes: bool,
    /// It has panicked, and that has been reported.
    panicked: AtomicBool,
}

/// How a run makes a step slower.
struct Slower {
    /// By how much, in each attempt.
    by: Duration,
    /// The wait before the first attempt, if the step's own code does not apply it.
    wait: Mutex<Option<Pin<Box<Sleep>>>>,
}

const UNKNOWN: u8 = 0;
const PERMANENT: u8 = 1;
const RETRYABLE: u8 = 2;

impl Running {
    /// Starts a step and reports that. `workflow` is the span of its workflow.
    ///
    /// A step that `delays_itself` does so within its attempts.
    pub(crate) fn start(
        run: &Arc<Shared>,
        subject: Subject,
        delays_itself: bool,
        workflow: Option<&Span>,
    ) -> Arc<Self> {
        let slower = run.delay_of(&subject.path).map(|by| {
            let wait = if delays_itself { None } else { Some(Box::pin(sleep(by))) };
            Box::new(Slower { by, wait: Mutex::new(wait) })
        });
        let span = Span::step(run.id(), &subject, workflow);
        let now = run.now();
        let running = Self { slower, ..Self::new(run, subject, span, now.at) };
        running.emit_at(now, EventKind::Started);
        Arc::new(running)
    }

    /// What is known about a step that started at this moment, which has been reported.
    pub(crate) fn since(run: &Arc<Shared>, subject: Subject, since: Instant) -> Arc<Self> {
        Arc::new(Self::new(run, subject, Span::none(), since))
    }

    fn new(run: &Arc<Shared>, subject: Subject, span: Span, since: Instant) -> Self {
        Self {
            run: Arc::clone(run),
            subject,
            span,
            since,
            attempts: AtomicU32::new(1),
            begun_before: AtomicU64::new(0),
            verdict: AtomicU8::new(UNKNOWN),
            slower: None,
            undoes: false,
            panicked: AtomicBool::new(false),
        }
    }

    /// By how much the run delays each attempt.
    pub(crate) fn delay(&self) -> Option<Duration> {
        self.slower.as_ref().map(|slower| slower.by)
    }

    /// Waits before the step's own code is polled for the first time.
    pub(crate) fn poll_delay(&self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(slower) = &self.slower else { return Poll::Ready(()) };
        let mut wait = slower.wait.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(timer) = wait.as_mut() {
            std::task::ready!(timer.as_mut().poll(cx));
            *wait = None;
        }
        Poll::Ready(())
    }

    pub(crate) fn span(&self) -> &Span {
        &self.span
    }

    pub(crate) fn run(&self) -> &Arc<Shared> {
        &self.run
    }

    /// Its path; for a compensation, the path of the step that is undone.
    pub(crate) fn path(&self) -> &Arc<str> {
        &self.subject.path
    }

    /// The current attempt has failed, and there will be another one after `delay`.
    pub(crate) fn retrying(&self, delay: Duration, error: String) {
        #[cfg(feature = "durable")]
        self.record_failure(&error);
        let attempt = self.attempts.fetch_add(1, Ordering::Relaxed);
        self.emit(EventKind::Retrying { attempt, delay, error });
    }

    /// The attempt that [`Running::retrying`] announced will not take place.
    pub(crate) fn stays_at_last(&self) {
        let announced = self.attempts.fetch_sub(1, Ordering::Relaxed);
        self.span.attempt(announced - 1);
    }

    /// The failure that the step returns next is of this kind.
    pub(crate) fn judged(&self, retryable: bool) {
        self.verdict.store(if retryable { RETRYABLE } else { PERMANENT }, Ordering::Relaxed);
    }

    /// The step has returned.
    pub(crate) fn returned(&self, failure: Option<Failure>) {
        #[cfg(feature = "durable")]
        if let Some(failure) = &failure {
            self.record_failure(&failure.error);
        }
        self.emit_end(|duration, attempts| match failure {
            Some(Failure { error, retryable }) => {
                let retryable = match self.verdict.load(Ordering::Relaxed) {
                    UNKNOWN => retryable,
                    verdict => verdict == RETRYABLE,
                };
                EventKind::Failed { duration, attempts, error, retryable }
            }
            None => EventKind::Completed { duration, attempts },
        });
    }

    /// The record of the step, which has just returned `output`.
    #[cfg(feature = "durable")]
    pub(crate) fn completion(&self, output: String) -> Record {
        self.outcome(Kind::Step, output)
    }

    /// The record of the step, whose output cannot be recorded.
    #[cfg(feature = "durable")]
    pub(crate) fn problem(&self, problem: &str) -> Record {
        self.outcome(Kind::Failure, as_json(problem))
    }

    /// There were this many attempts in earlier executions of the run, the first of them this long
    /// ago.
    #[cfg(feature = "durable")]
    pub(crate) fn begin_after(&self, attempts: u32, since: Option<Duration>) {
        self.attempts.store(attempts + 1, Ordering::Relaxed);
        if attempts > 0 {
            self.span.attempt(attempts + 1);
        }
        let millis = since.unwrap_or_default().as_millis();
        self.begun_before.store(u64::try_from(millis).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// Which attempt it is, counted from 1.
    pub(crate) fn attempt(&self) -> u32 {
        self.attempts.load(Ordering::Relaxed)
    }

    /// How long before the first attempt in this process the step began in another one.
    pub(crate) fn begun_before(&self) -> Duration {
        Duration::from_millis(self.begun_before.load(Ordering::Relaxed))
    }

    /// The step has panicked: reports it.
    pub(crate) fn panicked(&self) {
        self.span.panicked();
        // The panic of a task comes out of both the task and the step that waits for it.
        if self.panicked.swap(true, Ordering::Relaxed) {
            return;
        }
        self.emit_end(|duration, attempts| {
            if self.undoes {
                let error = "panicked".to_owned();
                EventKind::CompensationFailed { duration, attempts, error }
            } else {
                EventKind::Panicked { duration, attempts }
            }
        });
    }

    /// The step has panicked: records it.
    #[cfg(feature = "durable")]
    pub(crate) fn record_panic(&self) {
        if let Some(recording) = self.run.recording() {
            recording.panicked(self.outcome(Kind::Failure, as_json("panicked")));
        }
    }

    /// The step's compensation has returned: writes a record of that, if the run is recorded.
    #[cfg(feature = "durable")]
    pub(crate) fn record_undone(
        &self,
        failure: Option<&Failure>,
    ) -> Option<StoreFuture<'static, ()>> {
        let recording = self.run.recording()?;
        let output = failure.map_or_else(|| UNDONE.to_owned(), |failure| as_json(&failure.error));
        Some(recording.undone(self.outcome(Kind::Compensation, output)))
    }

    #[cfg(feature = "durable")]
    fn record_failure(&self, error: &str) {
        if let Some(recording) = self.run.recording() {
            recording.failed(self.outcome(Kind::Failure, as_json(error)));
        }
    }

    #[cfg(feature = "durable")]
    fn outcome(&self, kind: Kind, output: String) -> Record {
        let finished = match self.run.recording() {
            Some(recording) => recording.now(),
            None => Timestamp::now(),
        };
        let took = i64::try_from(self.since.elapsed().as_millis()).unwrap_or(i64::MAX);
        let mut record = Record::new(&*self.subject.path, kind, output, finished);
        record.started = Timestamp(finished.0.saturating_sub(took));
        record.attempts = self.attempts.load(Ordering::Relaxed);
        record
    }

    /// A key that is the same for all attempts of this step in this run, and for nothing else. A
    /// step that runs again after it was undone is to do something new.
    #[cfg(feature = "durable")]
    pub(crate) fn key(&self) -> String {
        if let Some(caller) = self.run.caller() {
            return caller.key();
        }
        let (run, path) = (self.run.key(), &self.subject.path);
        let undone = self.run.recording().map_or(0, |recording| recording.times_undone(path));
        let undoes = if self.undoes { "/undo" } else { "" };
        match undone {
            0 => format!("{run}/{path}{undoes}"),
            _ => format!("{run}/{path}{undoes}/{}", undone + 1),
        }
    }

    /// The place of the compensation.
    pub(crate) fn root(&self) -> Root {
        Root::at(Arc::clone(&self.run), Arc::clone(&self.subject.path))
    }

    /// The compensation has returned.
    pub(crate) fn compensated(&self, failure: Option<Failure>) {
        self.emit_end(|duration, attempts| match failure {
            Some(Failure { error, .. }) => {
                EventKind::CompensationFailed { duration, attempts, error }
            }
            None => EventKind::Compensated { duration, attempts },
        });
    }

    /// Reports its end, given how long and how often it ran.
    fn emit_end(&self, kind: impl FnOnce(Duration, u32) -> EventKind) {
        let now = self.run.now();
        let attempts = self.attempts.load(Ordering::Relaxed);
        self.emit_at(now, kind(now.at - self.since, attempts));
    }

    /// The step was dropped before it returned.
    pub(crate) fn cancelled(&self) {
        if !self.panicked.load(Ordering::Relaxed) {
            self.emit(EventKind::Cancelled);
        }
    }

    fn emit(&self, kind: EventKind) {
        self.emit_at(self.run.now(), kind);
    }

    fn emit_at(&self, now: Moment, kind: EventKind) {
        self.span.tell(self.run.id(), &self.subject, &kind);
        if self.run.is_observed() {
            self.run.emit_at(now, self.subject.clone(), kind);
        }
    }
}

/// A step that has completed and may have to be undone.
pub(crate) struct Compensation {
    run: Arc<Shared>,
    subject: Subject,
}

impl Compensation {
    /// The run cannot continue, because the store has failed.
    #[cfg(feature = "durable")]
    pub(crate) fn stop(&self, error: StoreError) {
        if let Some(recording) = self.run.recording() {
            recording.stop(Some(&self.subject.path), Stop::Store(error));
        }
    }

    pub(crate) fn new(run: &Arc<Shared>, subject: Subject) -> Self {
        Self { run: Arc::clone(run), subject }
    }

    /// Whether an earlier execution of the run has already undone the step.
    #[cfg(feature = "durable")]
    pub(crate) fn is_done(&self) -> bool {
        self.run.recording().is_some_and(|recording| recording.is_undone(&self.subject.path))
    }

    /// Its record counts as being written until the returned value is dropped.
    #[cfg(feature = "durable")]
    pub(crate) fn writing(&self) -> Option<Writing> {
        self.run.in_flight().map(InFlight::begin)
    }

    /// The compensation starts.
    pub(crate) fn start(&self) -> Arc<Running> {
        let span = Span::compensation(self.run.id(), &self.subject);
        let running = Running::new(&self.run, self.subject.clone(), span, Instant::now());
        Arc::new(Running { undoes: true, ..running })
    }
}
