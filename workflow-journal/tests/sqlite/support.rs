//! What the tests of files have in common.

use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;
use workflow_journal::{
    Claim, Claimed, JournalStore, Kind, NewRun, Record, SqliteStore, Timestamp,
};

/// A path for a journal in a new folder, which goes with what is returned first.
pub(crate) fn journal() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("orders.db");
    (folder, path)
}

pub(crate) fn new_run(id: &str) -> NewRun {
    NewRun::new(id, "checkout", "1", "{}")
}

pub(crate) fn by(holder: &str) -> Claim {
    Claim::new(holder, Duration::from_secs(3600))
}

pub(crate) async fn hold(store: &SqliteStore, id: &str) -> i64 {
    match store.claim(&new_run(id), &by("a")).await {
        Ok(Claimed::Held { epoch, .. }) => epoch,
        other => panic!("run `{id}` is free: {other:?}"),
    }
}

pub(crate) fn record(path: &str, output: &str) -> Record {
    let mut record = Record::new(path, Kind::Step, output, Timestamp(1_700_000_000_456));
    record.started = Timestamp(1_700_000_000_123);
    record
}

/// A path beside the journal: `orders.db-wal`.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Waits until the thread of a store that was dropped has closed the file: SQLite removes the
/// write-ahead log then.
pub(crate) fn wait_until_closed(path: &Path) {
    while beside(path, "-wal").exists() {
        std::thread::sleep(Duration::from_millis(1));
    }
}
