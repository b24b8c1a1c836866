//! What remains when a store goes, and how it reads by hand.

use rusqlite::Connection;
use workflow_journal::{End, JournalStore, SentSignal, SqliteStore, Timestamp};

use crate::group_commit::{PollOnce, poll_once};
use crate::support::{hold, journal, record, wait_until_closed};

#[tokio::test]
async fn what_was_asked_for_is_done_before_the_thread_ends() {
    let (_folder, path) = journal();
    let store = SqliteStore::open(&path).await.unwrap();
    let epoch = hold(&store, "cart-1").await;
    let other = Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let mut writes: Vec<PollOnce<'_>> = (0..20)
        .map(|number| store.write("cart-1", epoch, record(&format!("step{number}"), "1")))
        .collect();
    for write in &mut writes {
        poll_once(write).await;
    }
    drop(writes);
    drop(store);
    other.execute_batch("ROLLBACK").unwrap();
    drop(other);
    // The log goes with the last connection, so the thread has ended.
    wait_until_closed(&path);
    let store = SqliteStore::open(&path).await.unwrap();
    assert_eq!(store.records("cart-1").await.unwrap().len(), 20);
}

#[tokio::test]
async fn a_clone_keeps_the_thread() {
    let (_folder, path) = journal();
    let store = SqliteStore::open(&path).await.unwrap();
    let clone = store.clone();
    drop(store);
    hold(&clone, "cart-1").await;
}

#[tokio::test]
async fn a_person_can_read_it() {
    let (_folder, path) = journal();
    let store = SqliteStore::open(&path).await.unwrap();
    let epoch = hold(&store, "cart-1").await;
    store.write("cart-1", epoch, record("charge", r#"{"cents":995}"#)).await.unwrap();
    let sent = Timestamp(1_700_000_000_789);
    let signal = SentSignal::new("approval", "true", sent);
    store.send("cart-1", signal).await.unwrap();
    store.finish("cart-1", epoch, End::Failed("no stock".into())).await.unwrap();

    let by_hand = Connection::open(&path).unwrap();
    let line = |sql: &str| by_hand.query_row(sql, [], |row| row.get::<_, String>(0)).unwrap();
    let run = line("SELECT concat_ws(' ', id, workflow, state, outcome) FROM runs");
    assert_eq!(run, "cart-1 checkout failed no stock");
    let record = line("SELECT concat_ws(' ', run, path, kind, started, output) FROM records");
    assert_eq!(record, r#"cart-1 charge step 2023-11-14T22:13:20.123Z {"cents":995}"#);
    let signal = line("SELECT concat_ws(' ', run, name, value, sent) FROM signals");
    assert_eq!(signal, "cart-1 approval true 2023-11-14T22:13:20.789Z");
}
