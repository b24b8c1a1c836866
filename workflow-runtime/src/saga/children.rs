//! Workflows that undo their own steps and are called by a workflow.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use super::position::ItemPosition;
use crate::budget::settled;
use crate::run::Place;
use crate::step::{Failure, Info, NoUndo, Step, WholeWorkflow};

/// The calls of one declaration: one for each item if it is in a fan-out.
pub struct Children<S> {
    pub(super) node: usize,
    /// Once it has completed, it is undone as a single step, and not by undoing its own steps.
    undone_as_one: bool,
    calls: Mutex<Vec<(ItemPosition, Arc<Kept<S>>)>>,
}

/// A workflow that stays where it is while its caller may fail.
pub(super) struct Kept<S>(Mutex<Option<Pin<Box<S>>>>);

impl<S> Kept<S> {
    fn lock(&self) -> MutexGuard<'_, Option<Pin<Box<S>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S> Children<S> {
    /// No calls.
    pub fn new(node: usize, undone_as_one: bool) -> Self {
        Self { node, undone_as_one, calls: Mutex::new(Vec::new()) }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<(ItemPosition, Arc<Kept<S>>)>> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn take(&self) -> Vec<(ItemPosition, Undoing<S>)> {
        let calls = std::mem::take(&mut *self.lock());
        let undoing = calls.into_iter().filter_map(|(position, kept)| {
            let child = kept.lock().take()?;
            Some((position, Undoing(child)))
        });
        undoing.collect()
    }
}

/// A call of a workflow that undoes its own steps.
pub struct ChildCall<S> {
    kept: Arc<Kept<S>>,
    undone_as_one: bool,
    completed: bool,
}

/// Turns `call` into one that can be undone after it has completed.
pub fn child<S: Step>(children: &Children<S>, position: &ItemPosition, call: S) -> ChildCall<S> {
    call.keep_undo();
    let kept = Arc::new(Kept(Mutex::new(Some(Box::pin(call)))));
    children.lock().push((position.clone(), Arc::clone(&kept)));
    ChildCall { kept, undone_as_one: children.undone_as_one, completed: false }
}

const KEPT: &str = "the workflow is kept until its call is dropped";

impl<S: Step> ChildCall<S> {
    fn with<T>(&self, what: impl FnOnce(Pin<&mut S>) -> T) -> T {
        what(self.kept.lock().as_mut().expect(KEPT).as_mut())
    }
}

impl<S: Step> Future for ChildCall<S> {
    type Output = S::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<S::Output> {
        // It is polled only by its caller's body.
        let poll = self.with(|child| child.poll_part(cx));
        self.completed = poll.is_ready();
        poll
    }
}

impl<S: Step> Step for ChildCall<S> {
    type Undo = NoUndo;
    type Kind = WholeWorkflow;

    fn poll_in(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        place: Place<'_>,
    ) -> Poll<S::Output> {
        let poll = self.with(|child| child.poll_in(cx, place));
        self.completed = poll.is_ready();
        poll
    }

    fn failure(self: Pin<&mut Self>, output: &S::Output) -> Option<Failure> {
        self.with(|child| child.failure(output))
    }

    fn info(&self) -> Info {
        self.with(|child| Info { undoes: false, ..child.info() })
    }
}

impl<S> Drop for ChildCall<S> {
    fn drop(&mut self) {
        if self.completed && self.undone_as_one {
            self.kept.lock().take();
        }
    }
}

/// A child that is being undone.
pub struct Undoing<S>(Pin<Box<S>>);

impl<S: Step> Future for Undoing<S> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        settled(self.0.as_mut().poll_undo(cx)).map(drop)
    }
}
