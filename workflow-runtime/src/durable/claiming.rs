//! A claim whose caller may be gone before the answer arrives.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use workflow_journal::{Claim, Claimed, JournalStore, NewRun, StoreError, StoreFuture};

use crate::durable::heartbeat::Heartbeat;

/// A claim that is on its way to the store. Most stores do what they were asked even if the answer
/// is no longer awaited. So if this is dropped, a lease that it obtains is given up in the
/// background.
pub(super) struct Claiming<'a> {
    store: Arc<dyn JournalStore>,
    asked: Arc<(NewRun, Claim)>,
    heartbeat: &'a Heartbeat,
    answer: Option<StoreFuture<'static, Claimed>>,
}

impl<'a> Claiming<'a> {
    pub(super) fn new(
        store: Arc<dyn JournalStore>,
        asked: Arc<(NewRun, Claim)>,
        heartbeat: &'a Heartbeat,
    ) -> Self {
        Self { store, asked, heartbeat, answer: None }
    }
}

impl Future for Claiming<'_> {
    type Output = Result<Claimed, StoreError>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { store, asked, answer, .. } = &mut *self;
        let claim = answer.get_or_insert_with(|| {
            let (store, asked) = (Arc::clone(store), Arc::clone(asked));
            Box::pin(async move { store.claim(&asked.0, &asked.1).await })
        });
        let polled = claim.as_mut().poll(cx);
        if polled.is_ready() {
            *answer = None;
        }
        polled
    }
}

impl Drop for Claiming<'_> {
    fn drop(&mut self) {
        let Some(claim) = self.answer.take() else { return };
        let (store, asked) = (Arc::clone(&self.store), Arc::clone(&self.asked));
        self.heartbeat.finish(Box::pin(async move {
            // A run that has been claimed again in the meantime is held under a later epoch, and
            // stays held.
            if let Claimed::Held { epoch, .. } = claim.await? {
                store.release(&asked.0.id, epoch).await?;
            }
            Ok(())
        }));
    }
}
