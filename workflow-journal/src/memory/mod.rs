//! A store for tests.

mod kept;
mod records;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use self::kept::Kept;
use crate::{
    Claim, Claimed, End, Filter, JournalStore, NewRun, Record, SentSignal, StoreFuture, StoredRun,
    Timestamp,
};

/// Keeps runs in memory, for tests: it forgets them when the last clone is dropped.
///
/// Clones share their contents, so a clone can play the process that is started after a crash. To
/// play a holder that has died, claim with a lease of zero: it is over at once.
///
/// ```
/// # use std::time::Duration;
/// use workflow_journal::{Claim, Claimed, JournalStore, MemoryStore, NewRun};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), workflow_journal::StoreError> {
/// let store = MemoryStore::new();
/// let run = NewRun::new("cart-1042", "checkout", r#"{"cart":1042}"#, "{}");
/// let claim = Claim::new("host-7", Duration::from_secs(30));
/// assert_eq!(store.claim(&run, &claim).await?, Claimed::Held { epoch: 1, new: true });
///
/// let other = Claim::new("host-8", claim.lease);
/// assert!(matches!(store.claim(&run, &other).await?, Claimed::Busy { .. }));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    kept: Arc<Mutex<Kept>>,
}

impl MemoryStore {
    /// An empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        // Nothing in here panics halfway.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl JournalStore for MemoryStore {
    fn claim<'a>(&'a self, run: &'a NewRun, claim: &'a Claim) -> StoreFuture<'a, Claimed> {
        Box::pin(async move { Ok(self.lock().claim(run, claim)) })
    }

    fn create<'a>(&'a self, run: &'a NewRun) -> StoreFuture<'a, bool> {
        Box::pin(async move { Ok(self.lock().create(run)) })
    }

    fn reopen<'a>(&'a self, run: &'a str, claim: &'a Claim) -> StoreFuture<'a, Claimed> {
        Box::pin(async move { self.lock().reopen(run, claim) })
    }

    fn delete<'a>(&'a self, runs: &'a [String]) -> StoreFuture<'a, usize> {
        Box::pin(async move { Ok(self.lock().delete(runs)) })
    }

    fn renew<'a>(&'a self, run: &'a str, epoch: i64, claim: &'a Claim) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let mut kept = self.lock();
            let kept = kept.held(run, epoch)?;
            kept.run.held = Some((claim.holder.clone(), Timestamp::now().after(claim.lease)));
            Ok(kept.run.cancel)
        })
    }

    fn release<'a>(&'a self, run: &'a str, epoch: i64) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            self.lock().held(run, epoch)?.run.held = None;
            Ok(())
        })
    }

    fn write<'a>(&'a self, run: &'a str, epoch: i64, record: Record) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let mut kept = self.lock();
            kept.held(run, epoch)?.records.write(record);
            kept.touch(run);
            Ok(())
        })
    }

    fn erase<'a>(&'a self, run: &'a str, epoch: i64, paths: &'a [String]) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let mut kept = self.lock();
            kept.held(run, epoch)?.records.erase(paths);
            kept.touch(run);
            Ok(())
        })
    }

    fn finish<'a>(&'a self, run: &'a str, epoch: i64, end: End) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let mut kept = self.lock();
            let ended = &mut kept.held(run, epoch)?.run;
            ended.state = end.state();
            ended.outcome = end.outcome().map(str::to_owned);
            ended.held = None;
            kept.touch(run);
            Ok(())
        })
    }

    fn send<'a>(&'a self, run: &'a str, signal: SentSignal) -> StoreFuture<'a, ()> {
        Box::pin(async move { self.lock().send(run, signal) })
    }

    fn signals<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Vec<SentSignal>> {
        Box::pin(async move { Ok(self.lock().signals.get(run).cloned().unwrap_or_default()) })
    }

    fn cancel<'a>(&'a self, run: &'a str) -> StoreFuture<'a, ()> {
        Box::pin(async move { self.lock().cancel(run) })
    }

    fn retry<'a>(&'a self, run: &'a str) -> StoreFuture<'a, ()> {
        Box::pin(async move { self.lock().retry(run) })
    }

    fn run<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Option<StoredRun>> {
        Box::pin(async move { Ok(self.lock().runs.get(run).map(|kept| kept.run.clone())) })
    }

    fn runs<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Vec<StoredRun>> {
        Box::pin(async move { Ok(self.lock().runs(filter)) })
    }

    fn records<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Vec<Record>> {
        Box::pin(async move {
            Ok(self.lock().runs.get(run).map(|kept| kept.records.all()).unwrap_or_default())
        })
    }
}
