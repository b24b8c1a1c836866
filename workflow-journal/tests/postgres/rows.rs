//! What is in the tables: how it is found, what is too large, what is damaged.

use std::time::Duration;

use workflow_journal::{Filter, JournalStore, PostgresStore, StoreError, StoredState};

use crate::connection::{hold, record};
use crate::server::Server;

#[tokio::test]
async fn damaged_rows_leave_the_others_readable() {
    let Some(server) = Server::start().await else { return };
    let store = PostgresStore::connect(&server.database("orders").await).await.unwrap();
    let epoch = hold(&store, "cart-1").await;
    hold(&store, "cart-2").await;
    for path in ["charge", "pack", "ship"] {
        store.write("cart-1", epoch, record(path)).await.unwrap();
    }
    let by_hand = server.client("orders").await;
    by_hand
        .batch_execute(
            "UPDATE workflow_journal.record SET attempts = -1 WHERE path = 'pack';
            ALTER TABLE workflow_journal.run DROP CONSTRAINT run_state_check;
            UPDATE workflow_journal.run SET state = 'odd' WHERE id = 'cart-1';",
        )
        .await
        .unwrap();

    let found = store.records_found("cart-1").await.unwrap();
    assert_eq!(found.len(), 3);
    assert_eq!(*found[0].as_ref().unwrap(), record("charge"));
    assert!(matches!(&found[1], Err(StoreError::Corrupt { path, .. }) if path == "pack"));
    assert_eq!(*found[2].as_ref().unwrap(), record("ship"));
    let error = store.records("cart-1").await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "who goes on with it is told: {error}");

    let found = store.runs_found(&Filter::default()).await.unwrap();
    assert!(matches!(&found[0], Err(StoreError::Corrupt { run, .. }) if run == "cart-1"));
    assert_eq!(found[1].as_ref().unwrap().id, "cart-2");
    assert!(store.runs(&Filter::default()).await.is_err());
}

#[tokio::test]
async fn a_text_that_is_too_large_is_refused_alone() {
    let Some(server) = Server::start().await else { return };
    let store = PostgresStore::connect(&server.database("orders").await).await.unwrap();
    let epoch = hold(&store, "cart-1").await;
    let mut huge = record("huge");
    huge.output = "x".repeat(257 * 1024 * 1024);
    let (refused, written) = tokio::join!(
        store.write("cart-1", epoch, huge),
        store.write("cart-1", epoch, record("charge")),
    );
    let error = refused.unwrap_err();
    assert!(matches!(error, StoreError::Refused { .. }), "{error}");
    assert!(error.to_string().contains("the limit is 268435456 bytes (256 MiB)"), "{error}");
    written.unwrap();
    assert_eq!(store.records("cart-1").await.unwrap(), [record("charge")]);
}

#[tokio::test]
async fn a_database_of_another_encoding_is_refused() {
    let Some(server) = Server::start().await else { return };
    let by_hand = server.client("postgres").await;
    for encoding in ["LATIN1", "SQL_ASCII"] {
        let name = encoding.to_lowercase();
        let create = format!(
            "CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C'"
        );
        by_hand.batch_execute(&create).await.unwrap();
        let error = PostgresStore::connect(&server.url(&name)).await.unwrap_err();
        assert!(matches!(error, StoreError::Unusable { .. }), "{error}");
        assert!(error.to_string().contains(&format!("is {encoding}, ")), "{error}");
        let made = "SELECT count(*) FROM pg_namespace WHERE nspname = 'workflow_journal'";
        let there = server.client(&name).await.query_one(made, &[]).await.unwrap();
        assert_eq!(there.get::<_, i64>(0), 0, "nothing is made there");
    }
}

/// How often the index of unfinished runs was used, and how often the table was read as a whole.
async fn scans(server: &Server) -> (i64, i64) {
    let by_hand = server.client("orders").await;
    let others = "
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = 'orders' AND pid <> pg_backend_pid()";
    // What a connection has done is counted when it ends.
    while by_hand.query_one(others, &[]).await.unwrap().get::<_, i64>(0) > 0 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let scans = "
        SELECT index.idx_scan, seq_scan
        FROM pg_stat_user_indexes AS index JOIN pg_stat_user_tables USING (relid)
        WHERE indexrelname = 'run_unfinished'";
    let scans = by_hand.query_one(scans, &[]).await.unwrap();
    (scans.get(0), scans.get(1))
}

#[tokio::test]
async fn unfinished_runs_are_found_without_looking_at_the_others() {
    let Some(server) = Server::start().await else { return };
    let url = server.database("orders").await;
    let store = PostgresStore::connect(&url).await.unwrap();
    hold(&store, "cart-1").await;
    drop(store);
    let by_hand = server.client("orders").await;
    by_hand
        .batch_execute(
            "INSERT INTO workflow_journal.run
                (id, workflow, inputs, graph, state, epoch, created, updated)
            SELECT 'ended-' || number, 'checkout', '1', '{}', 'completed', 1, number, number
            FROM generate_series(1, 20000) AS number;
            ANALYZE workflow_journal.run;",
        )
        .await
        .unwrap();
    drop(by_hand);

    let unfinished = Filter::default().state(StoredState::Unfinished);
    let of_one = unfinished.clone().workflow("checkout");
    for filter in [unfinished, of_one] {
        let (by_index, whole) = scans(&server).await;
        let store = PostgresStore::connect(&url).await.unwrap();
        let found = store.runs(&filter).await.unwrap();
        assert_eq!(found.len(), 1);
        drop(store);
        assert_eq!(scans(&server).await, (by_index + 1, whole), "{filter:?}");
    }
}

/// A write changes the row of its run in its place: none of its indexes gets a new entry.
#[tokio::test]
async fn a_write_leaves_the_indexes_of_runs_alone() {
    let Some(server) = Server::start().await else { return };
    let store = PostgresStore::connect(&server.database("orders").await).await.unwrap();
    let epoch = hold(&store, "cart-1").await;
    for number in 0..100 {
        store.write("cart-1", epoch, record(&format!("step{number}"))).await.unwrap();
    }
    drop(store);
    scans(&server).await;
    let by_hand = server.client("orders").await;
    let updates = "
        SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'run'";
    let updates = by_hand.query_one(updates, &[]).await.unwrap();
    let (all, in_place): (i64, i64) = (updates.get(0), updates.get(1));
    assert_eq!((all, in_place), (100, 100));
}

/// A signal takes no lock of its run, so a long write there does not hold it up.
#[tokio::test]
async fn a_signal_does_not_wait_for_the_run() {
    let Some(server) = Server::start().await else { return };
    let store = PostgresStore::connect(&server.database("orders").await).await.unwrap();
    hold(&store, "cart-1").await;
    let by_hand = server.client("orders").await;
    let lock = "BEGIN; SELECT FROM workflow_journal.run WHERE id = 'cart-1' FOR UPDATE";
    by_hand.batch_execute(lock).await.unwrap();
    let sent = workflow_journal::Timestamp(1);
    let signal = workflow_journal::SentSignal::new("approval", "true", sent);
    store.send("cart-1", signal.clone()).await.unwrap();
    assert_eq!(store.signals("cart-1").await.unwrap(), [signal]);
}
