//! Processes that work on a run until they are cut off.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;

use tokio::runtime::Builder;
use tokio::task::yield_now;
use tokio::time::{sleep, timeout};
use workflow_durable_tests::{Call, Ledger, Pause, Watch, Watched};
use workflow_journal::{JournalStore, MemoryStore, StoreError, StoredRun, StoredState};
use workflow_runtime::Journal;

/// The run's id.
pub(crate) const RUN: &str = "one";

/// A run that goes on.
pub(crate) type Running<'c, T> = Pin<Box<dyn Future<Output = T> + 'c>>;

/// Virtual time in which any run is done.
const STUCK: Duration = Duration::from_secs(3600);
/// So long that it is never renewed.
const LEASE: Duration = Duration::from_secs(24 * 3600);

/// When a process is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Never.
    Never,
    /// It dies after so many polls.
    Killed(usize),
    /// The run's future is dropped after so many polls, and the process lives on.
    Dropped(usize),
}

impl Cut {
    fn polls(self) -> usize {
        match self {
            Self::Never => usize::MAX,
            Self::Killed(polls) | Self::Dropped(polls) => polls,
        }
    }
}

/// What outlasts the processes.
#[derive(Default)]
pub(crate) struct Outside {
    pub(crate) store: MemoryStore,
    pub(crate) ledger: Arc<Ledger>,
}

/// Gives way before and after each call.
struct GivesWay {
    ledger: Arc<Ledger>,
    dead: AtomicBool,
}

impl GivesWay {
    fn pause(&self) -> Pause<'_> {
        Box::pin(async {
            // What a dead process wanted is not done later.
            if self.dead.load(Ordering::Relaxed) {
                let source = "the process is dead".into();
                return Err(StoreError::Failed { place: "memory".to_owned(), source });
            }
            yield_now().await;
            Ok(())
        })
    }
}

impl Watch for GivesWay {
    fn before<'a>(&'a self, _: &'a Call) -> Pause<'a> {
        self.pause()
    }

    fn applied(&self, call: &Call) {
        if let Some(record) = &call.record {
            self.ledger.recorded(record);
        }
    }

    fn after<'a>(&'a self, _: &'a Call) -> Pause<'a> {
        self.pause()
    }
}

impl Outside {
    /// Lets a process work on the run. Gives what it came to, if it was not cut off, and how often
    /// it was polled.
    pub(crate) async fn process<C, T>(
        &self,
        cut: Cut,
        cx: &C,
        start: for<'c> fn(&'c Journal, &'c C) -> Running<'c, T>,
    ) -> (Option<T>, usize) {
        let watch = GivesWay { ledger: Arc::clone(&self.ledger), dead: AtomicBool::new(false) };
        let watch = Arc::new(watch);
        let store = Watched::new(self.store.clone(), Arc::<GivesWay>::clone(&watch));
        let journal = Journal::new(store.clone()).lease(LEASE);
        let mut run = start(&journal, cx);
        let mut polls = 0;
        let run_or_cut = poll_fn(|cx| {
            polls += 1;
            match run.as_mut().poll(cx) {
                Poll::Ready(output) => Poll::Ready(Some(output)),
                Poll::Pending if polls >= cut.polls() => Poll::Ready(None),
                Poll::Pending => Poll::Pending,
            }
        });
        let output = timeout(STUCK, run_or_cut).await.expect("the run hangs");
        if output.is_none() {
            watch.dead.store(matches!(cut, Cut::Killed(_)), Ordering::Relaxed);
            drop(run);
            // What it has left behind goes on, if it lives.
            sleep(Duration::from_millis(1)).await;
            // A run that is dropped while it is being claimed cannot give the lease up.
            store.expire(RUN).await.expect("memory does not fail");
            self.ledger.cut();
        }
        (output, polls)
    }

    /// What is stored of the run.
    pub(crate) async fn run(&self) -> Option<StoredRun> {
        self.store.run(RUN).await.expect("memory does not fail")
    }

    /// Whether the run has ended.
    pub(crate) async fn has_ended(&self) -> bool {
        self.run().await.is_some_and(|run| run.state != StoredState::Unfinished)
    }

    /// Makes a run that has failed one that goes on.
    pub(crate) async fn retry(&self) {
        let journal = Journal::new(self.store.clone());
        journal.retry(RUN).await.expect("the run has failed");
    }
}

/// Runs a future on a runtime whose clock goes on only when nothing else can.
pub(crate) fn in_virtual_time<T>(future: impl Future<Output = T>) -> T {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime can be made").block_on(future)
}

/// How many milliseconds a step takes: hardly ever do two take the same time.
pub(crate) fn duration(path: &str) -> Duration {
    let hash = path.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    Duration::from_millis(1 + ((hash ^ (hash >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 55))
}
