//! A disk that is full.

use std::io::Write;
use std::path::Path;

use rusqlite::Connection;
use workflow_journal::{JournalStore, Record, SqliteStore, StoreError};

use crate::group_commit::{PollOnce, poll_once};
use crate::support::{hold, journal, record};

#[track_caller]
fn assert_full(error: &StoreError, path: &Path) {
    let expected = format!("{} failed: database or disk is full", path.display());
    assert_eq!(error.to_string(), expected);
    assert!(matches!(error, StoreError::Refused { .. }), "trying again does not help: {error:?}");
}

/// Writes until the disk is full, and gives what was written.
async fn fill(store: &SqliteStore, epoch: i64, path: &Path) -> Vec<Record> {
    let mut written = Vec::new();
    loop {
        let next = record(&format!("step{}", written.len()), &"x".repeat(3000));
        match store.write("cart-1", epoch, next.clone()).await {
            Ok(()) => written.push(next),
            Err(error) => {
                assert_full(&error, path);
                return written;
            }
        }
    }
}

#[tokio::test]
async fn nothing_that_was_recorded_is_lost() {
    let (_folder, path) = journal();
    let store = SqliteStore::options().max_pages(100).open(&path).await.unwrap();
    let epoch = hold(&store, "cart-1").await;
    let mut written = fill(&store, epoch, &path).await;
    assert!(written.len() > 10, "there was room for some: {}", written.len());
    assert_eq!(store.records("cart-1").await.unwrap(), written);

    // Room is made by another one, and the store works again.
    store.erase("cart-1", epoch, &["step0".to_owned(), "step1".to_owned()]).await.unwrap();
    written.drain(..2);
    written.push(record("small", "1"));
    store.write("cart-1", epoch, record("small", "1")).await.unwrap();
    assert_eq!(store.records("cart-1").await.unwrap(), written);

    drop(store);
    let store = SqliteStore::open(&path).await.unwrap();
    assert_eq!(store.records("cart-1").await.unwrap(), written);
    store.write("cart-1", epoch, record("large", &"x".repeat(1_000_000))).await.unwrap();
}

#[tokio::test]
async fn one_that_does_not_fit_leaves_its_neighbours_alone() {
    let (_folder, path) = journal();
    let store = SqliteStore::options().max_pages(100).open(&path).await.unwrap();
    let epoch = hold(&store, "cart-1").await;

    // All wait for the lock, so they come in one transaction.
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut writes: Vec<PollOnce<'_>> = (0..9)
        .map(|number| {
            let size = if number == 5 { 1_000_000 } else { 10 };
            store.write("cart-1", epoch, record(&format!("step{number}"), &"x".repeat(size)))
        })
        .collect();
    for write in &mut writes {
        poll_once(write).await;
    }
    other.execute_batch("ROLLBACK").unwrap();
    for (number, write) in writes.into_iter().enumerate() {
        match write.await {
            Ok(()) => assert_ne!(number, 5),
            Err(error) => {
                assert_full(&error, &path);
                assert_eq!(number, 5);
            }
        }
    }
    assert_eq!(store.records("cart-1").await.unwrap().len(), 8);
}

/// As above, but the file system itself is full. Needs the right to mount one.
#[tokio::test]
#[cfg(target_os = "linux")]
async fn a_file_system_that_is_full() {
    struct Mounted<'a>(&'a Path);
    impl Drop for Mounted<'_> {
        fn drop(&mut self) {
            drop(std::process::Command::new("umount").arg("-l").arg(self.0).status());
        }
    }

    let folder = tempfile::tempdir().unwrap();
    let mount = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"])
        .arg(folder.path())
        .output();
    if !mount.is_ok_and(|output| output.status.success()) {
        // A passing test's `eprintln!` is not shown.
        let _ = writeln!(std::io::stderr(), "\nSKIPPED: no right to mount a small file system\n");
        return;
    }
    let _mounted = Mounted(folder.path());
    let path = folder.path().join("orders.db");
    let store = SqliteStore::open(&path).await.unwrap();
    let epoch = hold(&store, "cart-1").await;
    let mut written = Vec::new();
    let error = loop {
        let next = record(&format!("step{}", written.len()), &"x".repeat(3000));
        match store.write("cart-1", epoch, next.clone()).await {
            Ok(()) => written.push(next),
            Err(error) => break error,
        }
    };
    assert!(error.to_string().starts_with(&path.display().to_string()), "{error}");
    assert!(matches!(error, StoreError::Refused { .. }), "{error}");
    assert!(written.len() > 10, "there was room for some: {}", written.len());
    assert_eq!(store.records("cart-1").await.unwrap(), written);
    drop(store);
    let store = SqliteStore::open(&path).await.unwrap();
    assert_eq!(store.records("cart-1").await.unwrap(), written);
}
