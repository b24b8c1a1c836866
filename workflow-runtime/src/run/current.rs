//! The place in a run that the thread is polling.
//!
//! While the body of a workflow or of an item is polled in a run, its scope is the thread's
//! current place, and the steps that the body polls report to it. While a step's own code is
//! polled, the step itself is the current place. This is a thread-local and not a reference in
//! every step, so that a step without an attached run takes no space for it.

use std::cell::{Cell, RefCell};
use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::task::Context;
use std::time::Duration;

#[cfg(feature = "durable")]
use workflow_journal::StoreFuture;

#[cfg(feature = "durable")]
use crate::run::in_flight::InFlight;
use crate::run::info::{Failure, Info};
#[cfg(feature = "durable")]
use crate::run::recording::Note;
use crate::run::running::{Compensation, Running};
#[cfg(feature = "durable")]
use crate::run::scope::{BeforeStart, Recorded};
use crate::run::scope::{ItemScopes, Place, Scope};
use crate::run::shared::{Shared, any_run};
use crate::run::trace::{Guard, Span};

thread_local! {
    /// Which code is being polled: [`NOWHERE`], [`THERE`], or a step of the body in `CURRENT`.
    static AT: Cell<usize> = const { Cell::new(NOWHERE) };
    /// It is not dropped, because what needs no destructor can be read directly: when a thread
    /// ends, it polls nothing.
    static CURRENT: RefCell<ManuallyDrop<Current>> =
        const { RefCell::new(ManuallyDrop::new(Current::Nothing)) };
}

/// Nothing in a run.
const NOWHERE: usize = 0;
/// What is in `CURRENT`.
const THERE: usize = 1;
/// The code of node 0, which is a step of the body in `CURRENT`. The other nodes follow.
const FIRST_NODE: usize = 2;

/// What the thread is polling, unless it is a step of that.
#[derive(Clone, Default)]
enum Current {
    /// Nothing in a run.
    #[default]
    Nothing,
    /// The body of a workflow or of an item.
    Body(Arc<Scope>),
    /// The code of a step that is not one of a body.
    Step(Arc<Running>),
    /// The code of one attempt at a step, which the step may have given up on.
    Attempt(Arc<Running>, u32),
    /// Code in this run that must not be taken for a step's own.
    Detached(Arc<Shared>),
}

impl Current {
    #[inline]
    fn enter_span(&self) -> Guard {
        match self {
            Self::Nothing | Self::Detached(_) => Guard::nothing(),
            Self::Body(scope) => scope.enter_span(),
            Self::Step(step) | Self::Attempt(step, _) => step.span().enter(),
        }
    }

    /// The step, if it is a step's own code; `node` is the step of the body, if it is one.
    fn step(&self, node: Option<usize>) -> Option<Arc<Running>> {
        match (self, node) {
            (Self::Body(scope), Some(node)) => scope.step(node),
            (Self::Step(step) | Self::Attempt(step, _), _) => Some(Arc::clone(step)),
            (Self::Nothing | Self::Body(_) | Self::Detached(_), _) => None,
        }
    }

