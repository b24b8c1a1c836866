//! Prepares a new connection for a journal.

use std::time::Duration;

use tokio_postgres::{Client, Error, GenericClient};

use super::error::RequestError;

/// The version of the tables.
const VERSION: i64 = 1;

/// Ensures that of many processes that start at once, only one creates the tables. The number is
/// "workflow" in ASCII.
const LOCK: &str = "SELECT pg_advisory_xact_lock(8606223218533756791)";

/// What a request relies on, however the server is set up: that a statement that has waited for
/// another one sees what that one has written, and that whatever is confirmed is on the disk.
const SESSION: &str = "
    SET default_transaction_isolation = 'read committed';
    SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') = 'off'";

/// What is in the database.
enum Contents {
    Nothing,
    /// A journal that an earlier version has created, without later additions.
    Earlier,
    Journal,
}

pub(super) async fn open(client: &mut Client, limit: Duration) -> Result<(), RequestError> {
    // The server gives up a request that waits for a lock a little before the client does. So the
    // others on the connection go on, and abandoned ones do not pile up at the lock.
    let patience = limit.mul_f64(0.9).as_millis().clamp(1, 2_000_000_000);
    client.batch_execute(&format!("SET lock_timeout = {patience}; {SESSION}")).await?;
    let encoding = "SELECT current_setting('server_encoding')";
    let encoding: String = client.query_one(encoding, &[]).await?.try_get(0)?;
    if encoding != "UTF8" {
        let problem =
            format!("the encoding of the database is {encoding}, and a journal needs one of UTF8");
        return Err(RequestError::Unusable(problem));
    }
    // Most connections find everything in order, and need neither a lock nor the right to create
    // tables.
    if let Contents::Journal = contents(client).await? {
        return check_version(client).await;
    }
    let transaction = client.transaction().await?;
    transaction.batch_execute(LOCK).await?;
    // Checked again: another process may have created the tables in the meantime.
    let contents = contents(&transaction).await?;
    if let Contents::Nothing = contents {
        transaction.batch_execute(include_str!("schema.sql")).await?;
    }
    check_version(&transaction).await?;
    if !matches!(contents, Contents::Journal) {
        transaction.batch_execute(include_str!("additions.sql")).await?;
    }
    transaction.commit().await?;
    Ok(())
}

async fn contents(client: &impl GenericClient) -> Result<Contents, Error> {
    // Not with `to_regclass`, which caches that it has not found something.
    let there = "
        SELECT count(*) FILTER (WHERE relname = 'format') > 0,
            count(*) FILTER (WHERE relname = 'extra') > 0
        FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE nspname = 'workflow_journal'";
    let there = client.query_one(there, &[]).await?;
    Ok(match (there.try_get(0)?, there.try_get(1)?) {
        (false, _) => Contents::Nothing,
        (true, false) => Contents::Earlier,
        (true, true) => Contents::Journal,
    })
}

async fn check_version(client: &impl GenericClient) -> Result<(), RequestError> {
    let version = "SELECT version FROM workflow_journal.format";
    let version: i64 = client.query_one(version, &[]).await?.try_get(0)?;
    if version == VERSION {
        return Ok(());
    }
    Err(RequestError::Unusable(format!(
        "its format is {version}, and this version of workflow-journal knows only {VERSION}"
    )))
}
