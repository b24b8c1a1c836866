//! Timers follow the clock of the database, as leases do, and not that of the worker.

use std::time::Duration;

use tokio::time::timeout;
use tokio_postgres::Client;
use workflow_journal::{JournalStore, Kind, PostgresStore};
use workflow_runtime::{StepError, sleep, step, workflow};

use crate::server::Server;
use crate::{NEVER, journal};

#[step]
async fn ship(order: u32) -> Result<u32, StepError> {
    Ok(order + 1)
}

workflow! {
    #[durable]
    async fn later(order: u32) -> Result<u32, StepError> {
        let pause = sleep("30m").await;
        #[after(pause)]
        let shipped = ship(order).await?;
        Ok(shipped)
    }
}

/// Lets the database's clock be this many minutes ahead of that of the machine.
async fn ahead(database: &Client, minutes: i32) {
    let sql = format!(
        "CREATE OR REPLACE FUNCTION workflow_journal.now_ms() RETURNS bigint
            LANGUAGE sql STABLE PARALLEL SAFE
            AS 'SELECT floor(extract(epoch FROM statement_timestamp()) * 1000)::bigint
                + {minutes} * 60000'"
    );
    database.batch_execute(&sql).await.unwrap();
}

#[tokio::test]
async fn a_timer_ends_by_the_clock_of_the_database() {
    let Some(server) = Server::start().await else { return };
    let url = server.database("orders").await;
    let store = PostgresStore::connect(&url).await.unwrap();
    let database = server.client("orders").await;
    // For the machine the timer is over before it begins.
    ahead(&database, -60).await;
    let orders = journal(&url, Duration::from_secs(20)).await;
    for _ in 0..2 {
        let early = timeout(Duration::from_secs(1), orders.run("order-7", later(7))).await;
        assert!(early.is_err(), "its time has not come by the clock of the database: {early:?}");
    }
    let records = store.records("order-7").await.unwrap();
    assert_eq!(records.iter().map(|record| record.kind).collect::<Vec<_>>(), [Kind::Timer]);

    // By the database half an hour has passed, and none on the machine.
    ahead(&database, -29).await;
    let shipped = timeout(NEVER, orders.run("order-7", later(7))).await.expect("it is over");
    assert_eq!(shipped.unwrap(), 8);
}

#[tokio::test]
async fn a_timer_does_not_end_early_on_a_worker_whose_clock_is_behind() {
    let Some(server) = Server::start().await else { return };
    let url = server.database("orders").await;
    let _made = PostgresStore::connect(&url).await.unwrap();
    let database = server.client("orders").await;
    ahead(&database, 60).await;
    let orders = journal(&url, Duration::from_secs(20)).await;
    let early = timeout(Duration::from_secs(1), orders.run("order-7", later(7))).await;
    assert!(early.is_err(), "{early:?}");
    ahead(&database, 91).await;
    let shipped = timeout(NEVER, orders.run("order-7", later(7))).await.expect("it is over");
    assert_eq!(shipped.unwrap(), 8);
}