    /// Asks about the step, if there is more to know than when it started.
    fn ask_step<T>(&self, node: Option<usize>, question: impl FnOnce(&Running) -> T) -> Option<T> {
        match (self, node) {
            (Self::Body(scope), Some(node)) => scope.ask_step(node, question),
            (Self::Step(step) | Self::Attempt(step, _), _) => Some(question(step)),
            (Self::Nothing | Self::Body(_) | Self::Detached(_), _) => None,
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

    /// Whether `node` is a step of the body that is running, and there is nothing more to know
    /// about it.
    #[inline]
    fn is_plainly_running(&self, node: usize) -> bool {
        matches!(self, Self::Body(scope) if scope.is_plainly_running(node))
    }

    /// A panic has come out of it: that is recorded, if the run is.
    #[cfg(feature = "durable")]
    fn record_panic(&self) {
        if let Some(step) = self.step(None) {
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
    if AT.get() != THERE {
        return None;
    }
    look(|current| match current {
        Current::Body(scope) => Some(Arc::clone(scope)),
        _ => None,
    })
}

/// The scope whose step's own code is running.
#[cold]
pub(crate) fn scope_around_step() -> Option<Arc<Scope>> {
    look(|current| match current {
        Current::Body(scope) => Some(Arc::clone(scope)),
        _ => None,
    })
}

/// Looks at what is in `CURRENT`.
#[inline]
fn look<T>(at: impl FnOnce(&Current) -> T) -> T {
    CURRENT.with_borrow(|current| at(current))
}

/// The step whose own code is running.
#[cold]
pub(crate) fn current_step() -> Option<Arc<Running>> {
    ask(Current::step)
}

/// The id of the run that is being polled.
pub(crate) fn current_run_id() -> Option<Arc<str>> {
    ask(|current, _| current.run()?.id().cloned())
}

/// Which attempt at the current step is running.
pub(crate) fn running_attempt() -> Option<u32> {
    ask(|current, node| match (current, node) {
        (Current::Body(_), Some(_)) => {
            Some(current.ask_step(node, Running::attempt).unwrap_or(FIRST_ATTEMPT))
        }
        (Current::Step(step), _) => Some(step.attempt()),
        (Current::Attempt(_, number), _) => Some(*number),
        (Current::Nothing | Current::Body(_) | Current::Detached(_), _) => None,
    })
}

/// The number of the attempt at a step about which nothing else is known.
const FIRST_ATTEMPT: u32 = 1;

/// Asks about what the thread polls: what is in `CURRENT`, or this step of it.
fn ask<T>(question: impl FnOnce(&Current, Option<usize>) -> Option<T>) -> Option<T> {
    let at = if any_run() { AT.get() } else { NOWHERE };
    if at == NOWHERE {
        return None;
    }
    look(|current| question(current, at.checked_sub(FIRST_NODE)))
}

/// By how much the run delays the attempts of the current step.
pub(crate) fn current_delay() -> Option<Duration> {
    ask(|current, node| current.ask_step(node, Running::delay)).flatten()
}

/// Which attempt at the current step begins. A durable run counts those of earlier processes, too.
#[inline]
pub(crate) fn current_attempt() -> u32 {
    if any_run() { attempt_in_run() } else { FIRST_ATTEMPT }
}

#[cold]
fn attempt_in_run() -> u32 {
    ask(|current, node| current.ask_step(node, Running::attempt)).unwrap_or(FIRST_ATTEMPT)
}

/// How long before its start in this process the current step began in another one.
pub(crate) fn begun_before() -> Duration {
    ask(|current, node| current.ask_step(node, Running::begun_before)).unwrap_or_default()
}

/// Makes a place the current one. Returns the one before it.
#[inline]
fn replace(current: Current, at: usize) -> (Current, usize) {
    (ManuallyDrop::into_inner(CURRENT.replace(ManuallyDrop::new(current))), AT.replace(at))
}

/// Makes a place the current one, and its span with it, until this is dropped.
pub(crate) struct Entered {
    previous: (Current, usize),
    _span: Guard,
    left: bool,
    /// The thread was panicking when it was entered.
    panicking: bool,
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

    /// Code in the current run that must not report to it.
    pub(crate) fn detached() -> Self {
        let run = ask(|current, _| current.run().cloned());
        Self::new(run.map_or(Current::Nothing, Current::Detached))
    }

    #[inline]
    fn new(current: Current) -> Self {
        let span = current.enter_span();
        let at = if matches!(current, Current::Nothing) { NOWHERE } else { THERE };
        let panicking = std::thread::panicking();
        Self { previous: replace(current, at), _span: span, left: false, panicking }
    }

    /// Makes the previous place the current one again. Returns the place that is left.
    #[inline]
    fn leave(&mut self) -> Current {
        self.left = true;
        let (current, at) = std::mem::take(&mut self.previous);
        replace(current, at).0
    }
}

/// Polls the body of a workflow. Returns its scope.
pub(crate) fn poll_body(scope: Arc<Scope>, poll: &mut dyn FnMut()) -> Arc<Scope> {
    let mut entered = Entered {
        _span: scope.enter_span(),
        previous: replace(Current::Body(scope), THERE),
        left: false,
        // It is left below, unless a panic comes out of the body.
        panicking: false,
    };
    poll();
    match entered.leave() {
        Current::Body(scope) => scope,
        _ => unreachable!("the place that is left is the one that was entered"),
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        if self.left {
            return;
        }
        let place = self.leave();
        if !std::thread::panicking() {
            return;
        }
        if !self.panicking {
            place.panicked();
        }
        #[cfg(feature = "durable")]
        place.record_panic();
    }
}

/// The place of a step's code, taken to a task or a thread of its own.
pub(crate) struct PlaceOfTask(Current);

impl PlaceOfTask {
    /// The place where a step starts a task; `None` if there is no run.
    pub(crate) fn current() -> Option<Self> {
        ask(|current, node| {
            Some(match current {
                Current::Nothing => return None,
                Current::Attempt(..) => current.clone(),
                Current::Detached(run) => Current::Detached(Arc::clone(run)),
                Current::Body(_) | Current::Step(_) => match current.step(node) {
                    // The step may be at its next attempt while this one still runs.
                    Some(step) => Current::Attempt(Arc::clone(&step), step.attempt()),
                    // A step that the body's own code has called.
                    None => Current::Detached(Arc::clone(current.run()?)),
                },
            })
        })
        .map(Self)
    }

    /// The span of the step.
    pub(crate) fn span(&self) -> Option<&Span> {
        match &self.0 {
            Current::Step(step) | Current::Attempt(step, _) => Some(step.span()),
            Current::Nothing | Current::Body(_) | Current::Detached(_) => None,
        }
    }

    /// Makes it the current place, and leaves the current span.
    pub(crate) fn enter(&self) -> Entered {
        Entered {
            previous: replace(self.0.clone(), THERE),
            _span: Guard::nothing(),
            left: false,
            panicking: std::thread::panicking(),
        }
    }
}

/// A step of the current scope that is being polled, until it is left.
///
/// `CURRENT` remains the scope, of which this has no reference: to put the step there, or to count
/// a reference, at every poll of every step would be a good part of what an observer costs.
pub(crate) struct EnteredStep {
    node: usize,
    span: Option<Guard>,
    left: bool,
}

impl EnteredStep {
    fn new(node: usize, span: Guard) -> Self {
        AT.set(node + FIRST_NODE);
        Self { node, span: Some(span), left: false }
    }

    /// Where the step is polled.
    #[inline]
    pub(crate) fn place(&self) -> Place<'static> {
        Place::node(self.node)
    }

    /// The step's code has been polled. Makes the scope the current place again.
    pub(crate) fn leave(&mut self) {
        AT.set(THERE);
        self.left = true;
        self.span = None;
    }

    /// The step has returned, and has been left.
    pub(crate) fn returned(self, failure: Option<Failure>) {
        if let Some(scope) = current_scope() {
            scope.returned(self.node, failure);
        }
    }

    /// A panic has come out of the step's own code.
    #[cold]
    fn panicked(&self) {
        let Some(step) = scope_around_step().and_then(|scope| scope.step(self.node)) else {
            return;
        };
        step.panicked();
        #[cfg(feature = "durable")]
        step.record_panic();
    }
}

impl Drop for EnteredStep {
    fn drop(&mut self) {
        if !self.left {
            AT.set(THERE);
            self.panicked();
        }
    }
}

/// Runs what observes the start of a step, which is not a part of the run.
pub(crate) fn outside_of_run<T>(report: impl FnOnce() -> T) -> T {
    struct Back(usize);

    impl Drop for Back {
        fn drop(&mut self) {
            AT.set(self.0);
        }
    }

    let _back = Back(AT.replace(NOWHERE));
    report()
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
    pub(crate) fn of(node: usize, info: &dyn Fn() -> Info, cx: &mut Context<'_>) -> Self {
        if AT.get() != THERE {
            return Self::Unattached;
        }
        // Most often this is all that there is to do.
        if look(|current| current.is_plainly_running(node)) {
            return Self::Runs(EnteredStep::new(node, Guard::nothing()));
        }
        Self::look_closer(node, info, cx)
    }

    #[inline(never)]
    fn look_closer(node: usize, info: &dyn Fn() -> Info, cx: &mut Context<'_>) -> Self {
        let Some(scope) = current_scope() else { return Self::Unattached };
        #[cfg(feature = "durable")]
        match scope.before_start(node, info, cx) {
            Some(BeforeStart::Waits) => return Self::Waits,
            Some(BeforeStart::Replays(recorded)) => return Self::Replays(scope, recorded),
            None => {}
        }
        Self::start(&scope, node, info, cx)
    }

    /// The step of the current scope runs, from now on if it has not run yet.
    pub(crate) fn start(
        scope: &Scope,
        node: usize,
        info: &dyn Fn() -> Info,
        cx: &mut Context<'_>,
    ) -> Self {
        let Some(span) = scope.enter_step(node, info) else { return Self::Unattached };
        let mut entered = EnteredStep::new(node, span);
        if scope.poll_delay(node, cx).is_pending() {
            entered.leave();
            return Self::Waits;
        }
        Self::Runs(entered)
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
