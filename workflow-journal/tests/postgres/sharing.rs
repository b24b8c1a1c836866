//! Several processes at one server.

use std::collections::BTreeSet;

use workflow_journal::{
    Claimed, End, JournalStore, PostgresStore, SentSignal, StoreError, Timestamp,
};

use crate::connection::{by, hold, new_run, record};
use crate::server::Server;

/// On a server that is set up to make it hard: serializable transactions are undone when they
/// meet.
#[tokio::test(flavor = "multi_thread")]
async fn each_run_is_held_by_one_process() {
    const RUNS: usize = 100;
    let Some(server) = Server::start().await else { return };
    let url = server.database("orders").await;
    let by_hand = server.client("orders").await;
    let serializable = "ALTER DATABASE orders SET default_transaction_isolation = serializable";
    by_hand.batch_execute(serializable).await.unwrap();

    // All make the tables at once, too.
    let processes = ["one", "two", "three", "four"].map(|holder| {
        let url = url.clone();
        tokio::spawn(async move {
            let store = PostgresStore::connect(&url).await.unwrap();
            let mut held = Vec::new();
            for number in 0..RUNS {
                let run = new_run(&format!("cart-{number}"));
                match store.claim(&run, &by(holder)).await.unwrap() {
                    Claimed::Held { epoch: 1, new: true } => held.push(number),
                    Claimed::Busy { .. } => {}
                    other => panic!("a run is held or busy: {other:?}"),
                }
            }
            held
        })
    });
    let mut held = Vec::new();
    for process in processes {
        held.extend(process.await.unwrap());
    }
    assert_eq!(held.len(), RUNS, "no run is held twice");
    assert_eq!(held.iter().collect::<BTreeSet<_>>().len(), RUNS, "each run is held");
}

#[tokio::test]
async fn leases_end_by_the_clock_of_the_server() {
    let Some(server) = Server::start().await else { return };
    let store = PostgresStore::connect(&server.database("orders").await).await.unwrap();
    hold(&store, "cart-1").await;
    let claimed = store.claim(&new_run("cart-1"), &by("b")).await.unwrap();
    assert!(matches!(claimed, Claimed::Busy { .. }), "{claimed:?}");

    // Two hours later there, and none here.
    let by_hand = server.client("orders").await;
    let later = "
        CREATE OR REPLACE FUNCTION workflow_journal.now_ms() RETURNS bigint LANGUAGE sql STABLE
        AS 'SELECT floor(extract(epoch FROM statement_timestamp()) * 1000)::bigint + 7200000'";
    by_hand.batch_execute(later).await.unwrap();
    let claimed = store.claim(&new_run("cart-1"), &by("b")).await.unwrap();
    assert!(matches!(claimed, Claimed::Held { new: false, .. }), "{claimed:?}");
}

#[tokio::test]
async fn a_person_can_read_it() {
    let Some(server) = Server::start().await else { return };
    let store = PostgresStore::connect(&server.database("orders").await).await.unwrap();
    let epoch = hold(&store, "cart-1").await;
    store.write("cart-1", epoch, record("charge")).await.unwrap();
    let sent = Timestamp(i64::MAX);
    let signal = SentSignal::new("approval", "true", sent);
    store.send("cart-1", signal).await.unwrap();
    store.finish("cart-1", epoch, End::Failed("no stock".into())).await.unwrap();

    let by_hand = server.client("orders").await;
    by_hand
        .batch_execute("SET timezone = 'UTC'; SET search_path = workflow_journal")
        .await
        .unwrap();
    for (sql, expected) in [
        (
            "SELECT concat_ws(' ', id, workflow, state, outcome, held_until) FROM runs",
            "cart-1 checkout failed no stock",
        ),
        (
            "SELECT concat_ws(' ', run, path, kind, started, output) FROM records",
            r#"cart-1 charge step 2023-11-14 22:13:20.123+00 {"cents":995}"#,
        ),
        (
            "SELECT concat_ws(' ', run, name, value, sent) FROM signals",
            "cart-1 approval true 9999-12-31 23:59:59.999+00",
        ),
    ] {
        let row = by_hand.query_one(sql, &[]).await.unwrap();
        assert_eq!(row.get::<_, String>(0), expected);
    }

    by_hand.batch_execute("UPDATE record SET attempts = -1").await.unwrap();
    let error = store.records("cart-1").await.unwrap_err();
    assert!(
        matches!(&error, StoreError::Corrupt { run, path, .. } if run == "cart-1" && path == "charge"),
        "the error names the record: {error}"
    );
}
