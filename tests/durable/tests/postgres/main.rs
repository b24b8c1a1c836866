//! Runs in a PostgreSQL database: its server restarts, is silent or slow, and has a clock of its
//! own.

mod clock;
mod faults;
#[allow(dead_code, reason = "other tests use the rest of it")]
#[path = "../../../../workflow-journal/tests/postgres/proxy.rs"]
mod proxy;
#[path = "../../../../workflow-journal/tests/postgres/server.rs"]
mod server;

use std::time::Duration;

use workflow_journal::PostgresStore;
use workflow_runtime::Journal;

/// Far longer than any limit in here: what has not ended by then never ends.
const NEVER: Duration = Duration::from_secs(120);

async fn journal(url: &str, lease: Duration) -> Journal {
    Journal::new(PostgresStore::connect(url).await.unwrap()).lease(lease)
}
