//! Files that cannot be used. Each error names the file and says what is wrong.

use std::fs;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use workflow_journal::{JournalStore, SqliteStore, StoreError};

use crate::support::{hold, journal, record, wait_until_closed};

/// Opens a file that is unusable, and checks that this leaves it alone.
async fn assert_unusable(path: &Path, expected: &str) {
    let before = fs::read(path).ok();
    match SqliteStore::open(path).await {
        Err(StoreError::Unusable { place, problem }) => {
            assert_eq!(Path::new(&place), path);
            assert!(problem.contains(expected), "`{problem}` says `{expected}`");
        }
        other => panic!("the file is unusable, but: {other:?}"),
    }
    assert!(fs::read(path).ok() == before, "a file that is no journal is left alone");
}

/// A journal with some records, closed.
async fn write_journal(path: &Path) {
    let store = SqliteStore::open(path).await.unwrap();
    let epoch = hold(&store, "cart-1").await;
    for number in 0..200 {
        let record = record(&format!("step{number}"), &"x".repeat(500));
        store.write("cart-1", epoch, record).await.unwrap();
    }
    drop(store);
    wait_until_closed(path);
}

#[tokio::test]
async fn a_file_that_is_no_database() {
    let (_folder, path) = journal();
    fs::write(&path, "To do: buy milk.\n".repeat(500)).unwrap();
    assert_unusable(&path, "no SQLite database").await;
    fs::write(&path, "short").unwrap();
    assert_unusable(&path, "no SQLite database").await;
}

#[tokio::test]
async fn a_database_of_another_application() {
    let (_folder, path) = journal();
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE songs (title)").unwrap();
    assert_unusable(&path, "another application").await;
    fs::remove_file(&path).unwrap();
    Connection::open(&path).unwrap().execute_batch("PRAGMA application_id = 42").unwrap();
    assert_unusable(&path, "another application").await;
}

#[tokio::test]
async fn a_journal_of_a_newer_version() {
    let (_folder, path) = journal();
    write_journal(&path).await;
    Connection::open(&path).unwrap().execute_batch("PRAGMA user_version = 2").unwrap();
    wait_until_closed(&path);
    assert_unusable(&path, "its format is 2").await;
}

#[tokio::test]
async fn a_journal_that_was_cut_off() {
    let (_folder, path) = journal();
    write_journal(&path).await;
    let whole = fs::read(&path).unwrap();
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert_unusable(&path, "damaged").await;
    fs::write(&path, &whole[..50]).unwrap();
    assert_unusable(&path, "damaged").await;

    // With the rest back, nothing is lost.
    fs::write(&path, &whole).unwrap();
    let store = SqliteStore::open(&path).await.unwrap();
    assert_eq!(store.records("cart-1").await.unwrap().len(), 200);
}

#[tokio::test]
async fn a_folder_that_does_not_exist() {
    let (folder, _) = journal();
    assert_unusable(&folder.path().join("none/orders.db"), "folder does not exist").await;
    assert_unusable(folder.path(), "unable to open").await;
    let error = SqliteStore::open("").await.unwrap_err();
    assert!(matches!(error, StoreError::Unusable { .. }), "an empty path is no file: {error}");
}

#[tokio::test]
async fn a_file_that_another_process_has_locked() {
    let (_folder, path) = journal();
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let impatient = || SqliteStore::options().busy_timeout(Duration::from_millis(20));
    let error = impatient().open(&path).await.unwrap_err();
    assert_eq!(error.to_string(), format!("{} failed: database is locked", path.display()));
    other.execute_batch("ROLLBACK").unwrap();

    let store = impatient().open(&path).await.unwrap();
    let epoch = hold(&store, "cart-1").await;
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = store.write("cart-1", epoch, record("charge", "1")).await.unwrap_err();
    assert_eq!(error.to_string(), format!("{} failed: database is locked", path.display()));
    assert_eq!(store.records("cart-1").await.unwrap(), [], "it can still be read");
    let second = impatient().open(&path).await.unwrap();
    assert!(second.run("cart-1").await.unwrap().is_some(), "and opened to be read");
    other.execute_batch("ROLLBACK").unwrap();
    store.write("cart-1", epoch, record("charge", "1")).await.unwrap();
    assert_eq!(store.records("cart-1").await.unwrap(), [record("charge", "1")]);
}

#[tokio::test]
async fn rows_that_somebody_has_spoilt() {
    let (_folder, path) = journal();
    let store = SqliteStore::open(&path).await.unwrap();
    let epoch = hold(&store, "cart-1").await;
    hold(&store, "cart-2").await;
    store.write("cart-1", epoch, record("charge", "1")).await.unwrap();
    let by_hand = Connection::open(&path).unwrap();

    by_hand.execute_batch("UPDATE record SET attempts = -1").unwrap();
    let error = store.records("cart-1").await.unwrap_err();
    assert!(
        matches!(&error, StoreError::Corrupt { run, path, .. } if run == "cart-1" && path == "charge"),
        "the error names the record: {error}"
    );

    store.write("cart-1", epoch, record("ship", "1")).await.unwrap();
    let found = store.records_found("cart-1").await.unwrap();
    assert!(matches!(&found[0], Err(StoreError::Corrupt { path, .. }) if path == "charge"));
    assert_eq!(*found[1].as_ref().unwrap(), record("ship", "1"), "who only looks finds the rest");

    by_hand
        .execute_batch("UPDATE run SET inputs = CAST(x'ff' AS TEXT) WHERE id = 'cart-1'")
        .unwrap();
    for error in [
        store.run("cart-1").await.unwrap_err(),
        store.runs(&workflow_journal::Filter::default()).await.unwrap_err(),
    ] {
        assert!(
            matches!(&error, StoreError::Corrupt { run, .. } if run == "cart-1"),
            "the error names the run: {error}"
        );
    }
    assert!(store.run("cart-2").await.unwrap().is_some(), "others can still be read");
    let found = store.runs_found(&workflow_journal::Filter::default()).await.unwrap();
    let (read, damaged): (Vec<_>, Vec<_>) = found.into_iter().partition(Result::is_ok);
    assert_eq!(read.into_iter().map(|run| run.unwrap().id).collect::<Vec<_>>(), ["cart-2"]);
    assert!(matches!(&damaged[..], [Err(StoreError::Corrupt { run, .. })] if run == "cart-1"));
}
