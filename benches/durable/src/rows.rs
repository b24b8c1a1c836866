//! What a run leaves in a journal: the bytes that the bare loop writes, too.

use std::path::Path;

use rusqlite::Connection;
use workflow_runtime::Journal;

use crate::{Outcome, ours};

pub(crate) struct Rows {
    pub(crate) workflow: String,
    pub(crate) inputs: String,
    pub(crate) graph: String,
    pub(crate) outcome: String,
    pub(crate) holder: String,
    pub(crate) records: Vec<Record>,
}

pub(crate) struct Record {
    pub(crate) path: String,
    pub(crate) fingerprint: String,
    pub(crate) output: String,
}

impl Rows {
    /// Those of one run, which is done for it.
    pub(crate) async fn of_one_run(folder: &Path) -> Outcome<Self> {
        let file = folder.join("one.db");
        ours::one(&Journal::open(&file).await?, "one").await?;
        let conn = Connection::open(&file)?;
        let mut records =
            conn.prepare("SELECT path, fingerprint, output FROM record WHERE kind = 'step'")?;
        let records = records.query_map([], |row| {
            Ok(Record { path: row.get(0)?, fingerprint: row.get(1)?, output: row.get(2)? })
        })?;
        let records = records.collect::<Result<_, _>>()?;
        let run = "SELECT workflow, inputs, graph, outcome FROM run";
        let rows = conn.query_row(run, [], |row| {
            Ok(Self {
                workflow: row.get(0)?,
                inputs: row.get(1)?,
                graph: row.get(2)?,
                outcome: row.get(3)?,
                // As long as those of the journal.
                holder: format!("process {}, {:016x}", std::process::id(), u64::MAX),
                records,
            })
        })?;
        Ok(rows)
    }
}
