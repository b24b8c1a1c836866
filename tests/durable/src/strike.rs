//! A store that strikes its own process in the middle of a call.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use rustix::process::{Signal as Sent, getpid, kill_process};
use serde::{Deserialize, Serialize};
use workflow_journal::{
    Claim, Claimed, End, Filter, JournalStore, NewRun, Record, SentSignal, SqliteStore, StoreError,
    StoreFuture, StoredRun,
};

use crate::{Task, random};

/// What happens to the process.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub enum Strike {
    /// It is gone at once, as by `SIGKILL`.
    Kill,
    /// It stands still, as by `SIGSTOP`, until it gets `SIGCONT`.
    Stop,
}

/// At which call of the store that writes, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum When {
    /// Nothing of it has been done.
    Before(usize),
    /// All of it has been done, but nobody has been told.
    After(usize),
}

/// How many calls have written.
#[derive(Debug, Clone, Default)]
pub struct Counted(Arc<AtomicUsize>);

impl Counted {
    /// How many there were so far.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

/// Passes everything on, and counts what writes. The heartbeat does not count: it depends on the
/// time.
#[derive(Debug)]
pub struct Struck {
    store: SqliteStore,
    strike: Option<(Strike, When)>,
    /// The runs to cancel, and at which call.
    cancel: Option<(Vec<String>, usize)>,
    late: Duration,
    counted: Counted,
}

impl Struck {
    /// A store that does what the task says.
    #[must_use]
    pub fn new(store: SqliteStore, task: &Task, counted: Counted) -> Self {
        let cancel = task.cancel.map(|call| (task.runs.clone(), call));
        Self { store, strike: task.strike, cancel, late: task.late, counted }
    }

    async fn counted<T>(
        &self,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let number = self.counted.0.fetch_add(1, Ordering::Relaxed) + 1;
        self.strike_at(When::Before(number));
        if let Some((runs, at)) = &self.cancel
            && *at == number
        {
            for run in runs {
                // One that has ended, or not begun, cannot be cancelled.
                let _ = self.store.cancel(run).await;
            }
        }
        let answer = call.await;
        self.strike_at(When::After(number));
        // A process can also stand still before it hears of the answer.
        tokio::task::yield_now().await;
        if !self.late.is_zero() {
            let longest = u64::try_from(self.late.as_micros()).expect("it is short");
            tokio::time::sleep(Duration::from_micros(random() % longest)).await;
        }
        answer
    }

    /// Waits until nothing is being written: a process that stands still in the middle of a
    /// transaction locks the file, and all that others could do is fail.
    fn settle(&self) {
        let store = self.store.clone();
        // This thread stays blocked, so that nothing new is written.
        let settled = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().build()?;
            runtime.block_on(store.run("")).map_err(std::io::Error::other)
        });
        settled.join().expect("it does not panic").expect("the journal can be read");
    }

    fn strike_at(&self, now: When) {
        if let Some((strike, when)) = self.strike
            && when == now
        {
            let signal = match strike {
                Strike::Kill => Sent::KILL,
                Strike::Stop => {
                    self.settle();
                    Sent::STOP
                }
            };
            kill_process(getpid(), signal).expect("a process may send signals to itself");
        }
    }
}

impl JournalStore for Struck {
    fn claim<'a>(&'a self, run: &'a NewRun, claim: &'a Claim) -> StoreFuture<'a, Claimed> {
        Box::pin(self.counted(self.store.claim(run, claim)))
    }

    fn renew<'a>(&'a self, run: &'a str, epoch: i64, claim: &'a Claim) -> StoreFuture<'a, bool> {
        self.store.renew(run, epoch, claim)
    }

    fn release<'a>(&'a self, run: &'a str, epoch: i64) -> StoreFuture<'a, ()> {
        Box::pin(self.counted(self.store.release(run, epoch)))
    }

    fn write<'a>(&'a self, run: &'a str, epoch: i64, record: Record) -> StoreFuture<'a, ()> {
        Box::pin(self.counted(self.store.write(run, epoch, record)))
    }

    fn erase<'a>(&'a self, run: &'a str, epoch: i64, paths: &'a [String]) -> StoreFuture<'a, ()> {
        Box::pin(self.counted(self.store.erase(run, epoch, paths)))
    }

    fn finish<'a>(&'a self, run: &'a str, epoch: i64, end: End) -> StoreFuture<'a, ()> {
        Box::pin(self.counted(self.store.finish(run, epoch, end)))
    }

    fn send<'a>(&'a self, run: &'a str, signal: SentSignal) -> StoreFuture<'a, ()> {
        Box::pin(self.counted(self.store.send(run, signal)))
    }

    fn cancel<'a>(&'a self, run: &'a str) -> StoreFuture<'a, ()> {
        Box::pin(self.counted(self.store.cancel(run)))
    }

    fn retry<'a>(&'a self, run: &'a str) -> StoreFuture<'a, ()> {
        Box::pin(self.counted(self.store.retry(run)))
    }

    fn signals<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Vec<SentSignal>> {
        self.store.signals(run)
    }

    fn run<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Option<StoredRun>> {
        self.store.run(run)
    }

    fn runs<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Vec<StoredRun>> {
        self.store.runs(filter)
    }

    fn records<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Vec<Record>> {
        self.store.records(run)
    }
}
