//! Requests to a store, with a time limit, and retried if the store fails for a while.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::future::{Either, select};
use tokio::task::spawn_blocking;
use tokio::time::{sleep, timeout};
use workflow_journal::{
    Claim, Claimed, End, JournalStore, NewRun, Record, SentSignal, StoreError, StoreFuture,
    StoredRun, Timestamp,
};

use crate::durable::claiming::Claiming;
use crate::durable::heartbeat::Heartbeat;
use crate::durable::held::Held;

/// The pause before a request is retried, at first and at most.
const PAUSE_FIRST: Duration = Duration::from_millis(20);
const PAUSE_LAST: Duration = Duration::from_secs(2);
/// How much real time a store has at least when a test lets the clock jump.
const LEAST: Duration = Duration::from_millis(300);

/// A store that is asked for one thing after another, before any run is held.
#[derive(Clone)]
pub(super) struct Asking {
    store: Arc<dyn JournalStore>,
    /// How long one request may take, and for how long it is retried.
    limit: Duration,
}

impl Asking {
    pub(super) fn new(store: Arc<dyn JournalStore>, limit: Duration) -> Self {
        Self { store, limit }
    }

    pub(super) fn store(&self) -> &Arc<dyn JournalStore> {
        &self.store
    }

    pub(super) async fn run(&self, run: &str) -> Result<Option<StoredRun>, StoreError> {
        self.ask(|| true, || self.store.run(run)).await
    }

    /// Records a run that is not held. A request whose answer was lost may have done it.
    pub(super) async fn create(&self, run: &NewRun) -> Result<bool, StoreError> {
        self.ask(|| true, || self.store.create(run)).await
    }

    /// Takes over a run in whatever state. If the answer to a request was lost, the next one gets a
    /// higher epoch.
    pub(super) async fn reopen(&self, run: &str, claim: &Claim) -> Result<Claimed, StoreError> {
        self.ask(|| true, || self.store.reopen(run, claim)).await
    }

    /// Claims a run. If this is dropped before the answer arrives, the claimed lease is given up.
    pub(super) async fn claim(
        &self,
        run: NewRun,
        claim: Claim,
        heartbeat: &Heartbeat,
    ) -> Result<Claimed, StoreError> {
        let asked = Arc::new((run, claim));
        let request = || -> StoreFuture<'_, Claimed> {
            let (store, asked) = (Arc::clone(&self.store), Arc::clone(&asked));
            let claiming = Claiming::new(store, asked, heartbeat);
            Box::pin(claiming)
        };
        self.ask(|| true, request).await
    }

    pub(super) async fn records(&self, run: &str) -> Result<Vec<Record>, StoreError> {
        self.ask(|| true, || self.store.records(run)).await
    }

    /// By how many milliseconds the store's clock is ahead of this machine's.
    pub(super) async fn ahead(&self) -> Result<i64, StoreError> {
        let asked = Timestamp::now();
        let theirs = self.ask(|| true, || self.store.now()).await?;
        // The clock was read some time between the request and the answer.
        let ours = asked.0 + (Timestamp::now().0 - asked.0) / 2;
        Ok(theirs.0.saturating_sub(ours))
    }

    /// Retries a request, with growing pauses, while the store fails and `may` allows it.
    async fn ask<'a, T>(
        &self,
        may: impl Fn() -> bool,
        request: impl Fn() -> StoreFuture<'a, T>,
    ) -> Result<T, StoreError> {
        let begun = tokio::time::Instant::now();
        let mut pause = PAUSE_FIRST;
        loop {
            match within(self.limit, request()).await {
                Err(error) if error.is_transient() && may() && begun.elapsed() < self.limit => {
                    sleep(pause).await;
                    pause = (pause * 2).min(PAUSE_LAST);
                }
                answer => return answer,
            }
        }
    }
}

/// Requests to the store for one run that is held here.
#[derive(Clone)]
pub(super) struct Asked {
    asking: Asking,
    run: Arc<str>,
    epoch: i64,
    held: Arc<Held>,
    /// By how many milliseconds the store's clock is ahead of this machine's.
    ahead: i64,
}

impl Asked {
    pub(super) fn new(
        asking: Asking,
        run: Arc<str>,
        epoch: i64,
        held: Arc<Held>,
        ahead: i64,
    ) -> Self {
        Self { asking, run, epoch, held, ahead }
    }

    pub(super) fn run(&self) -> &str {
        &self.run
    }

    pub(super) fn epoch(&self) -> i64 {
        self.epoch
    }

    pub(super) fn held(&self) -> &Arc<Held> {
        &self.held
    }

    pub(super) fn store(&self) -> &Arc<dyn JournalStore> {
        self.asking.store()
    }

    /// The current time by the store's clock.
    pub(super) fn now(&self) -> Timestamp {
        Timestamp(Timestamp::now().0.saturating_add(self.ahead))
    }

