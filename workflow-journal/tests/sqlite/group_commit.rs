//! What waits is written together.

use std::fs;
use std::path::Path;
use std::pin::Pin;
use std::task::Poll;

use rusqlite::Connection;
use workflow_journal::{Claimed, JournalStore, SqliteStore, StoreError};

use crate::support::{beside, by, hold, journal, new_run, record};

/// A write that can be polled before it is awaited.
pub(crate) type PollOnce<'a> = Pin<Box<dyn Future<Output = Result<(), StoreError>> + Send + 'a>>;

/// Lets a future ask for what it wants. It must not be done at once.
pub(crate) async fn poll_once(future: &mut PollOnce<'_>) {
    std::future::poll_fn(|cx| {
        assert!(future.as_mut().poll(cx).is_pending(), "nothing can be written yet");
        Poll::Ready(())
    })
    .await;
}

/// How many commits are in the write-ahead log: a frame that ends one has the size of the
/// database in its second field (<https://sqlite.org/fileformat2.html#walformat>).
fn commits(path: &Path) -> usize {
    let log = fs::read(beside(path, "-wal")).unwrap();
    let field = |at: usize| u32::from_be_bytes(log[at..at + 4].try_into().unwrap());
    let (header, page) = (32, field(8) as usize);
    let frames = (header..log.len()).step_by(24 + page);
    // Frames of an earlier round have another salt.
    frames.filter(|&at| log[at + 8..at + 16] == log[16..24] && field(at + 4) != 0).count()
}

#[tokio::test]
async fn many_writers_share_few_commits() {
    let (_folder, path) = journal();
    let store = SqliteStore::open(&path).await.unwrap();
    let ids: Vec<_> = (0..64).map(|number| format!("cart-{number}")).collect();
    let mut epochs = Vec::new();
    for id in &ids {
        epochs.push(hold(&store, id).await);
    }
    let before = commits(&path);
    assert!(before >= 64, "each that came alone had its own commit: {before}");

    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut writes: Vec<PollOnce<'_>> = ids
        .iter()
        .zip(epochs)
        .map(|(id, epoch)| store.write(id, epoch, record("charge", id)))
        .collect();
    for write in &mut writes {
        poll_once(write).await;
    }
    other.execute_batch("ROLLBACK").unwrap();
    for write in writes {
        write.await.unwrap();
    }

    // The thread may have taken the first ones before the others came, and then waited.
    let shared = commits(&path) - before;
    assert!((1..=8).contains(&shared), "64 writes took {shared} commits");
    for id in &ids {
        assert_eq!(store.records(id).await.unwrap(), [record("charge", id)]);
    }
}

#[tokio::test]
async fn a_refusal_leaves_its_neighbours_alone() {
    let (_folder, path) = journal();
    let store = SqliteStore::open(&path).await.unwrap();
    let lost = hold(&store, "lost").await;
    let epoch = hold(&store, "cart-1").await;
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut writes: Vec<PollOnce<'_>> = vec![
        store.write("cart-1", epoch, record("one", "1")),
        store.write("lost", lost - 1, record("one", "1")),
        store.write("unknown", 1, record("one", "1")),
        store.write("cart-1", epoch, record("two", "2")),
    ];
    for write in &mut writes {
        poll_once(write).await;
    }
    other.execute_batch("ROLLBACK").unwrap();
    let mut written = Vec::new();
    for write in writes {
        written.push(write.await);
    }
    assert!(matches!(&written[1], Err(StoreError::LeaseLost { run }) if run == "lost"));
    assert!(matches!(&written[2], Err(StoreError::NoSuchRun { run }) if run == "unknown"));
    assert!(written[0].is_ok() && written[3].is_ok(), "{written:?}");
    let kept = store.records("cart-1").await.unwrap();
    assert_eq!(kept, [record("one", "1"), record("two", "2")]);
    let claimed = store.claim(&new_run("lost"), &by("b")).await.unwrap();
    assert!(matches!(claimed, Claimed::Busy { .. }), "{claimed:?}");
}
