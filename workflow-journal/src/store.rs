//! The trait of all stores.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::{
    Claim, Claimed, End, Filter, NewRun, Record, SentSignal, StoreError, StoredRun, Timestamp,
};

/// What a store's methods return.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// Keeps runs.
///
/// When a future of a method that writes returns `Ok`, what it wrote outlasts a crash of the
/// process and of the machine. When it returns an error, or is dropped, either everything has been
/// written or nothing. A store that has failed once works again as soon as what it depends on does.
/// Methods may be called from any number of threads and processes at once, and never block the
/// thread.
///
/// All methods that take an `epoch` fail with [`StoreError::LeaseLost`] if the run has been claimed
/// since, was released or has ended, and with [`StoreError::NoSuchRun`] if there is none. It does
/// not matter to them whether the lease's time is over.
///
/// Texts can contain any characters, and be long. A store that cannot keep some characters, or a
/// text of such a length, fails with [`StoreError::Refused`] and says so. The texts of
/// [`End::Failed`] and [`End::UndoFailed`] are the exception, since a run must be able to end:
/// there, such characters are replaced, and a text that is too long is cut.
///
/// No request waits forever: one that a store cannot do within its own limit fails with
/// [`StoreError::Failed`].
///
/// # A store of your own
///
/// Each method returns a boxed future. This store counts what is written to another one; the
/// methods that are not shown pass on everything that they get, like `release`. Methods with a
/// provided implementation are optional, but a store that wraps another one passes them on as well:
///
/// ```
/// use std::sync::atomic::{AtomicUsize, Ordering};
/// use workflow_journal::{JournalStore, MemoryStore, Record, StoreFuture};
/// # use workflow_journal::{Claim, Claimed, End, Filter, NewRun, StoredRun, SentSignal, StoreError, Timestamp};
///
/// struct Counted<S> {
///     store: S,
///     written: AtomicUsize,
/// }
///
/// impl<S: JournalStore> JournalStore for Counted<S> {
///     fn write<'a>(&'a self, run: &'a str, epoch: i64, record: Record) -> StoreFuture<'a, ()> {
///         Box::pin(async move {
///             self.store.write(run, epoch, record).await?;
///             self.written.fetch_add(1, Ordering::Relaxed);
///             Ok(())
///         })
///     }
///
///     fn release<'a>(&'a self, run: &'a str, epoch: i64) -> StoreFuture<'a, ()> {
///         self.store.release(run, epoch)
///     }
/// #     fn claim<'a>(&'a self, run: &'a NewRun, claim: &'a Claim) -> StoreFuture<'a, Claimed> {
/// #         self.store.claim(run, claim)
/// #     }
/// #     fn renew<'a>(&'a self, run: &'a str, epoch: i64, claim: &'a Claim) -> StoreFuture<'a, bool> {
/// #         self.store.renew(run, epoch, claim)
/// #     }
/// #     fn erase<'a>(&'a self, run: &'a str, epoch: i64, paths: &'a [String]) -> StoreFuture<'a, ()> {
/// #         self.store.erase(run, epoch, paths)
/// #     }
/// #     fn finish<'a>(&'a self, run: &'a str, epoch: i64, end: End) -> StoreFuture<'a, ()> {
/// #         self.store.finish(run, epoch, end)
/// #     }
/// #     fn send<'a>(&'a self, run: &'a str, signal: SentSignal) -> StoreFuture<'a, ()> {
/// #         self.store.send(run, signal)
/// #     }
/// #     fn signals<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Vec<SentSignal>> {
/// #         self.store.signals(run)
/// #     }
/// #     fn cancel<'a>(&'a self, run: &'a str) -> StoreFuture<'a, ()> {
/// #         self.store.cancel(run)
/// #     }
/// #     fn retry<'a>(&'a self, run: &'a str) -> StoreFuture<'a, ()> {
/// #         self.store.retry(run)
/// #     }
/// #     fn run<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Option<StoredRun>> {
/// #         self.store.run(run)
/// #     }
/// #     fn runs<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Vec<StoredRun>> {
/// #         self.store.runs(filter)
/// #     }
/// #     fn records<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Vec<Record>> {
/// #         self.store.records(run)
/// #     }
/// #     fn runs_found<'a>(
/// #         &'a self,
/// #         filter: &'a Filter,
/// #     ) -> StoreFuture<'a, Vec<Result<StoredRun, StoreError>>> {
/// #         self.store.runs_found(filter)
/// #     }
/// #     fn records_found<'a>(
/// #         &'a self,
/// #         run: &'a str,
/// #     ) -> StoreFuture<'a, Vec<Result<Record, StoreError>>> {
/// #         self.store.records_found(run)
/// #     }
/// #     fn create<'a>(&'a self, run: &'a NewRun) -> StoreFuture<'a, bool> {
/// #         self.store.create(run)
/// #     }
/// #     fn reopen<'a>(&'a self, run: &'a str, claim: &'a Claim) -> StoreFuture<'a, Claimed> {
/// #         self.store.reopen(run, claim)
/// #     }
/// #     fn delete<'a>(&'a self, runs: &'a [String]) -> StoreFuture<'a, usize> {
/// #         self.store.delete(runs)
/// #     }
/// #     fn sizes<'a>(&'a self, runs: &'a [String]) -> StoreFuture<'a, Vec<u64>> {
/// #         self.store.sizes(runs)
/// #     }
/// #     fn vacuum(&self) -> StoreFuture<'_, ()> {
/// #         self.store.vacuum()
/// #     }
/// #     fn now(&self) -> StoreFuture<'_, Timestamp> {
/// #         self.store.now()
/// #     }
/// }
/// # let _: Box<dyn JournalStore> =
/// #     Box::new(Counted { store: MemoryStore::new(), written: AtomicUsize::new(0) });
/// ```
///
/// Requests come from more than one runtime: leases are also renewed and released by a thread with
/// its own tokio runtime, and a request that was polled before the caller's runtime ended is polled
/// there afterwards. A store that needs the timers or connections of one runtime keeps a thread for
/// them and talks to it through channels, as the store for PostgreSQL does.
///
/// With the feature `conformance`, one call of `workflow_journal::conformance::check` in a test
/// checks everything that is said here.
pub trait JournalStore: Send + Sync + 'static {
    /// Starts a run, or takes over one that no one holds any more. A run that had failed, or that
    /// could not be undone, becomes unfinished again, without an outcome.
    ///
    /// The workflow's name, inputs and graph of a run that already exists stay as they are: the
    /// caller that claims it compares them. A lease that has not ended keeps out other holders, but
    /// not its own holder, which gets a new epoch. A lease of zero is over at once.
    ///
    /// ```
    /// use workflow_journal::{Claim, Claimed, JournalStore, MemoryStore, NewRun};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workflow_journal::StoreError> {
    /// # let store = MemoryStore::new();
    /// let run = NewRun::new("cart-1042", "checkout", r#"{"cart":1042}"#, "{}");
    /// let died = Claim::new("host-7", std::time::Duration::ZERO);
    /// store.claim(&run, &died).await?;
    ///
    /// let claim = Claim::new("host-8", std::time::Duration::from_secs(30));
    /// assert_eq!(store.claim(&run, &claim).await?, Claimed::Held { epoch: 2, new: false });
    /// # Ok(())
    /// # }
    /// ```
    fn claim<'a>(&'a self, run: &'a NewRun, claim: &'a Claim) -> StoreFuture<'a, Claimed>;

    /// Starts a run that nobody holds yet: the first process that claims it works on it. Returns
    /// whether the run is new. A run that exists already stays as it is, whatever its state.
    ///
    /// The provided implementation claims the run and releases it. It looks first whether there is
    /// such a run, so a run that another process starts, and that fails, between those two
    /// requests becomes unfinished again. A store that can do it in one request should.
    ///
    /// ```
    /// use workflow_journal::{JournalStore, MemoryStore, NewRun};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workflow_journal::StoreError> {
    /// # let store = MemoryStore::new();
    /// let run = NewRun::new("cart-1042", "checkout", r#"{"cart":1042}"#, "{}");
    /// assert!(store.create(&run).await?);
    /// assert!(!store.create(&run).await?);
    /// assert_eq!(store.run("cart-1042").await?.unwrap().held, None);
    /// # Ok(())
    /// # }
    /// ```
    fn create<'a>(&'a self, run: &'a NewRun) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            if self.run(&run.id).await?.is_some() {
                return Ok(false);
            }
            let claim = Claim::new(format!("the start of run {}", run.id), Duration::ZERO);
            let Claimed::Held { epoch, new } = self.claim(run, &claim).await? else {
                return Ok(false);
            };
            match self.release(&run.id, epoch).await {
                // A lease of zero is over at once, so another process may hold the run already.
                Ok(()) | Err(StoreError::LeaseLost { .. }) => Ok(new),
                Err(error) => Err(error),
            }
        })
    }

    /// Takes over a run that no one holds, whatever its state: one that has completed or was
    /// cancelled becomes unfinished, too, without an outcome and without a request to cancel it.
    /// Returns [`Claimed::Held`] or [`Claimed::Busy`]. Fails with [`StoreError::NoSuchRun`].
    ///
    /// The provided implementation refuses to.
    ///
    /// ```
    /// use workflow_journal::{Claimed, End, JournalStore, MemoryStore, StoredState};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workflow_journal::StoreError> {
    /// # let store = MemoryStore::new();
    /// # let new = workflow_journal::NewRun::new("cart-1042", "checkout", "{}", "{}");
    /// # let claim = workflow_journal::Claim::new("host-7", std::time::Duration::from_secs(30));
    /// # let claimed = store.claim(&new, &claim).await?;
    /// # let Claimed::Held { epoch, .. } = claimed else { panic!() };
    /// store.finish("cart-1042", epoch, End::Completed("7".into())).await?;
    /// assert_eq!(store.claim(&new, &claim).await?, Claimed::Ended);
    ///
    /// let claimed = store.reopen("cart-1042", &claim).await?;
    /// assert_eq!(claimed, Claimed::Held { epoch: epoch + 1, new: false });
    /// assert_eq!(store.run("cart-1042").await?.unwrap().state, StoredState::Unfinished);
    /// # Ok(())
    /// # }
    /// ```
    fn reopen<'a>(&'a self, run: &'a str, claim: &'a Claim) -> StoreFuture<'a, Claimed> {
        let _ = (run, claim);
        let place = "the store".to_owned();
        let refused = StoreError::Refused { place, source: "it cannot reopen runs".into() };
        Box::pin(async { Err(refused) })
    }

    /// Prolongs the lease, counted from now. Returns whether someone has asked for the run to be
    /// cancelled.
    ///
    /// ```
    /// use workflow_journal::{JournalStore, MemoryStore};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workflow_journal::StoreError> {
    /// # let store = MemoryStore::new();
    /// # let new = workflow_journal::NewRun::new("cart-1042", "checkout", "{}", "{}");
    /// # let claim = workflow_journal::Claim::new("host-7", std::time::Duration::from_secs(30));
    /// # let claimed = store.claim(&new, &claim).await?;
    /// # let workflow_journal::Claimed::Held { epoch, .. } = claimed else { panic!() };
    /// store.cancel("cart-1042").await?;
    /// assert!(store.renew("cart-1042", epoch, &claim).await?);
    /// # Ok(())
    /// # }
    /// ```
    fn renew<'a>(&'a self, run: &'a str, epoch: i64, claim: &'a Claim) -> StoreFuture<'a, bool>;

    /// Releases the lease, so that others need not wait for its end. The run stays unfinished.
    ///
    /// ```
    /// use workflow_journal::{JournalStore, MemoryStore};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workflow_journal::StoreError> {
    /// # let store = MemoryStore::new();
    /// # let new = workflow_journal::NewRun::new("cart-1042", "checkout", "{}", "{}");
    /// # let claim = workflow_journal::Claim::new("host-7", std::time::Duration::from_secs(30));
    /// # let claimed = store.claim(&new, &claim).await?;
    /// # let workflow_journal::Claimed::Held { epoch, .. } = claimed else { panic!() };
    /// store.release("cart-1042", epoch).await?;
    /// assert_eq!(store.run("cart-1042").await?.unwrap().held, None);
    /// # Ok(())
    /// # }
    /// ```
    fn release<'a>(&'a self, run: &'a str, epoch: i64) -> StoreFuture<'a, ()>;

    /// Writes a record. It replaces one with the same path and kind, and is then the last one.
    ///
    /// ```
    /// use workflow_journal::{JournalStore, Kind, MemoryStore, Record, Timestamp};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workflow_journal::StoreError> {
    /// # let store = MemoryStore::new();
    /// # let new = workflow_journal::NewRun::new("cart-1042", "checkout", "{}", "{}");
    /// # let claim = workflow_journal::Claim::new("host-7", std::time::Duration::from_secs(30));
    /// # let claimed = store.claim(&new, &claim).await?;
    /// # let workflow_journal::Claimed::Held { epoch, .. } = claimed else { panic!() };
    /// let charged = Record::new("charge", Kind::Step, "995", Timestamp::now());
    /// store.write("cart-1042", epoch, charged).await?;
    /// assert_eq!(store.records("cart-1042").await?[0].output, "995");
    /// # Ok(())
    /// # }
    /// ```
    fn write<'a>(&'a self, run: &'a str, epoch: i64, record: Record) -> StoreFuture<'a, ()>;

    /// Removes all records of these paths, of any kind, at once. Paths without a record are
    /// ignored.
    ///
    /// ```
    /// use workflow_journal::{JournalStore, Kind, MemoryStore, Record, Timestamp};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workflow_journal::StoreError> {
    /// # let store = MemoryStore::new();
    /// # let new = workflow_journal::NewRun::new("cart-1042", "checkout", "{}", "{}");
    /// # let claim = workflow_journal::Claim::new("host-7", std::time::Duration::from_secs(30));
    /// # let claimed = store.claim(&new, &claim).await?;
    /// # let workflow_journal::Claimed::Held { epoch, .. } = claimed else { panic!() };
    /// # let charged = Record::new("charge", Kind::Step, "995", Timestamp::now());
    /// # store.write("cart-1042", epoch, charged).await?;
    /// store.erase("cart-1042", epoch, &["charge".to_owned()]).await?;
    /// assert!(store.records("cart-1042").await?.is_empty());
    /// # Ok(())
    /// # }
    /// ```
    fn erase<'a>(&'a self, run: &'a str, epoch: i64, paths: &'a [String]) -> StoreFuture<'a, ()>;

    /// Ends the run, and its lease with it.
    ///
    /// ```
    /// use workflow_journal::{End, JournalStore, MemoryStore, StoredState};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workflow_journal::StoreError> {
    /// # let store = MemoryStore::new();
    /// # let new = workflow_journal::NewRun::new("cart-1042", "checkout", "{}", "{}");
    /// # let claim = workflow_journal::Claim::new("host-7", std::time::Duration::from_secs(30));
    /// # let claimed = store.claim(&new, &claim).await?;
    /// # let workflow_journal::Claimed::Held { epoch, .. } = claimed else { panic!() };
    /// store.finish("cart-1042", epoch, End::Completed("7".into())).await?;
    /// let run = store.run("cart-1042").await?.unwrap();
    /// assert_eq!((run.state, run.outcome.as_deref()), (StoredState::Completed, Some("7")));
    /// # Ok(())
    /// # }
    /// ```
    fn finish<'a>(&'a self, run: &'a str, epoch: i64, end: End) -> StoreFuture<'a, ()>;

    /// Sends a signal to a run, which may not have been started yet. Signals with the same name
    /// queue up. Fails with [`StoreError::Ended`] if the run has completed or was cancelled.
    ///
    /// ```
    /// use workflow_journal::{JournalStore, MemoryStore, SentSignal, Timestamp};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workflow_journal::StoreError> {
    /// # let store = MemoryStore::new();
    /// store.send("draft-7", SentSignal::new("approval", r#""Ada""#, Timestamp::now())).await?;
    /// # Ok(())
    /// # }
    /// ```
    fn send<'a>(&'a self, run: &'a str, signal: SentSignal) -> StoreFuture<'a, ()>;

    /// All signals of a run, in the order in which they were sent; none if there is no such run.
    ///
    /// ```
    /// use workflow_journal::{JournalStore, MemoryStore, SentSignal, Timestamp};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workflow_journal::StoreError> {
    /// # let store = MemoryStore::new();
    /// # store.send("draft-7", SentSignal::new("approval", r#""Ada""#, Timestamp::now())).await?;
    /// let signals = store.signals("draft-7").await?;
    /// assert_eq!(signals[0].value, r#""Ada""#);
    /// # Ok(())
    /// # }
    /// ```
    fn signals<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Vec<SentSignal>>;

    /// Asks the current or next holder of the run to cancel it. Asking again changes nothing. Fails
    /// with [`StoreError::NoSuchRun`], or with [`StoreError::Ended`] if the run has completed or
    /// was cancelled.
    ///
    /// ```
    /// use workflow_journal::{JournalStore, MemoryStore, StoreError};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workflow_journal::StoreError> {
    /// # let store = MemoryStore::new();
    /// # let new = workflow_journal::NewRun::new("cart-1042", "checkout", "{}", "{}");
    /// # let claim = workflow_journal::Claim::new("host-7", std::time::Duration::from_secs(30));
    /// # let claimed = store.claim(&new, &claim).await?;
    /// # let workflow_journal::Claimed::Held { epoch, .. } = claimed else { panic!() };
    /// store.cancel("cart-1042").await?;
    /// let error = store.cancel("cart-1043").await.unwrap_err();
    /// assert!(matches!(error, StoreError::NoSuchRun { .. }));
    /// # Ok(())
    /// # }
    /// ```
    fn cancel<'a>(&'a self, run: &'a str) -> StoreFuture<'a, ()>;

    /// Makes a run that has failed, or that could not be undone, unfinished again, so that a
    /// process that resumes unfinished runs takes it up. Its error remains until then: it
    /// distinguishes such a run from one that was cut off. A run that is unfinished stays as it is.
    /// Fails with [`StoreError::NoSuchRun`], or with [`StoreError::Ended`] if the run has completed
    /// or was cancelled.
    ///
    /// ```
    /// use workflow_journal::{End, JournalStore, MemoryStore, StoredState};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workflow_journal::StoreError> {
    /// # let store = MemoryStore::new();
    /// # let new = workflow_journal::NewRun::new("cart-1042", "checkout", "{}", "{}");
    /// # let claim = workflow_journal::Claim::new("host-7", std::time::Duration::from_secs(30));
    /// # let claimed = store.claim(&new, &claim).await?;
    /// # let workflow_journal::Claimed::Held { epoch, .. } = claimed else { panic!() };
    /// store.finish("cart-1042", epoch, End::Failed("no stock".into())).await?;
    /// store.retry("cart-1042").await?;
    /// assert_eq!(store.run("cart-1042").await?.unwrap().state, StoredState::Unfinished);
    /// # Ok(())
    /// # }
    /// ```
    fn retry<'a>(&'a self, run: &'a str) -> StoreFuture<'a, ()>;

    /// A run; `None` if there is none with this id. Fails with [`StoreError::Corrupt`] if it cannot
    /// be read.
    ///
    /// ```
    /// use workflow_journal::{JournalStore, MemoryStore};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workflow_journal::StoreError> {
    /// # let store = MemoryStore::new();
    /// # let new = workflow_journal::NewRun::new("cart-1042", "checkout", "{}", "{}");
    /// # let claim = workflow_journal::Claim::new("host-7", std::time::Duration::from_secs(30));
    /// # let claimed = store.claim(&new, &claim).await?;
    /// # let workflow_journal::Claimed::Held { epoch, .. } = claimed else { panic!() };
    /// assert_eq!(store.run("cart-1042").await?.unwrap().workflow, "checkout");
    /// assert_eq!(store.run("cart-1043").await?, None);
    /// # Ok(())
    /// # }
    /// ```
    fn run<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Option<StoredRun>>;

    /// The runs that match, the most recently updated first; of those that were updated in the same
    /// millisecond, the one that was started last. Fails with [`StoreError::Corrupt`] if
    /// one of them cannot be read.
    ///
    /// ```
    /// use workflow_journal::{Filter, JournalStore, MemoryStore};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workflow_journal::StoreError> {
    /// # let store = MemoryStore::new();
    /// # let new = workflow_journal::NewRun::new("cart-1042", "checkout", "{}", "{}");
    /// # let claim = workflow_journal::Claim::new("host-7", std::time::Duration::from_secs(30));
    /// # let claimed = store.claim(&new, &claim).await?;
    /// # let workflow_journal::Claimed::Held { epoch, .. } = claimed else { panic!() };
    /// let runs = store.runs(&Filter::default().workflow("checkout")).await?;
    /// assert_eq!(runs[0].id, "cart-1042");
    /// # Ok(())
    /// # }
    /// ```
    fn runs<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Vec<StoredRun>>;

    /// The records of a run, in the order in which they were written; none if there is no such
    /// run. Fails with [`StoreError::Corrupt`] if one of them cannot be read.
    ///
    /// ```
    /// use workflow_journal::{JournalStore, MemoryStore};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workflow_journal::StoreError> {
    /// # let store = MemoryStore::new();
    /// for record in store.records("cart-1042").await? {
    ///     println!("{} took {} ms", record.path, record.finished.0 - record.started.0);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    fn records<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Vec<Record>>;

    /// As [`runs`](Self::runs), for those who only look: a run that cannot be read is a
    /// [`StoreError::Corrupt`] in its place, and the others are returned nevertheless.
    ///
    /// The provided implementation fails as a whole, as `runs` does.
    ///
    /// ```
    /// use workflow_journal::{Filter, JournalStore, MemoryStore};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workflow_journal::StoreError> {
    /// # let store = MemoryStore::new();
    /// for run in store.runs_found(&Filter::default()).await? {
    ///     match run {
    ///         Ok(run) => println!("{} is {}", run.id, run.state.name()),
    ///         Err(damage) => println!("{damage}"),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    fn runs_found<'a>(
        &'a self,
        filter: &'a Filter,
    ) -> StoreFuture<'a, Vec<Result<StoredRun, StoreError>>> {
        Box::pin(async move { Ok(self.runs(filter).await?.into_iter().map(Ok).collect()) })
    }

    /// As [`records`](Self::records), for those who only look: a record that cannot be read is a
    /// [`StoreError::Corrupt`] in its place, and the others are returned nevertheless.
    ///
    /// The provided implementation fails as a whole, as `records` does.
    ///
    /// ```
    /// use workflow_journal::{JournalStore, MemoryStore};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workflow_journal::StoreError> {
    /// # let store = MemoryStore::new();
    /// for record in store.records_found("cart-1042").await? {
    ///     match record {
    ///         Ok(record) => println!("{}: {}", record.path, record.output),
    ///         Err(damage) => println!("{damage}"),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    fn records_found<'a>(
        &'a self,
        run: &'a str,
    ) -> StoreFuture<'a, Vec<Result<Record, StoreError>>> {
        Box::pin(async move { Ok(self.records(run).await?.into_iter().map(Ok).collect()) })
    }

    /// Deletes those of these runs that have ended, in whatever way, with their records and their
    /// signals, all at once. Returns how many runs it has deleted. Runs that are unfinished stay as
    /// they are, and ids without a run are ignored.
    ///
    /// The provided implementation refuses to.
    ///
    /// ```
    /// use workflow_journal::{End, JournalStore, MemoryStore};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workflow_journal::StoreError> {
    /// # let store = MemoryStore::new();
    /// # let new = workflow_journal::NewRun::new("cart-1042", "checkout", "{}", "{}");
    /// # let claim = workflow_journal::Claim::new("host-7", std::time::Duration::from_secs(30));
    /// # let claimed = store.claim(&new, &claim).await?;
    /// # let workflow_journal::Claimed::Held { epoch, .. } = claimed else { panic!() };
    /// let runs = ["cart-1042".to_owned()];
    /// assert_eq!(store.delete(&runs).await?, 0);               // it is unfinished
    ///
    /// store.finish("cart-1042", epoch, End::Completed("7".into())).await?;
    /// assert_eq!(store.delete(&runs).await?, 1);
    /// assert_eq!(store.run("cart-1042").await?, None);
    /// # Ok(())
    /// # }
    /// ```
    fn delete<'a>(&'a self, runs: &'a [String]) -> StoreFuture<'a, usize> {
        let _ = runs;
        let place = "the store".to_owned();
        let refused = StoreError::Refused { place, source: "it cannot delete runs".into() };
        Box::pin(async { Err(refused) })
    }

    /// How many bytes the records of these runs take, in the order of the ids; 0 for an id without
    /// a run. Counted are the texts of a record: its path, its fingerprint and its output. What a
    /// store needs besides is not.
    ///
    /// The provided implementation reads all records. A store that can count without reading them
    /// should.
    ///
    /// ```
    /// use workflow_journal::{JournalStore, Kind, MemoryStore, Record, Timestamp};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workflow_journal::StoreError> {
    /// # let store = MemoryStore::new();
    /// # let new = workflow_journal::NewRun::new("cart-1042", "checkout", "{}", "{}");
    /// # let claim = workflow_journal::Claim::new("host-7", std::time::Duration::from_secs(30));
    /// # let claimed = store.claim(&new, &claim).await?;
    /// # let workflow_journal::Claimed::Held { epoch, .. } = claimed else { panic!() };
    /// let charged = Record::new("charge", Kind::Step, "995", Timestamp::now());
    /// store.write("cart-1042", epoch, charged).await?;
    /// let sizes = store.sizes(&["cart-1042".to_owned(), "unknown".to_owned()]).await?;
    /// assert_eq!(sizes, ["charge{}995".len() as u64, 0]);
    /// # Ok(())
    /// # }
    /// ```
    fn sizes<'a>(&'a self, runs: &'a [String]) -> StoreFuture<'a, Vec<u64>> {
        Box::pin(async move {
            let mut sizes = Vec::with_capacity(runs.len());
            for run in runs {
                let records = self.records(run).await?;
                sizes.push(records.iter().map(Record::size).sum());
            }
            Ok(sizes)
        })
    }

    /// Gives the space of what was deleted back to the system, where a store does not do so by
    /// itself. It can take long, and keep other requests waiting: call it while little is done.
    ///
    /// The provided implementation does nothing.
    ///
    /// ```
    /// use workflow_journal::{JournalStore, MemoryStore};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workflow_journal::StoreError> {
    /// # let store = MemoryStore::new();
    /// store.vacuum().await?;
    /// # Ok(())
    /// # }
    /// ```
    fn vacuum(&self) -> StoreFuture<'_, ()> {
        Box::pin(async { Ok(()) })
    }

    /// This moment, by the clock that leases are judged by.
    ///
    /// The provided implementation uses the clock of this machine. A store that several machines
    /// share has one clock for all of them.
    ///
    /// ```
    /// use workflow_journal::{JournalStore, MemoryStore};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), workflow_journal::StoreError> {
    /// # let store = MemoryStore::new();
    /// # let new = workflow_journal::NewRun::new("cart-1042", "checkout", "{}", "{}");
    /// # let claim = workflow_journal::Claim::new("host-7", std::time::Duration::from_secs(30));
    /// # let claimed = store.claim(&new, &claim).await?;
    /// # let workflow_journal::Claimed::Held { epoch, .. } = claimed else { panic!() };
    /// let left = claim.lease.as_millis();
    /// let held = store.run("cart-1042").await?.unwrap().held;
    /// let (_, until) = held.expect("it is held");
    /// assert!(i128::from(until.0 - store.now().await?.0) <= left as i128);
    /// # Ok(())
    /// # }
    /// ```
    fn now(&self) -> StoreFuture<'_, Timestamp> {
        Box::pin(async { Ok(Timestamp::now()) })
    }
}