    async fn ask<'a, T>(&self, request: impl Fn() -> StoreFuture<'a, T>) -> Result<T, StoreError> {
        self.asking.ask(|| self.held.is_certain(), request).await
    }

    /// Writes a record. Writing it twice has the same effect as writing it once.
    pub(super) async fn write(&self, record: Record) -> Result<(), StoreError> {
        let (store, run, epoch) = (self.store(), &*self.run, self.epoch);
        self.ask(|| store.write(run, epoch, record.clone())).await
    }

    pub(super) async fn erase(&self, paths: &[String]) -> Result<(), StoreError> {
        let (store, run, epoch) = (self.store(), &*self.run, self.epoch);
        self.ask(|| store.erase(run, epoch, paths)).await
    }

    pub(super) async fn signals(&self) -> Result<Vec<SentSignal>, StoreError> {
        let (store, run) = (self.store(), &*self.run);
        self.ask(|| store.signals(run)).await
    }

    /// Ends the run.
    pub(super) async fn finish(&self, end: End) -> Result<(), StoreError> {
        let (store, run, epoch) = (self.store(), &*self.run, self.epoch);
        match self.ask(|| store.finish(run, epoch, end.clone())).await {
            // An answer may have been lost even though the run has ended.
            Err(error @ StoreError::LeaseLost { .. }) => {
                let ended = self.asking.run(run).await?;
                let same = ended.is_some_and(|ended| {
                    let outcome = ended.outcome.as_deref();
                    ended.held.is_none() && ended.state == end.state() && outcome == end.outcome()
                });
                if same { Ok(()) } else { Err(error) }
            }
            answer => answer,
        }
    }

    pub(super) fn is_same(&self, other: &Self) -> bool {
        // Another store may have a run with the same id.
        Arc::ptr_eq(&self.held, &other.held)
    }

    /// Writes a record; the future does not borrow from this. It has no time limit and is not
    /// retried: the timers for that would belong to the run's runtime, which may end before the
    /// write does.
    pub(super) fn write_in_background(&self, record: Record) -> StoreFuture<'static, ()> {
        let (store, run, epoch) = (Arc::clone(self.store()), Arc::clone(&self.run), self.epoch);
        Box::pin(async move { store.write(&run, epoch, record).await })
    }

    /// Gives up the lease; the future does not borrow from this.
    pub(super) fn release_in_background(&self) -> StoreFuture<'static, ()> {
        let (store, run, epoch) = (Arc::clone(self.store()), Arc::clone(&self.run), self.epoch);
        Box::pin(async move { store.release(&run, epoch).await })
    }

    /// Gives up the lease, if the store answers in time; otherwise the lease expires.
    pub(super) async fn release(&self) {
        let limit = self.held.lease().min(Duration::from_secs(5));
        let _ = within(limit, self.store().release(&self.run, self.epoch)).await;
    }
}

/// Waits for the answer to a request, for as long as it may take.
async fn within<T>(
    limit: Duration,
    request: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    let mut request = pin!(request);
    let begun = Instant::now();
    if let Ok(answer) = timeout(limit, &mut request).await {
        return answer;
    }
    // In tests that pause tokio's clock, time jumps while a real file is being written. A blocked
    // thread keeps it from jumping any further.
    if begun.elapsed() < limit.min(LEAST) {
        let least = spawn_blocking(|| std::thread::sleep(LEAST));
        if let Either::Left((answer, _)) = select(request, least).await {
            return answer;
        }
    }
    Err(StoreError::Failed {
        place: "the store".to_owned(),
        source: format!("it has not answered for {limit:?}").into(),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    fn failed() -> StoreError {
        StoreError::Failed { place: "store".to_owned(), source: "out of order".into() }
    }

    fn asking(seconds: u64) -> Asking {
        let store = Arc::new(workflow_journal::MemoryStore::new());
        Asking::new(store, Duration::from_secs(seconds))
    }

    #[tokio::test(start_paused = true)]
    async fn a_store_that_fails_for_a_while_is_asked_again() {
        let calls = AtomicU32::new(0);
        let request = || -> StoreFuture<'_, u32> {
            let call = calls.fetch_add(1, Ordering::Relaxed);
            Box::pin(async move { if call < 5 { Err(failed()) } else { Ok(call) } })
        };
        assert_eq!(asking(30).ask(|| true, request).await.unwrap(), 5);
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_not_asked_for_ever() {
        let asking = asking(30);
        let begun = tokio::time::Instant::now();
        let fails = || -> StoreFuture<'_, u32> { Box::pin(async { Err(failed()) }) };
        asking.ask(|| true, fails).await.unwrap_err();
        assert!(begun.elapsed() <= Duration::from_secs(33));
        // It is not asked again when another process may hold the run, either.
        let begun = tokio::time::Instant::now();
        asking.ask(|| false, fails).await.unwrap_err();
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_without_an_answer_ends() {
        let silent = || -> StoreFuture<'_, u32> { Box::pin(std::future::pending()) };
        let error = asking(30).ask(|| true, silent).await.unwrap_err();
        assert_eq!(error.to_string(), "the store failed: it has not answered for 30s");
    }
}
