//! Records on their way to the store, counted for each workflow of a run.
//!
//! A step that has completed is not yet known to the body while its record is being written.
//! If the workflow ended at that moment, the step would be recorded, and nothing would undo it.
//! So a workflow that is about to end waits until its records have arrived and the body has seen
//! the outputs, which adds their compensations to the lists. Meanwhile nothing new starts.
//!
//! In the same way, a run that is continued first gives the body everything that is recorded,
//! before anything new starts or fails.

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
    /// For a run: the body is given what is recorded, and nothing new starts or ends it yet.
    replays: bool,
    /// The wakers of what waits for the last record, or for the end of the replay.
    waiting: Vec<Waker>,
}

impl InFlight {
    /// The records of a run.
    pub(crate) fn of_run() -> Arc<Self> {
        Arc::new(Self { caller: None, state: Mutex::default() })
    }

    /// The records of a workflow that the workflow of `caller` calls.
    pub(crate) fn called_by(caller: &Arc<Self>) -> Arc<Self> {
        Arc::new(Self { caller: Some(Arc::clone(caller)), state: Mutex::default() })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// This workflow and those around it.
    fn with_callers(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |inner| inner.caller.as_deref())
    }

    /// A record counts as being written until the returned value is dropped.
    pub(crate) fn begin(self: &Arc<Self>) -> Writing {
        for workflow in self.with_callers() {
            workflow.lock().records += 1;
        }
        Writing(Arc::clone(self))
    }

    /// The workflow is about to end: nothing more starts in it.
    pub(crate) fn end(&self) {
        self.lock().ends = true;
    }

    /// Whether this workflow, or one that has called it, is about to end.
    pub(crate) fn ends(&self) -> bool {
        self.with_callers().any(|workflow| workflow.lock().ends)
    }

    /// Waits until no record of the workflow is being written, and all that is recorded has been
    /// replayed.
    pub(crate) fn poll_settled(&self, cx: &Context<'_>) -> Poll<()> {
        if self.poll_replayed(cx).is_pending() {
            return Poll::Pending;
        }
        let mut state = self.lock();
        if state.records == 0 { Poll::Ready(()) } else { state.wait(cx) }
    }

    fn run(&self) -> &Self {
        self.with_callers().last().expect("there is itself at least")
    }

    /// For a run: begins or ends the replay of what is recorded.
    pub(crate) fn replay(&self, replays: bool) {
        let mut state = self.lock();
        state.replays = replays;
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Waits until all that is recorded of the run has been replayed.
    pub(crate) fn poll_replayed(&self, cx: &Context<'_>) -> Poll<()> {
        let mut state = self.run().lock();
        if state.replays { state.wait(cx) } else { Poll::Ready(()) }
    }
}

impl State {
    fn wait(&mut self, cx: &Context<'_>) -> Poll<()> {
        if !self.waiting.iter().any(|waker| waker.will_wake(cx.waker())) {
            self.waiting.push(cx.waker().clone());
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
        let outer = InFlight::of_run();
        let inner = InFlight::called_by(&outer);
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
    fn nothing_ends_a_workflow_before_all_is_replayed() {
        let run = InFlight::of_run();
        let inner = InFlight::called_by(&run);
        let cx = Context::from_waker(Waker::noop());
        run.replay(true);
        assert!(inner.poll_settled(&cx).is_pending());
        run.replay(false);
        assert!(inner.poll_settled(&cx).is_ready());
    }

    #[test]
    fn what_ends_a_caller_ends_those_it_calls() {
        let outer = InFlight::of_run();
        let inner = InFlight::called_by(&outer);
        inner.end();
        assert!(inner.ends() && !outer.ends());
        let other = InFlight::called_by(&outer);
        outer.end();
        assert!(other.ends());
    }
}
