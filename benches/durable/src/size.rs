//! How much a journal's file grows.

use std::path::Path;

use rusqlite::Connection;
use workflow_journal::SqliteStore;
use workflow_runtime::Journal;

use crate::plan::STEPS;
use crate::table::count;
use crate::{Outcome, ours};

const AT_ONCE: usize = 50;
const EACH: usize = 20;

const RECORDS: &str = "
    SELECT sum(length(path) + length(kind) + length(fingerprint) + length(output)) FROM record";
const RUNS: &str = "
    SELECT sum(length(id) + length(workflow) + length(inputs) + length(graph) + length(outcome))
    FROM run";

pub(crate) async fn measure(folder: &Path) -> Outcome<()> {
    let file = folder.join("size.db");
    let before = size(&file).await?;
    let journal = open(&file).await?;
    ours::time(&journal, "size", AT_ONCE, EACH).await?;
    drop(journal);
    let grown = size(&file).await? - before;

    let runs = AT_ONCE * EACH;
    let conn = Connection::open(&file)?;
    let sum = |sql| conn.query_row(sql, [], |row| row.get::<_, u32>(0)).map(f64::from);
    let text = sum(RECORDS)? / count(runs * STEPS);
    let run = sum(RUNS)? / count(runs);
    println!("| bytes | |\n|---|---:|");
    println!("| growth of the file, a step | {:.0} |", f64::from(grown) / count(runs * STEPS));
    println!("| text in the row of a step | {text:.0} |");
    println!("| text in the row of a run of {STEPS} steps, its graph included | {run:.0} |");
    Ok(())
}

async fn open(file: &Path) -> Outcome<Journal> {
    Ok(Journal::new(SqliteStore::options().full_sync(false).open(file).await?))
}

/// The file's size, when all of the `-wal` file is in it.
async fn size(file: &Path) -> Outcome<u32> {
    drop(open(file).await?);
    let conn = Connection::open(file)?;
    // The journal's own thread may still be about to close the file.
    while conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, bool>(0))? {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    Ok(u32::try_from(std::fs::metadata(file)?.len())?)
}
