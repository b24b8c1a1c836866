//! The compensation of one step.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use pin_project_lite::pin_project;

use super::position::ItemPosition;
use super::written::Written;
use crate::budget::settled;
use crate::run::{Compensation, Entered, Running, current_step};
use crate::step::{Failure, Step, poll_at};

/// The compensations of one declaration: none until it completes, and one for each item if it is in
/// a fan-out.
pub struct Undo<F> {
    pub(super) node: usize,
    entries: Mutex<Entries<F>>,
}

/// The first has its own place, since outside fan-outs there is no other: so a run in which nothing
/// fails allocates nothing for what it might have had to undo.
struct Entries<F> {
    first: Option<(ItemPosition, Undoing<F>)>,
    more: Vec<(ItemPosition, Undoing<F>)>,
}

impl<F> Undo<F> {
    /// Nothing to undo.
    pub fn new(node: usize) -> Self {
        Self { node, entries: Mutex::new(Entries { first: None, more: Vec::new() }) }
    }

    /// The step has completed, and `compensation` undoes it.
    pub fn add(&self, position: &ItemPosition, compensation: F) {
        let report = Compensation::of_step(self.node);
        let undoing = Undoing { compensation, report, running: None, written: Written::nothing() };
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = (position.clone(), undoing);
        if entries.first.is_none() {
            entries.first = Some(entry);
        } else {
            entries.more.push(entry);
        }
    }

    pub(super) fn take(&self) -> Vec<(ItemPosition, Undoing<F>)> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let first = entries.first.take();
        first.into_iter().chain(std::mem::take(&mut entries.more)).collect()
    }
}

/// Runs the compensation of a step. Returns its failure, if it fails.
pub async fn compensate<S: Step>(step: S) -> Option<Failure> {
    let mut step = pin!(step);
    let root = current_step().map(|compensation| compensation.root());
    let output =
        poll_fn(|cx| poll_at(step.as_mut(), cx, root.as_ref().map(|root| root.place()))).await;
    step.failure(&output)
}

pin_project! {
    /// A compensation, with what is reported about it.
    pub struct Undoing<F> {
        #[pin]
        compensation: F,
        report: Option<Compensation>,
        running: Option<Arc<Running>>,
        written: Written,
    }
}

impl<F: Future<Output = Option<Failure>>> Future for Undoing<F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        let Some(report) = this.report else {
            return settled(this.compensation.poll(cx)).map(drop);
        };
        // A resumed run that is being undone does nothing twice.
        if this.running.is_none() && Written::is_done(report) {
            return Poll::Ready(());
        }
        let running = this.running.get_or_insert_with(|| report.start());
        if !this.written.has_begun() {
            let failure = {
                let _entered = Entered::step(Arc::clone(running));
                ready!(settled(this.compensation.poll(cx)))
            };
            this.written.begin(running, report, failure.as_ref());
            running.compensated(failure);
        }
        this.written.poll(report, cx)
    }
}
