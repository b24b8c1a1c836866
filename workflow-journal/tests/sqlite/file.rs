//! The file itself: who can read it, how large it stays, and what if it goes.

use std::fs;
use std::time::Duration;

use workflow_journal::{JournalStore, SqliteStore, StoreError};

use crate::support::{beside, hold, journal, record};

#[tokio::test]
#[cfg(unix)]
async fn only_its_owner_can_read_it() {
    use std::os::unix::fs::PermissionsExt;

    let (_folder, path) = journal();
    let store = SqliteStore::open(&path).await.unwrap();
    hold(&store, "cart-1").await;
    for suffix in ["", "-wal", "-shm"] {
        let mode = fs::metadata(beside(&path, suffix)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "orders.db{suffix}");
    }
    drop(store);

    // What somebody has decided otherwise stays so.
    let (_folder, path) = journal();
    fs::write(&path, "").unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    let store = SqliteStore::open(&path).await.unwrap();
    hold(&store, "cart-1").await;
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
}

#[tokio::test]
#[cfg(unix)]
async fn one_that_was_deleted_or_replaced_is_noticed() {
    fn assert_gone<T>(result: Result<T, StoreError>) {
        let Err(error) = result else { panic!("the file is gone") };
        assert!(matches!(error, StoreError::Unusable { .. }), "{error}");
        assert!(error.to_string().contains("it was deleted or replaced"), "{error}");
    }

    let (folder, path) = journal();
    let store = SqliteStore::open(&path).await.unwrap();
    let epoch = hold(&store, "cart-1").await;
    let elsewhere = folder.path().join("elsewhere.db");
    fs::rename(&path, &elsewhere).unwrap();
    assert_gone(store.write("cart-1", epoch, record("charge", "1")).await);
    assert_gone(store.run("cart-1").await);

    fs::write(&path, "").unwrap();
    assert_gone(store.write("cart-1", epoch, record("charge", "1")).await);
    assert_eq!(fs::metadata(&path).unwrap().len(), 0, "the new one is left alone");

    // With the old one back, nothing is lost.
    fs::rename(&elsewhere, &path).unwrap();
    store.write("cart-1", epoch, record("charge", "2")).await.unwrap();
    assert_eq!(store.records("cart-1").await.unwrap(), [record("charge", "2")]);
}

#[tokio::test]
async fn its_log_does_not_stay_large() {
    const MIB: u64 = 1024 * 1024;
    let (_folder, path) = journal();
    let store = SqliteStore::open(&path).await.unwrap();
    let epoch = hold(&store, "cart-1").await;
    let large = "x".repeat(50 * 1024 * 1024);
    for number in 0..3 {
        store.write("cart-1", epoch, record(&format!("step{number}"), &large)).await.unwrap();
    }
    // Answered before the log is shortened, so the next answer is waited for.
    store.write("cart-1", epoch, record("small", "1")).await.unwrap();
    let log = fs::metadata(beside(&path, "-wal")).unwrap().len();
    assert!(log <= 20 * MIB, "the log has {log} bytes");

    // A reader keeps it from being shortened, and nobody waits for that.
    let reader = rusqlite::Connection::open(&path).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM run").unwrap();
    store.write("cart-1", epoch, record("one", &large)).await.unwrap();
    store.write("cart-1", epoch, record("two", "1")).await.unwrap();
    let log = fs::metadata(beside(&path, "-wal")).unwrap().len();
    assert!(log > 20 * MIB, "the reader needs the log: {log}");
    drop(reader);
    store.write("cart-1", epoch, record("three", "1")).await.unwrap();
    store.write("cart-1", epoch, record("four", "1")).await.unwrap();
    let log = fs::metadata(beside(&path, "-wal")).unwrap().len();
    assert!(log <= 20 * MIB, "the log has {log} bytes");
    assert_eq!(store.records("cart-1").await.unwrap().len(), 8);
}

#[tokio::test]
async fn a_text_that_is_too_large_is_refused_alone() {
    let (_folder, path) = journal();
    let options = SqliteStore::options().busy_timeout(Duration::from_secs(5));
    let store = options.open(&path).await.unwrap();
    let epoch = hold(&store, "cart-1").await;
    let huge = record("huge", &"x".repeat(401 * 1024 * 1024));
    let (refused, written) = tokio::join!(
        store.write("cart-1", epoch, huge),
        store.write("cart-1", epoch, record("charge", "1")),
    );
    let error = refused.unwrap_err();
    assert!(matches!(error, StoreError::Refused { .. }), "{error}");
    assert!(error.to_string().contains("the limit is 419430400 bytes (400 MiB)"), "{error}");
    written.unwrap();
    assert_eq!(store.records("cart-1").await.unwrap(), [record("charge", "1")]);
}
