//! The store on a server. Each test starts one of its own, of the PostgreSQL that is installed.
#![cfg(all(feature = "postgres", feature = "conformance", unix))]

mod connection;
mod faults;
mod first_version;
mod proxy;
mod rows;
mod server;
mod sharing;

use std::cell::Cell;

use workflow_journal::{PostgresStore, conformance};

use crate::server::Server;

#[tokio::test(flavor = "multi_thread")]
async fn it_passes_the_tests_of_all_stores() {
    let Some(server) = Server::start().await else { return };
    let number = Cell::new(0);
    conformance::check(async || {
        number.set(number.get() + 1);
        let url = server.database(&format!("case{}", number.get())).await;
        PostgresStore::connect(&url).await.unwrap()
    })
    .await;
}
