//! A store that lets a test watch, hold up and break each of its calls.

use std::collections::HashMap;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use workflow_journal::{
    Claim, Claimed, End, Filter, JournalStore, Kind, NewRun, Record, SentSignal, StoreError,
    StoreFuture, StoredRun, StoredState,
};

/// A method of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "they have the names of the methods")]
pub enum Method {
    Claim,
    Create,
    Delete,
    Reopen,
    Renew,
    Release,
    Write,
    Erase,
    Finish,
    Send,
    Cancel,
    Retry,
    Signals,
    Run,
    Runs,
    Records,
}

/// One call of a store.
#[derive(Debug, Clone)]
pub struct Call {
    /// How many calls came before it.
    pub number: usize,
    /// Which method is called.
    pub method: Method,
    /// The record that is to be written, if one is.
    pub record: Option<Record>,
    /// What the run ends as, if it is to end.
    pub end: Option<StoredState>,
}

impl Call {
    /// A name of this call for people, such as ``write the step `a` ``.
    #[must_use]
    pub fn name(&self) -> String {
        match (&self.record, self.end) {
            (Some(record), _) => {
                let what = match record.kind {
                    Kind::Step => "step",
                    Kind::Failure => "failure of",
                    Kind::Compensation if record.path.is_empty() => "undoing",
                    Kind::Compensation => "undo of",
                    _ => "rest of",
                };
                format!("{:?} {what} `{}`", self.method, record.path)
            }
            (None, Some(end)) => format!("{:?} as {end:?}", self.method),
            (None, None) => format!("{:?}", self.method),
        }
    }
}

/// What a [`Watch`] gives: whether the call goes on.
pub type Pause<'a> = Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>>;

/// Is told of each call of a store.
pub trait Watch: Send + Sync + 'static {
    /// Before anything is done. With an error nothing is done.
    fn before<'a>(&'a self, call: &'a Call) -> Pause<'a>;

    /// When all has been done, and before the caller knows it.
    fn applied(&self, _: &Call) {}

    /// When all has been done. With an error, the caller hears of this instead.
    fn after<'a>(&'a self, call: &'a Call) -> Pause<'a>;
}

/// Passes all calls on to a store, and tells a [`Watch`]. Clones share both.
#[derive(Clone)]
pub struct Watched {
    store: Arc<dyn JournalStore>,
    watch: Arc<dyn Watch>,
    calls: Arc<AtomicUsize>,
    epochs: Arc<Mutex<HashMap<String, i64>>>,
}

impl Watched {
    /// A store whose calls are watched.
    pub fn new(store: impl JournalStore, watch: Arc<dyn Watch>) -> Self {
        let (calls, epochs) = (Arc::default(), Arc::default());
        Self { store: Arc::new(store), watch, calls, epochs }
    }

    /// Plays the end of the lease by which this store's user holds a run: others can claim it
    /// from now on, and what its user still writes is refused as soon as one has.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn expire(&self, run: &str) -> Result<(), StoreError> {
        let epoch = self.lock().get(run).copied();
        let Some(epoch) = epoch else { return Ok(()) };
        match self.store.release(run, epoch).await {
            // It was given up, or has been taken over already.
            Err(StoreError::LeaseLost { .. }) => Ok(()),
            released => released,
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, i64>> {
        self.epochs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn watched<T>(
        &self,
        method: Method,
        about: (Option<Record>, Option<StoredState>),
        inner: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let number = self.calls.fetch_add(1, Ordering::Relaxed);
        let (record, end) = about;
        let call = Call { number, method, record, end };
        self.watch.before(&call).await?;
        let answer = inner.await?;
        self.watch.applied(&call);
        self.watch.after(&call).await?;
        Ok(answer)
    }

    fn plain<'a, T: Send + 'a>(
        &'a self,
        method: Method,
        inner: StoreFuture<'a, T>,
    ) -> StoreFuture<'a, T> {
        Box::pin(self.watched(method, (None, None), inner))
    }
}

impl JournalStore for Watched {
    fn claim<'a>(&'a self, run: &'a NewRun, claim: &'a Claim) -> StoreFuture<'a, Claimed> {
        let claimed = async move {
            let claimed = self.store.claim(run, claim).await?;
            if let Claimed::Held { epoch, .. } = &claimed {
                self.lock().insert(run.id.clone(), *epoch);
            }
            Ok(claimed)
        };
        self.plain(Method::Claim, Box::pin(claimed))
    }

    fn create<'a>(&'a self, run: &'a NewRun) -> StoreFuture<'a, bool> {
        self.plain(Method::Create, self.store.create(run))
    }

    fn reopen<'a>(&'a self, run: &'a str, claim: &'a Claim) -> StoreFuture<'a, Claimed> {
        let reopened = async move {
            let claimed = self.store.reopen(run, claim).await?;
            if let Claimed::Held { epoch, .. } = &claimed {
                self.lock().insert(run.to_owned(), *epoch);
            }
            Ok(claimed)
        };
        self.plain(Method::Reopen, Box::pin(reopened))
    }

    fn delete<'a>(&'a self, runs: &'a [String]) -> StoreFuture<'a, usize> {
        self.plain(Method::Delete, self.store.delete(runs))
    }

    fn renew<'a>(&'a self, run: &'a str, epoch: i64, claim: &'a Claim) -> StoreFuture<'a, bool> {
        self.plain(Method::Renew, self.store.renew(run, epoch, claim))
    }

    fn release<'a>(&'a self, run: &'a str, epoch: i64) -> StoreFuture<'a, ()> {
        self.plain(Method::Release, self.store.release(run, epoch))
    }

    fn write<'a>(&'a self, run: &'a str, epoch: i64, record: Record) -> StoreFuture<'a, ()> {
        let about = (Some(record.clone()), None);
        Box::pin(self.watched(Method::Write, about, self.store.write(run, epoch, record)))
    }

    fn erase<'a>(&'a self, run: &'a str, epoch: i64, paths: &'a [String]) -> StoreFuture<'a, ()> {
        self.plain(Method::Erase, self.store.erase(run, epoch, paths))
    }

    fn finish<'a>(&'a self, run: &'a str, epoch: i64, end: End) -> StoreFuture<'a, ()> {
        let about = (None, Some(end.state()));
        Box::pin(self.watched(Method::Finish, about, self.store.finish(run, epoch, end)))
    }

    fn send<'a>(&'a self, run: &'a str, signal: SentSignal) -> StoreFuture<'a, ()> {
        self.plain(Method::Send, self.store.send(run, signal))
    }

    fn signals<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Vec<SentSignal>> {
        self.plain(Method::Signals, self.store.signals(run))
    }

    fn cancel<'a>(&'a self, run: &'a str) -> StoreFuture<'a, ()> {
        self.plain(Method::Cancel, self.store.cancel(run))
    }

    fn retry<'a>(&'a self, run: &'a str) -> StoreFuture<'a, ()> {
        self.plain(Method::Retry, self.store.retry(run))
    }

    fn run<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Option<StoredRun>> {
        self.plain(Method::Run, self.store.run(run))
    }

    fn runs<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Vec<StoredRun>> {
        self.plain(Method::Runs, self.store.runs(filter))
    }

    fn records<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Vec<Record>> {
        self.plain(Method::Records, self.store.records(run))
    }
}
