//! Records on their way to the store, counted for each workflow of a run.
//!
//! A step that has completed is not yet known to the body while its record is being written.
//! If the workflow ended in that moment, the step would be recorded, and nothing would undo it.
//! So a workflow that is about to end waits until its records have arrived and the body has seen
//! the outputs, which adds their compensations to the lists. Meanwhile nothing new starts.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// The records of one workflow that are being written, with those of the workflows it calls.
pub(crate) struct InFlight {
    caller: Option<Arc<InFlight>>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    records: usize,
    /// The workflow is about to end.
    ends: bool,
    /// Who waits for the last record.
    waiting: Vec<Waker>,
}

impl InFlight {
    /// That of a run, or of a workflow which the one of `caller` calls.
    pub(crate) fn new(caller: Option<Arc<Self>>) -> Arc<Self> {
        Arc::new(Self { caller, state: Mutex::default() })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// This workflow and those around it.
    fn with_callers(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |inner| inner.caller.as_deref())
    }

    /// A record is being written until the value is dropped.
    pub(crate) fn begin(self: &Arc<Self>) -> Writing {
        for workflow in self.with_callers() {
            workflow.lock().records += 1;
        }
        Writing(Arc::clone(self))
    }

    /// The workflow is about to end: nothing in it starts any more.
    pub(crate) fn end(&self) {
        self.lock().ends = true;
    }

    /// Whether this workflow, or one that has called it, is about to end.
    pub(crate) fn ends(&self) -> bool {
        self.with_callers().any(|workflow| workflow.lock().ends)
    }

    /// Waits until no record of the workflow is being written.
    pub(crate) fn poll_settled(&self, cx: &Context<'_>) -> Poll<()> {
        let mut state = self.lock();
        if state.records == 0 {
            return Poll::Ready(());
        }
        if !state.waiting.iter().any(|waker| waker.will_wake(cx.waker())) {
            state.waiting.push(cx.waker().clone());
        }
        Poll::Pending
    }
}

/// A record that is being written.
pub(crate) struct Writing(Arc<InFlight>);

impl Drop for Writing {
    fn drop(&mut self) {
        for workflow in self.0.with_callers() {
            let mut state = workflow.lock();
            state.records -= 1;
            if state.records == 0 {
                let waiting = std::mem::take(&mut state.waiting);
                drop(state);
                waiting.into_iter().for_each(Waker::wake);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_waits_for_the_records_of_those_it_calls() {
        let outer = InFlight::new(None);
        let inner = InFlight::new(Some(Arc::clone(&outer)));
        let cx = Context::from_waker(Waker::noop());
        let (one, two) = (inner.begin(), outer.begin());
        assert!(outer.poll_settled(&cx).is_pending());
        drop(two);
        assert!(outer.poll_settled(&cx).is_pending());
        assert!(inner.poll_settled(&cx).is_pending());
        drop(one);
        assert!(outer.poll_settled(&cx).is_ready());
        assert!(inner.poll_settled(&cx).is_ready());
    }

    #[test]
    fn what_ends_a_caller_ends_those_it_calls() {
        let outer = InFlight::new(None);
        let inner = InFlight::new(Some(Arc::clone(&outer)));
        inner.end();
        assert!(inner.ends() && !outer.ends());
        let other = InFlight::new(Some(Arc::clone(&outer)));
        outer.end();
        assert!(other.ends());
    }
}
