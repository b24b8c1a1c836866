//! The place in a run that the thread is polling.
//!
//! While the body of a workflow or of an item is polled in a run, its scope is the thread's
//! current place, and the steps that the body polls report to it. While a step's own code is
//! polled, the step itself is the current place. This is a thread-local and not a reference in
//! every step, so that a step without an attached run takes no space for it.

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

#[cfg(feature = "durable")]
use workflow_journal::StoreFuture;

#[cfg(feature = "durable")]
use crate::run::in_flight::InFlight;
use crate::run::info::Info;
#[cfg(feature = "durable")]
use crate::run::recording::Note;
use crate::run::running::{Compensation, Running};
#[cfg(feature = "durable")]
use crate::run::scope::{BeforeStart, Recorded};
use crate::run::scope::{ItemScopes, Scope};
use crate::run::shared::{Shared, any_run};
use crate::run::trace::{Guard, Span};

thread_local! {
    /// Whether there is a current place. It is separate because a flag needs no destructor and
    /// can therefore be read directly.
    static ATTACHED: Cell<bool> = const { Cell::new(false) };
    static CURRENT: RefCell<Current> = const { RefCell::new(Current::Nothing) };
}

/// What the thread is polling.
#[derive(Clone, Default)]
enum Current {
    /// Nothing in a run.
    #[default]
    Nothing,
    /// The body of a workflow or of an item.
    Body(Arc<Scope>),
    /// The code of a step.
    Step(Arc<Running>),
    /// The code of one attempt at a step, which the step may have given up on.
    Attempt(Arc<Running>, u32),
    /// Code in this run that must not be taken for a step's own.
    Detached(Arc<Shared>),
}

impl Current {
    fn enter_span(&self) -> Guard {
        match self {
            Self::Nothing | Self::Detached(_) => Guard::nothing(),
            Self::Body(scope) => scope.enter_span(),
            Self::Step(step) | Self::Attempt(step, _) => step.span().enter(),
        }
    }

    /// The step, if it is a step's own code.
    fn step(&self) -> Option<&Arc<Running>> {
        match self {
            Self::Step(step) | Self::Attempt(step, _) => Some(step),
            Self::Nothing | Self::Body(_) | Self::Detached(_) => None,
        }
    }

    fn run(&self) -> Option<&Arc<Shared>> {
        match self {
            Self::Nothing => None,
            Self::Body(scope) => Some(scope.run()),
            Self::Step(step) | Self::Attempt(step, _) => Some(step.run()),
            Self::Detached(run) => Some(run),
        }
    }

    /// Which attempt at the step it is.
    fn attempt(&self) -> Option<u32> {
        match self {
            Self::Step(step) => Some(step.attempt()),
            Self::Attempt(_, number) => Some(*number),
            Self::Nothing | Self::Body(_) | Self::Detached(_) => None,
        }
    }

    /// A panic has come out of it: that is recorded, if the run is.
    #[cfg(feature = "durable")]
    fn record_panic(&self) {
        if let Some(step) = self.step() {
            step.record_panic();
        }
    }

    /// A panic has come out of it.
    fn panicked(&self) {
        match self {
            Self::Nothing | Self::Detached(_) => {}
            Self::Body(scope) => scope.panicked(),
            Self::Step(step) | Self::Attempt(step, _) => step.panicked(),
        }
    }
}

/// The current scope. A step's own code has none: what it polls is not a part of the workflow.
#[cold]
fn current_scope() -> Option<Arc<Scope>> {
    let scope = |current: &Current| match current {
        Current::Body(scope) => Some(Arc::clone(scope)),
        _ => None,
    };
    if ATTACHED.get() { CURRENT.with_borrow(scope) } else { None }
}

/// The step whose own code is running.
#[cold]
pub(crate) fn current_step() -> Option<Arc<Running>> {
    ask(|current| current.step().cloned())
}

/// The id of the run that is being polled.
pub(crate) fn current_run_id() -> Option<Arc<str>> {
    ask(|current| current.run()?.id().cloned())
}

/// Which attempt at the current step is running.
pub(crate) fn running_attempt() -> Option<u32> {
    ask(Current::attempt)
}

