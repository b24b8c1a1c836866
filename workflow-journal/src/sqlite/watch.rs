//! Watches the file while it is open.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use super::error::RequestError;
use super::open::LOG_LIMIT;

#[derive(Debug)]
pub(super) struct Watch {
    path: PathBuf,
    log: PathBuf,
    place: String,
    opened: Option<Identity>,
    /// The number of transactions since the log was last checked.
    since: Cell<u32>,
}

/// The log is checked after this many transactions: each check costs microseconds.
const SELDOM: u32 = 32;

/// Identifies the file, whatever its path: the device, and the file's number on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Identity(u64, u64);

impl Watch {
    /// Watches the file that has just been opened.
    pub(super) fn new(path: PathBuf) -> Self {
        let mut log = path.clone().into_os_string();
        log.push("-wal");
        let place = path.display().to_string();
        Self { opened: identity(&path), path, log: log.into(), place, since: Cell::new(SELDOM) }
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// Whether the open file is still the one at its path. SQLite goes on with a file that has been
    /// deleted, and everything that it writes is lost then. A check costs a few microseconds.
    pub(super) fn check(&self) -> Result<(), RequestError> {
        if identity(&self.path) == self.opened { Ok(()) } else { Err(RequestError::Gone) }
    }

    /// Shortens the write-ahead log after much was written. SQLite reuses the log's space, but does
    /// not release it before the last connection is closed.
    pub(super) fn shorten_log(&self, conn: &Connection) {
        let limit = LOG_LIMIT.unsigned_abs();
        if self.since.get() < SELDOM {
            self.since.set(self.since.get() + 1);
            return;
        }
        self.since.set(0);
        if fs::metadata(&self.log).is_ok_and(|log| log.len() > limit) {
            // If a reader or another writer is in the way, the next check does it.
            let _ = without_waiting(conn, || {
                conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
            });
        }
    }
}

/// Does something that gives up at once if the file is locked.
fn without_waiting(
    conn: &Connection,
    work: impl FnOnce() -> rusqlite::Result<()>,
) -> rusqlite::Result<()> {
    let patience: u32 = conn.pragma_query_value(None, "busy_timeout", |row| row.get(0))?;
    conn.busy_timeout(Duration::ZERO)?;
    let done = work();
    conn.busy_timeout(Duration::from_millis(patience.into()))?;
    done
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;

    let file = fs::metadata(path).ok()?;
    Some(Identity(file.dev(), file.ino()))
}

/// On other systems, a file cannot be deleted while it is open.
#[cfg(not(unix))]
fn identity(_path: &Path) -> Option<Identity> {
    None
}
