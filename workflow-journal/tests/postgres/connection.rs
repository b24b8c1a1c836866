//! How a connection starts, breaks and comes back.

use std::time::Duration;

use tokio_postgres::Client;
use workflow_journal::{
    Claim, Claimed, JournalStore, Kind, NewRun, PostgresStore, Record, StoreError, Timestamp,
};

use crate::server::Server;

pub(crate) fn new_run(id: &str) -> NewRun {
    NewRun::new(id, "checkout", "1", "{}")
}

pub(crate) fn by(holder: &str) -> Claim {
    Claim::new(holder, Duration::from_secs(3600))
}

pub(crate) async fn hold(store: &PostgresStore, id: &str) -> i64 {
    match store.claim(&new_run(id), &by("a")).await {
        Ok(Claimed::Held { epoch, .. }) => epoch,
        other => panic!("run `{id}` is free: {other:?}"),
    }
}

pub(crate) fn record(path: &str) -> Record {
    let mut record =
        Record::new(path, Kind::Step, r#"{"cents":995}"#, Timestamp(1_700_000_000_456));
    record.started = Timestamp(1_700_000_000_123);
    record
}

/// Ends all connections but one's own, once one of them waits for a lock.
async fn cut_off_who_waits(client: &Client) {
    let waiting = "
        SELECT count(*) FROM pg_stat_activity
        WHERE wait_event_type = 'Lock' AND datname = current_database()";
    while client.query_one(waiting, &[]).await.unwrap().get::<_, i64>(0) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let end = "
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND datname = current_database()";
    client.query(end, &[]).await.unwrap();
}

#[tokio::test]
async fn a_lost_connection_fails_what_was_under_way_only() {
    let Some(server) = Server::start().await else { return };
    let store = PostgresStore::connect(&server.database("orders").await).await.unwrap();
    let epoch = hold(&store, "cart-1").await;
    let by_hand = server.client("orders").await;
    by_hand.batch_execute("BEGIN; SELECT FROM workflow_journal.run FOR UPDATE").await.unwrap();

    let write = store.write("cart-1", epoch, record("charge"));
    let (written, ()) = tokio::join!(write, cut_off_who_waits(&by_hand));
    let error = written.unwrap_err();
    assert!(matches!(error, StoreError::Failed { .. }), "{error}");
    assert!(error.to_string().contains("terminating connection"), "{error}");
    by_hand.batch_execute("ROLLBACK").await.unwrap();

    store.write("cart-1", epoch, record("ship")).await.unwrap();
    assert_eq!(store.records("cart-1").await.unwrap(), [record("ship")]);
}

#[tokio::test]
async fn a_server_may_start_again() {
    let Some(mut server) = Server::start().await else { return };
    let url = server.database("orders").await;
    let store = PostgresStore::connect(&url).await.unwrap();
    let epoch = hold(&store, "cart-1").await;
    store.write("cart-1", epoch, record("charge")).await.unwrap();

    server.crash();
    let place = url.replace(":secret", "");
    for _ in 0..3 {
        let error = store.write("cart-1", epoch, record("lost")).await.unwrap_err();
        assert!(matches!(error, StoreError::Failed { .. }), "{error}");
        assert!(error.to_string().starts_with(&format!("{place} failed: ")), "{error}");
    }
    let error = store.run("cart-1").await.unwrap_err().to_string();
    assert!(error.contains("onnection refused"), "{error}");

    server.start_again().await;
    store.write("cart-1", epoch, record("ship")).await.unwrap();
    assert_eq!(store.records("cart-1").await.unwrap(), [record("charge"), record("ship")]);
}

#[tokio::test]
async fn a_bad_address_is_told_without_its_password() {
    for (url, expected) in [
        (
            "postgresql://app:hunter2@127.0.0.1:1/orders",
            "postgresql://app@127.0.0.1:1/orders failed",
        ),
        ("postgresql://app:hunter2@127.0.0.1:port/orders", "the PostgreSQL server cannot be used"),
        ("postgresql://app:hunter2@/orders?colour=blue", "the PostgreSQL server cannot be used"),
        ("", "failed"),
    ] {
        let error = PostgresStore::connect(url).await.unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_used_is_refused() {
    let Some(server) = Server::start().await else { return };
    let error = PostgresStore::connect(&server.url("unknown")).await.unwrap_err();
    assert!(error.to_string().contains(r#"database "unknown" does not exist"#), "{error}");
    let with_tls = format!("{}?sslmode=require", server.url("postgres"));
    let error = PostgresStore::connect(&with_tls).await.unwrap_err();
    assert!(error.to_string().contains("TLS"), "{error}");

    let url = server.database("newer").await;
    drop(PostgresStore::connect(&url).await.unwrap());
    let by_hand = server.client("newer").await;
    by_hand.batch_execute("UPDATE workflow_journal.format SET version = 2").await.unwrap();
    let error = PostgresStore::connect(&url).await.unwrap_err();
    assert!(matches!(error, StoreError::Unusable { .. }), "{error}");
    assert!(error.to_string().contains("its format is 2"), "{error}");
}