fn ask<T>(question: impl FnOnce(&Current) -> Option<T>) -> Option<T> {
    if any_run() && ATTACHED.get() { CURRENT.with_borrow(question) } else { None }
}

/// By how much the run delays the attempts of the current step.
pub(crate) fn current_delay() -> Option<Duration> {
    if any_run() { current_step()?.delay() } else { None }
}

/// Which attempt at the current step begins. A durable run counts those of earlier processes, too.
#[inline]
pub(crate) fn current_attempt() -> u32 {
    if any_run() { current_step().map_or(1, |step| step.attempt()) } else { 1 }
}

/// How long before its start in this process the current step began in another one.
pub(crate) fn begun_before() -> Duration {
    if any_run() {
        current_step().map_or(Duration::ZERO, |step| step.begun_before())
    } else {
        Duration::ZERO
    }
}

/// Makes a place the current one.
fn replace(current: Current) -> Current {
    ATTACHED.set(!matches!(current, Current::Nothing));
    CURRENT.replace(current)
}

/// Makes a place the current one, and its span with it, until this is dropped.
pub(crate) struct Entered {
    previous: Current,
    span: Guard,
    left: bool,
}

impl Entered {
    /// The body of a workflow or of an item.
    pub(crate) fn body(scope: Arc<Scope>) -> Self {
        Self::new(Current::Body(scope))
    }

    /// The code of a step.
    pub(crate) fn step(step: Arc<Running>) -> Self {
        Self::new(Current::Step(step))
    }

    /// Nothing in a run.
    fn nothing() -> Self {
        Self::new(Current::Nothing)
    }

    /// Code in the current run that must not report to it.
    pub(crate) fn detached() -> Self {
        let run = ask(|current| current.run().cloned());
        Self::new(run.map_or(Current::Nothing, Current::Detached))
    }

    fn new(current: Current) -> Self {
        let span = current.enter_span();
        Self { previous: replace(current), span, left: false }
    }

    /// Makes the previous place the current one again. Returns the place that is left.
    fn leave(&mut self) -> Current {
        self.left = true;
        replace(std::mem::take(&mut self.previous))
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        if self.left {
            return;
        }
        let place = self.leave();
        if self.span.panics() {
            place.panicked();
        }
        #[cfg(feature = "durable")]
        if std::thread::panicking() {
            place.record_panic();
        }
    }
}

/// The place of a step's code, taken to a task or a thread of its own.
pub(crate) struct PlaceOfTask(Current);

impl PlaceOfTask {
    /// The place where a step starts a task; `None` if there is no run.
    pub(crate) fn current() -> Option<Self> {
        ask(|current| {
            Some(match current {
                // The step may be at its next attempt while this one still runs.
                Current::Step(step) => Current::Attempt(Arc::clone(step), step.attempt()),
                Current::Attempt(..) => current.clone(),
                // A step that the body's own code has called.
                Current::Body(scope) => Current::Detached(Arc::clone(scope.run())),
                Current::Detached(run) => Current::Detached(Arc::clone(run)),
                Current::Nothing => return None,
            })
        })
        .map(Self)
    }

    /// The span of the step.
    pub(crate) fn span(&self) -> Option<&Span> {
        self.0.step().map(|step| step.span())
    }

    /// Makes it the current place, and leaves the current span.
    pub(crate) fn enter(&self) -> Entered {
        Entered { previous: replace(self.0.clone()), span: Guard::nothing(), left: false }
    }
}

/// The step of the current scope that is being polled, until this is dropped.
///
/// The scope and the step are moved, without another reference count: at every poll of every
/// step, that would be a good part of what an observer costs.
pub(crate) struct EnteredStep {
    entered: Entered,
    _span: Guard,
}

impl EnteredStep {
    /// The step `node`, if there is a current scope and it may run there.
    fn new(node: usize, info: &Info) -> Option<Self> {
        let entered = Entered::nothing();
        let Current::Body(scope) = &entered.previous else { return None };
        let running = scope.running(node, info)?;
        let span = running.span().enter();
        replace(Current::Step(running));
        Some(Self { entered, _span: span })
    }

    pub(crate) fn scope(&self) -> &Scope {
        match &self.entered.previous {
            Current::Body(scope) => scope,
            _ => unreachable!("it was entered from a scope"),
        }
    }

