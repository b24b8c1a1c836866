//! Who waits for the end of a run in this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::Notify;

/// Tells those that wait for a run when it ends here. The end of a run elsewhere they have to look
/// for.
#[derive(Clone, Default)]
pub(super) struct Ended {
    waiting: Arc<Mutex<HashMap<String, Weak<Notify>>>>,
}

impl Ended {
    /// What is notified when this run ends.
    pub(super) fn of(&self, run: &str) -> Arc<Notify> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = waiting.get(run).and_then(Weak::upgrade) {
            return known;
        }
        // Those that have stopped waiting.
        waiting.retain(|_, notify| notify.strong_count() > 0);
        let notify = Arc::new(Notify::new());
        waiting.insert(run.to_owned(), Arc::downgrade(&notify));
        notify
    }

    /// This run has ended.
    pub(super) fn tell(&self, run: &str) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(notify) = waiting.remove(run).and_then(|notify| notify.upgrade()) {
            notify.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn all_that_wait_for_a_run_are_told() {
        let ended = Ended::default();
        let (first, second, other) = (ended.of("a"), ended.of("a"), ended.of("b"));
        let (told_first, told_second) = (first.notified(), second.notified());
        ended.tell("a");
        told_first.await;
        told_second.await;
        let quiet = tokio::time::timeout(std::time::Duration::ZERO, other.notified()).await;
        assert!(quiet.is_err(), "the other run has not ended");
    }

    #[test]
    fn nothing_is_kept_for_those_that_have_stopped_waiting() {
        let ended = Ended::default();
        for run in 0..100 {
            drop(ended.of(&run.to_string()));
        }
        assert_eq!(ended.waiting.lock().unwrap().len(), 1);
    }
}
