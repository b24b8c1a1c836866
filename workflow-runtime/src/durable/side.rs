//! What a journal does beside a run.

use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::time::{Interval, MissedTickBehavior, interval};
use workflow_journal::{Claim, JournalStore, StoreFuture, Timestamp};

use crate::durable::keeper::Keeper;
use crate::durable::{JournalError, at_run};

/// Renews the lease, and writes what the body does not wait for.
pub(super) struct Side<'a> {
    keeper: &'a Keeper,
    store: Arc<dyn JournalStore>,
    run: Arc<str>,
    epoch: i64,
    claim: Claim,
    heartbeat: Interval,
    /// When the lease was last asked for, and got.
    asked: Timestamp,
    held: Timestamp,
    renewal: Option<StoreFuture<'static, bool>>,
    cancel: bool,
    work: FuturesUnordered<StoreFuture<'static, ()>>,
}

impl<'a> Side<'a> {
    pub(super) fn new(
        keeper: &'a Keeper,
        store: Arc<dyn JournalStore>,
        run: Arc<str>,
        epoch: i64,
        claim: Claim,
        claimed: Timestamp,
    ) -> Self {
        // Three silent heartbeats in a row, and others may take the run over.
        let mut heartbeat = interval((claim.lease / 3).max(Duration::from_millis(1)));
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        heartbeat.reset();
        let work = FuturesUnordered::new();
        Self {
            keeper,
            store,
            run,
            epoch,
            claim,
            heartbeat,
            asked: claimed,
            held: claimed,
            renewal: None,
            cancel: false,
            work,
        }
    }

    /// Does what there is to do. Never done by itself. Gives whether the run is to be cancelled.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Result<bool, JournalError> {
        self.work.extend(self.keeper.take_work());
        while let Poll::Ready(Some(written)) = self.work.poll_next_unpin(cx) {
            written.map_err(|error| at_run(&self.run, None, error))?;
        }
        loop {
            if let Some(renewal) = &mut self.renewal {
                let Poll::Ready(renewed) = renewal.as_mut().poll(cx) else { break };
                self.renewed(renewed.map_err(|error| at_run(&self.run, None, error))?);
            }
            if self.heartbeat.poll_tick(cx).is_pending() {
                break;
            }
            self.renewal = Some(self.renew());
        }
        Ok(self.cancel)
    }

    /// Writes what the body did not wait for, at its end.
    pub(super) async fn write_the_rest(&mut self) -> Result<(), JournalError> {
        self.work.extend(self.keeper.take_work());
        while let Some(written) = self.work.next().await {
            written.map_err(|error| at_run(&self.run, None, error))?;
        }
        Ok(())
    }

    /// Waits until the run is certainly held. A process that stood still for longer than its
    /// lease asks before anything goes on: another one may have taken the run over.
    pub(super) fn poll_held(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), JournalError>> {
        if Timestamp::now() >= self.held.after(self.claim.lease) {
            if self.renewal.is_none() {
                self.renewal = Some(self.renew());
            }
            if let Some(renewal) = &mut self.renewal {
                let renewed = ready!(renewal.as_mut().poll(cx));
                self.renewed(renewed.map_err(|error| at_run(&self.run, None, error))?);
            }
        }
        Poll::Ready(Ok(()))
    }

    fn renewed(&mut self, cancel: bool) {
        self.renewal = None;
        self.held = self.asked;
        self.cancel |= cancel;
    }

    fn renew(&mut self) -> StoreFuture<'static, bool> {
        self.asked = Timestamp::now();
        let (store, run) = (Arc::clone(&self.store), Arc::clone(&self.run));
        let (epoch, claim) = (self.epoch, self.claim.clone());
        Box::pin(async move { store.renew(&run, epoch, &claim).await })
    }
}
