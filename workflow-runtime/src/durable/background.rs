//! What a journal does alongside a run.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::task::coop::unconstrained;
use tokio::time::{Interval, MissedTickBehavior, interval};
use workflow_journal::{Claim, StoreFuture};

use crate::durable::heartbeat::renew;
use crate::durable::journal_recording::JournalRecording;
use crate::durable::{JournalError, at_run};
use crate::run::Recording;

/// Renews the lease, and writes what the body does not wait for.
pub(super) struct Background<'a> {
    recording: &'a JournalRecording,
    claim: Claim,
    heartbeat: Interval,
    renewal: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    work: FuturesUnordered<StoreFuture<'static, ()>>,
}

impl<'a> Background<'a> {
    pub(super) fn new(recording: &'a JournalRecording, claim: Claim) -> Self {
        // Often enough that the separate thread, which renews late leases, has nothing to do.
        let mut heartbeat = interval((claim.lease / 3).max(Duration::from_millis(1)));
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        heartbeat.reset();
        Self { recording, claim, heartbeat, renewal: None, work: FuturesUnordered::new() }
    }

    /// Does the work that is there. It never finishes by itself.
    ///
    /// It ignores what other code in the task has left of tokio's budget: a lease must not be lost
    /// because of a channel that is always ready.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Result<(), JournalError> {
        let work = poll_fn(|cx| Poll::Ready(self.poll_work(cx)));
        match pin!(unconstrained(work)).poll(cx) {
            Poll::Ready(outcome) => outcome,
            Poll::Pending => Ok(()),
        }
    }

    fn poll_work(&mut self, cx: &mut Context<'_>) -> Result<(), JournalError> {
        self.work.extend(self.recording.take_work());
        while let Poll::Ready(Some(written)) = self.work.poll_next_unpin(cx) {
            written.map_err(|error| at_run(self.recording.id(), None, error))?;
        }
        loop {
            if let Some(renewal) = &mut self.renewal {
                if renewal.as_mut().poll(cx).is_pending() {
                    return Ok(());
                }
                self.renewal = None;
            }
            if self.heartbeat.poll_tick(cx).is_pending() {
                return Ok(());
            }
            let (asked, claim) = (self.recording.asked().clone(), self.claim.clone());
            self.renewal = Some(Box::pin(async move { renew(&asked, &claim).await }));
        }
    }

    /// At the end of the body, writes what the body did not wait for.
    pub(super) async fn write_the_rest(&mut self) -> Result<(), JournalError> {
        self.work.extend(self.recording.take_work());
        while let Some(written) = self.work.next().await {
            written.map_err(|error| at_run(self.recording.id(), None, error))?;
        }
        Ok(())
    }

    /// Stops waiting for all of this.
    pub(super) fn stop(&mut self) {
        self.renewal = None;
        self.work.clear();
    }
}
