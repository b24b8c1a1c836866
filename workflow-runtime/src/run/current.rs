//! The scope that the thread is polling.
//!
//! While the body of a workflow or of an item is polled in a run, its scope is the thread's
//! current one, and the steps that the body polls report to it. A thread-local and not a
//! reference in every step: with no run attached, a step then takes no space for it.

use std::cell::{Cell, RefCell};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use crate::run::scope::Scope;
use crate::run::shared::any_run;
use crate::step::Step;

thread_local! {
    /// Whether there is a current scope. On its own, since a flag needs no destructor and
    /// so is read at once.
    static ATTACHED: Cell<bool> = const { Cell::new(false) };
    static CURRENT: RefCell<Option<Arc<Scope>>> = const { RefCell::new(None) };
}

/// The current scope.
#[cold]
fn current() -> Option<Arc<Scope>> {
    if ATTACHED.get() { CURRENT.with_borrow(Option::clone) } else { None }
}

/// Makes a scope the current one, or none, until it is dropped.
pub(crate) struct Entered {
    previous: Option<Arc<Scope>>,
}

impl Entered {
    pub(crate) fn new(scope: Option<Arc<Scope>>) -> Self {
        ATTACHED.set(scope.is_some());
        Self { previous: CURRENT.replace(scope) }
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        let previous = self.previous.take();
        ATTACHED.set(previous.is_some());
        drop(CURRENT.replace(previous));
    }
}

/// Whether the body that is polled now may have a run to report to.
///
/// A body that is polled without a run once always will be. To know it from a step's start
/// spares a look for the run at every poll.
#[inline]
pub(crate) fn may_report() -> bool {
    any_run()
}

/// Polls the step `node` of the current scope.
#[inline]
pub(crate) fn poll_step<S: Step>(
    node: usize,
    step: Pin<&mut S>,
    cx: &mut Context<'_>,
) -> Poll<S::Output> {
    if any_run() { poll_attached(node, step, cx) } else { step.poll(cx) }
}

/// [`poll_step`] where there may be a run.
#[cold]
#[inline(never)]
pub(crate) fn poll_attached<S: Step>(
    node: usize,
    step: Pin<&mut S>,
    cx: &mut Context<'_>,
) -> Poll<S::Output> {
    match current() {
        Some(scope) if scope.may_run(node) => scope.poll_step(node, step, cx),
        _ => step.poll(cx),
    }
}

/// The branch `node` of the current scope has chosen `arm`: the steps of its other arms
/// are skipped.
#[inline]
pub fn chose(node: usize, arm: usize) {
    if any_run()
        && let Some(scope) = current()
    {
        scope.skip_other_arms(node, arm);
    }
}

/// The fan-out `node` of the current scope starts; its steps are reported by the scopes of
/// its items. Gives the current scope.
#[inline]
pub(crate) fn enter_fan_out(node: usize) -> Option<Arc<Scope>> {
    if !any_run() {
        return None;
    }
    let scope = current()?;
    scope.enter_fan_out(node);
    Some(scope)
}
