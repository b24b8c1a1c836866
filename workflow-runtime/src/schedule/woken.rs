//! Which of several futures have been woken since each was polled.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};

use futures_util::task::AtomicWaker;

/// The numbers of futures that have been woken, first come first served.
#[derive(Default)]
pub(crate) struct Woken {
    numbers: Mutex<VecDeque<usize>>,
    /// The waker of the task that polls them.
    task: AtomicWaker,
}

/// Wakes one of them.
struct Bell {
    number: usize,
    /// Whether the future is among the woken ones.
    rung: AtomicBool,
    woken: Arc<Woken>,
}

/// What wakes one of the futures.
pub(crate) struct OwnWaker {
    bell: Arc<Bell>,
    pub(crate) waker: Waker,
}

impl Woken {
    /// The waker of a future with this number, which has not been woken.
    pub(crate) fn waker(self: &Arc<Self>, number: usize) -> OwnWaker {
        let rung = AtomicBool::new(false);
        let bell = Arc::new(Bell { number, rung, woken: Arc::clone(self) });
        OwnWaker { waker: Waker::from(Arc::clone(&bell)), bell }
    }

    /// A poll of the task begins: whatever wakes one of the futures from now on wakes it again.
    pub(crate) fn poll_by(&self, task: &Waker) {
        self.task.register(task);
    }

    /// The next future to poll.
    pub(crate) fn next(&self) -> Option<usize> {
        self.lock().pop_front()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<usize>> {
        self.numbers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OwnWaker {
    /// Whether the future has been woken since it was polled.
    pub(crate) fn has_rung(&self) -> bool {
        self.bell.rung.load(Ordering::Acquire)
    }

    /// The future is about to be polled: a wake after this is a new one.
    pub(crate) fn answered(&self) {
        self.bell.rung.store(false, Ordering::Release);
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.rung.swap(true, Ordering::AcqRel) {
            self.woken.lock().push_back(self.number);
            self.woken.task.wake();
        }
    }
}
