//! Whether this process certainly holds a run.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant, SystemTime};

use workflow_journal::StoreError;

/// A point in time by both clocks of this machine: one stands still while the machine sleeps, the
/// other can be set back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    steady: Instant,
    wall: SystemTime,
}

impl Moment {
    pub(super) fn now() -> Self {
        Self { steady: Instant::now(), wall: SystemTime::now() }
    }

    /// How long ago it was, by the clock that shows more.
    pub(super) fn age(&self) -> Duration {
        let wall = self.wall.elapsed().unwrap_or_default();
        self.steady.elapsed().max(wall)
    }
}

/// What is known about the lease on a run. Shared by the run and the thread that renews leases.
#[derive(Debug)]
pub(super) struct Held {
    lease: Duration,
    /// The journal is closed: the run stops where it is.
    stopped: AtomicBool,
    /// A thread is doing something for the run at this moment.
    at_work: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// When the last lease that was obtained was asked for.
    renewed: Moment,
    /// The run's cancellation was requested.
    cancel: bool,
    /// The lease is gone for good.
    lost: Option<StoreError>,
    /// Why the last renewal failed.
    failure: Option<StoreError>,
    /// The tasks that wait for the lease to be certain, or for news of it.
    waiting: Vec<Waker>,
}

impl Held {
    /// A lease that was asked for at this time.
    pub(super) fn new(lease: Duration, asked: Moment, cancel: bool) -> Self {
        let state =
            State { renewed: asked, cancel, lost: None, failure: None, waiting: Vec::new() };
        let (stopped, at_work) = (AtomicBool::new(false), AtomicBool::new(false));
        Self { lease, stopped, at_work, state: Mutex::new(state) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long the lease lasts without being renewed.
    pub(super) fn lease(&self) -> Duration {
        self.lease
    }

    /// How long ago the current lease was asked for.
    pub(super) fn age(&self) -> Duration {
        self.lock().renewed.age()
    }

    /// Whether no other process can have taken the run over.
    pub(super) fn is_certain(&self) -> bool {
        let state = self.lock();
        state.lost.is_none() && state.renewed.age() < self.lease
    }

    /// Waits until that is the case. A stopped run waits forever: it starts nothing more.
    pub(super) fn poll(&self, cx: &Context<'_>) -> Poll<()> {
        if self.is_stopped() {
            return Poll::Pending;
        }
        if self.is_certain() {
            return Poll::Ready(());
        }
        self.watch(cx);
        // It may have become certain in the meantime.
        if self.is_certain() { Poll::Ready(()) } else { Poll::Pending }
    }

    /// Wakes the task at the next news of the lease.
    pub(super) fn watch(&self, cx: &Context<'_>) {
        let mut state = self.lock();
        if !state.waiting.iter().any(|waker| waker.will_wake(cx.waker())) {
            state.waiting.push(cx.waker().clone());
        }
    }

    /// The lease that was asked for at this time was obtained.
    pub(super) fn renewed(&self, asked: Moment, cancel: bool) {
        self.change(|state| {
            if asked.age() < state.renewed.age() {
                state.renewed = asked;
            }
            state.cancel |= cancel;
        });
    }

    /// Cancellation of the run was requested.
    pub(super) fn cancel(&self) {
        self.change(|state| state.cancel = true);
    }

    /// Whether cancellation was requested.
    pub(super) fn is_cancelled(&self) -> bool {
        self.lock().cancel
    }

    /// The run is to stop where it is.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        self.change(|_| {});
    }

    /// Whether the run is to stop.
    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    /// Marks the run as being at work for as long as the returned guard lives. A run that was
    /// stopped before this call notices that afterwards; otherwise the code that stops it sees that
    /// it is at work.
    pub(super) fn at_work(&self) -> AtWork<'_> {
        self.at_work.store(true, Ordering::SeqCst);
        AtWork(self)
    }

    /// Whether the run is stopped and will do nothing more, whichever thread polls it.
    pub(super) fn rests(&self) -> bool {
        self.is_stopped() && !self.at_work.load(Ordering::SeqCst)
    }

    /// The lease is gone.
    pub(super) fn lost(&self, error: StoreError) {
        self.change(|state| {
            state.lost.get_or_insert(error);
        });
    }

    /// The lease could not be renewed this time.
    pub(super) fn request_failed(&self, error: StoreError) {
        self.change(|state| state.failure = Some(error));
    }

    /// Why the lease is gone, if it is.
    pub(super) fn take_lost(&self) -> Option<StoreError> {
        self.lock().lost.take()
    }

    /// Why the last renewal failed.
    pub(super) fn take_failure(&self) -> Option<StoreError> {
        self.lock().failure.take()
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        change(&mut state);
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        waiting.into_iter().for_each(Waker::wake);
    }
}

/// While this lives, the run is at work.
pub(super) struct AtWork<'a>(&'a Held);

impl Drop for AtWork<'_> {
    fn drop(&mut self) {
        self.0.at_work.store(false, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_that_has_not_been_renewed_in_time_is_not_certain() {
        let now = Moment::now();
        let hour = Duration::from_secs(3600);
        let (Some(steady), Some(wall)) = (now.steady.checked_sub(hour), now.wall.checked_sub(hour))
        else {
            panic!("the machine has run for less than an hour, by its own clock");
        };
        // Either clock is sufficient.
        for asked in [Moment { steady, ..now }, Moment { wall, ..now }] {
            let held = Held::new(Duration::from_secs(30), asked, false);
            assert!(!held.is_certain());
            held.renewed(now, false);
            assert!(held.is_certain());
        }
    }

    #[test]
    fn an_old_answer_does_not_shorten_a_lease() {
        let now = Moment::now();
        let earlier = Moment { wall: now.wall - Duration::from_secs(60), ..now };
        let held = Held::new(Duration::from_secs(30), now, false);
        held.renewed(earlier, true);
        assert!(held.is_certain() && held.is_cancelled());
    }

    #[test]
    fn a_stopped_run_rests_once_it_is_not_at_work() {
        let held = Held::new(Duration::from_secs(30), Moment::now(), false);
        assert!(!held.rests(), "it goes on");
        let at_work = held.at_work();
        held.stop();
        assert!(held.is_stopped() && !held.rests());
        drop(at_work);
        assert!(held.rests());
    }

    #[test]
    fn a_lost_lease_stays_lost() {
        let held = Held::new(Duration::from_secs(30), Moment::now(), false);
        held.lost(StoreError::LeaseLost { run: "one".to_owned() });
        held.renewed(Moment::now(), false);
        assert!(!held.is_certain());
    }
}
