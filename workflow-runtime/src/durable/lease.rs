//! The right to work on a run.

use workflow_journal::End;

use crate::durable::asked::Asked;
use crate::durable::heartbeat::Heartbeat;

/// A lease that is given up when this is dropped: code that stops a run midway need not wait for
/// that.
pub(super) struct Lease {
    asked: Asked,
    heartbeat: Heartbeat,
    held: bool,
}

impl Lease {
    pub(super) fn new(asked: Asked, heartbeat: Heartbeat) -> Self {
        Self { asked, heartbeat, held: true }
    }

    /// The run has ended, and the lease with it.
    pub(super) fn is_over(&mut self) {
        self.held = false;
        Heartbeat::forget(self.asked.clone());
    }

    /// Gives up the lease, and waits for that, but not for long.
    pub(super) async fn give_up(&mut self) {
        self.is_over();
        self.asked.release().await;
    }

    /// The same, but leaves the run as it was before it was claimed, if it had ended by then.
    pub(super) async fn leave(&mut self, as_before: Option<End>) {
        let Some(end) = as_before else { return self.give_up().await };
        if self.asked.finish(end).await.is_ok() {
            self.is_over();
        } else {
            self.give_up().await;
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if self.held {
            self.heartbeat.give_up(self.asked.clone());
        }
    }
}
