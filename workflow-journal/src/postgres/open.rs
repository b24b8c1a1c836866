//! Makes a new connection fit for a journal.

use tokio_postgres::{Client, Error};

use crate::StoreError;

/// The version of the tables.
const VERSION: i64 = 1;

/// So that of many processes that start at once, one makes the tables. "workflow" in ASCII.
const LOCK: &str = "SELECT pg_advisory_xact_lock(8606223218533756791)";

/// What a request relies on, however the server is set up: that a statement which has waited for
/// another one sees what that has written, and that what is answered is on the disk.
const SESSION: &str = "
    SET default_transaction_isolation = 'read committed';
    SELECT set_config('synchronous_commit', 'on', false)
    WHERE current_setting('synchronous_commit') = 'off'";

pub(super) async fn open(
    client: &mut Client,
    place: &str,
) -> Result<Result<(), StoreError>, Error> {
    client.batch_execute(SESSION).await?;
    let transaction = client.transaction().await?;
    transaction.batch_execute(LOCK).await?;
    let there = "SELECT to_regclass('workflow_journal.format') IS NOT NULL";
    let there: bool = transaction.query_one(there, &[]).await?.try_get(0)?;
    if !there {
        transaction.batch_execute(include_str!("schema.sql")).await?;
    }
    let version = "SELECT version FROM workflow_journal.format";
    let version: i64 = transaction.query_one(version, &[]).await?.try_get(0)?;
    transaction.commit().await?;
    if version == VERSION {
        return Ok(Ok(()));
    }
    let problem = format!(
        "its format is {version}, and this version of workflow-journal knows only {VERSION}"
    );
    Ok(Err(StoreError::Unusable { place: place.to_owned(), problem }))
}
