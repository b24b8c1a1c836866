//! What the cases have in common.

use std::fmt::Debug;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use crate::{
    Claim, Claimed, JournalStore, Kind, NewRun, Record, SentSignal, StoreError, Timestamp,
};

pub(super) fn new_run(id: &str) -> NewRun {
    new_run_of(id, "checkout")
}

pub(super) fn new_run_of(id: &str, workflow: &str) -> NewRun {
    NewRun {
        id: id.to_owned(),
        workflow: workflow.to_owned(),
        inputs: format!(r#"{{"for":{id:?}}}"#),
        graph: r#"{"steps":[]}"#.to_owned(),
    }
}

/// A claim that lasts longer than any test.
pub(super) fn by(holder: &str) -> Claim {
    Claim::new(holder, Duration::from_secs(3600))
}

/// A claim that is over at once, like that of a process that has died since.
pub(super) fn by_dead(holder: &str) -> Claim {
    Claim::new(holder, Duration::ZERO)
}

/// Claims a run that must be free, and returns the epoch.
pub(super) async fn hold<S: JournalStore>(store: &S, id: &str, claim: &Claim) -> i64 {
    match store.claim(&new_run(id), claim).await {
        Ok(Claimed::Held { epoch, .. }) => epoch,
        other => {
            // Some cases have very long names.
            let (holder, other) = (&claim.holder, format!("{other:?}"));
            panic!("`{holder:.80}` claims run `{id:.80}`, which is free, but: {other:.300}")
        }
    }
}

pub(super) fn record(path: &str, output: &str) -> Record {
    record_of(path, Kind::Step, output)
}

pub(super) fn record_of(path: &str, kind: Kind, output: &str) -> Record {
    let mut record = Record::new(path, kind, output, Timestamp(1_700_000_000_456));
    record.fingerprint = r#"{"function":"charge"}"#.into();
    record.started = Timestamp(1_700_000_000_123);
    record
}

pub(super) fn signal(name: &str, value: &str) -> SentSignal {
    SentSignal::new(name, value, Timestamp(1_700_000_000_789))
}

/// The paths of a run's records, in order.
pub(super) async fn paths<S: JournalStore>(store: &S, run: &str) -> Vec<String> {
    let records = store.records(run).await.expect("the records can be read");
    records.into_iter().map(|record| record.path).collect()
}

/// Checks that something was refused for the right reason, and that the error names the right run.
#[track_caller]
pub(super) fn assert_refused<T: Debug>(
    what: &str,
    result: Result<T, StoreError>,
    expected: &StoreError,
) {
    match result {
        Ok(done) => panic!("{what} fails with {expected:?}, but gives {done:?}"),
        Err(error) => {
            assert_eq!(format!("{error:?}"), format!("{expected:?}"), "the error of {what}");
        }
    }
}

/// Polls a future at most this many times, and drops it.
pub(super) async fn drop_after<T>(polls: usize, future: impl Future<Output = T>) {
    let mut future = pin!(future);
    for _ in 0..polls {
        let done = std::future::poll_fn(|cx| Poll::Ready(future.as_mut().poll(cx).is_ready()));
        if done.await {
            return;
        }
        tokio::task::yield_now().await;
    }
}

/// Waits until the next write has a later time than the previous one.
pub(super) fn next_moment() {
    std::thread::sleep(Duration::from_millis(3));
}
