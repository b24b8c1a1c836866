//! The right to work on a run.

use std::sync::Arc;

use tokio::runtime::Handle;
use workflow_journal::{JournalStore, StoreError};

/// A lease, which is given up with this: who stops a run in the middle need not be waited for.
pub(super) struct Lease {
    store: Arc<dyn JournalStore>,
    run: Arc<str>,
    epoch: i64,
    held: bool,
}

impl Lease {
    pub(super) fn new(store: Arc<dyn JournalStore>, run: Arc<str>, epoch: i64) -> Self {
        Self { store, run, epoch, held: true }
    }

    pub(super) fn epoch(&self) -> i64 {
        self.epoch
    }

    /// The run has ended, and the lease with it.
    pub(super) fn is_over(&mut self) {
        self.held = false;
    }

    pub(super) async fn give_up(mut self) -> Result<(), StoreError> {
        self.held = false;
        self.store.release(&self.run, self.epoch).await
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if !self.held {
            return;
        }
        // Without a runtime, the lease's time runs out.
        if let Ok(runtime) = Handle::try_current() {
            let (store, run, epoch) = (Arc::clone(&self.store), Arc::clone(&self.run), self.epoch);
            runtime.spawn(async move { store.release(&run, epoch).await });
        }
    }
}