    /// The step has returned. Makes the scope the current place again.
    pub(crate) fn over(mut self, node: usize) -> Arc<Running> {
        self.scope().over(node);
        match self.entered.leave() {
            Current::Step(running) => running,
            _ => unreachable!("the place that is left is the one that was entered"),
        }
    }
}

/// Whether the body that is polled now may have a run to report to.
#[inline]
pub(crate) fn may_report() -> bool {
    any_run()
}

/// What a poll of a step has to do.
pub(crate) enum Turn {
    /// It is not a part of a run.
    Unattached,
    /// It runs as a part of the run.
    Runs(EnteredStep),
    /// It waits.
    Waits,
    /// Its output is what is recorded.
    #[cfg(feature = "durable")]
    Replays(Arc<Scope>, Recorded),
}

impl Turn {
    pub(crate) fn of(node: usize, info: &Info, cx: &mut Context<'_>) -> Self {
        if !ATTACHED.get() {
            return Self::Unattached;
        }
        #[cfg(feature = "durable")]
        if let Some(scope) = current_scope() {
            match scope.before_start(node, info, cx) {
                Some(BeforeStart::Waits) => return Self::Waits,
                Some(BeforeStart::Replays(recorded)) => return Self::Replays(scope, recorded),
                None => {}
            }
        }
        Self::start(node, info, cx)
    }

    /// The step runs, from now on if it has not run yet.
    pub(crate) fn start(node: usize, info: &Info, cx: &mut Context<'_>) -> Self {
        let Some(entered) = EnteredStep::new(node, info) else { return Self::Unattached };
        match entered.scope().poll_delay(node, cx) {
            Poll::Ready(()) => Self::Runs(entered),
            Poll::Pending => Self::Waits,
        }
    }
}

impl Compensation {
    /// The compensation of the step `node` of the current scope.
    pub(crate) fn of_step(node: usize) -> Option<Self> {
        if any_run() { Some(current_scope()?.compensation(node)) } else { None }
    }
}

/// The records of the current workflow that are being written, if the run is recorded.
#[cfg(feature = "durable")]
pub(crate) fn current_in_flight() -> Option<Arc<InFlight>> {
    if any_run() { current_scope()?.in_flight().cloned() } else { None }
}

/// Notes the outcome of the node of the current scope, if the run is recorded.
#[cfg(feature = "durable")]
#[inline]
pub(crate) fn note(node: usize, note: impl FnOnce() -> Option<Note>) {
    if any_run()
        && let Some(scope) = current_scope()
    {
        scope.note(node, note);
    }
}

/// The run is about to be undone: records that, if the run is recorded and what is undone is not
/// only a workflow in it.
#[cfg(feature = "durable")]
pub(crate) fn undoing() -> Option<StoreFuture<'static, ()>> {
    if any_run() { current_scope()?.undoing() } else { None }
}

/// The body of the current scope has returned or has been dropped.
pub(crate) fn forward_is_over() {
    if any_run()
        && let Some(scope) = current_scope()
    {
        scope.finish_steps();
    }
}

/// After a failure, the body of the current scope leaves out some of what could start.
#[cold]
pub(crate) fn leaves_out() {
    if any_run()
        && let Some(scope) = current_scope()
    {
        scope.leaves_out();
    }
}

/// The branch `node` of the current scope has chosen `arm`: the steps of its other arms
/// are skipped.
#[inline]
pub fn chose(node: usize, arm: usize) {
    if any_run()
        && let Some(scope) = current_scope()
    {
        scope.skip_other_arms(node, arm);
    }
}

/// The fan-out `node` of the current scope starts; its steps are reported by the scopes of
/// its items. Returns what creates those scopes.
#[inline]
pub(crate) fn enter_fan_out(node: usize, items: &impl Iterator) -> Option<ItemScopes> {
    if !any_run() {
        return None;
    }
    let scope = current_scope().filter(|scope| scope.may_run(node))?;
    let (least, most) = items.size_hint();
    scope.enter_fan_out(node, most.filter(|&most| most == least));
    Some(ItemScopes::of(scope, node))
}
