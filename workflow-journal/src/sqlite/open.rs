//! Opens the file, and checks whose it is before anything is written to it.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use rusqlite::{Connection, ErrorCode, MAIN_DB, OpenFlags};

use super::SqliteOptions;
use super::error::RequestError;
use crate::StoreError;

/// "work" in ASCII: distinguishes journals from the files of other applications.
const APPLICATION: i32 = 0x776f_726b;

/// The version of the tables.
const VERSION: i32 = 1;

/// What has been added to the tables since the first version, in this order: the name of a table or
/// an index that shows whether it has been, and the statements.
const ADDITIONS: [(&str, &str); 2] =
    [("extra", include_str!("additions.sql")), ("run_ended", include_str!("ended.sql"))];

/// How large the write-ahead log may stay, in bytes.
pub(super) const LOG_LIMIT: i64 = 16 * 1024 * 1024;

/// What is in a file.
enum Contents {
    Nothing,
    /// A journal, which an earlier version may have created: with so many of the additions.
    Journal(usize),
}

pub(super) fn open(path: &Path, options: &SqliteOptions) -> Result<Connection, StoreError> {
    let place = path.display().to_string();
    create_private(path);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags).map_err(|error| {
        if path.parent().is_some_and(Path::is_dir) {
            RequestError::from(error).to_error(&place)
        } else {
            unusable(&place, "its folder does not exist")
        }
    })?;

    // SQLite does not wait for a lock if two processes turn a file into a journal at the same time.
    let start = Instant::now();
    loop {
        match prepare(&conn, &place, options) {
            Err(error) if is_busy(&error) && start.elapsed() < options.busy_timeout => {
                thread::sleep(Duration::from_millis(5));
            }
            Err(error) => return Err(RequestError::from(error).to_error(&place)),
            Ok(Err(error)) => return Err(error),
            Ok(Ok(())) => return Ok(conn),
        }
    }
}

/// Creates a new file that only its owner can read. The files that SQLite puts beside it get the
/// same rights. If this fails, SQLite will fail as well, and says why.
fn create_private(path: &Path) {
    let mut new = fs::OpenOptions::new();
    new.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut new, 0o600);
    drop(new.open(path));
}

fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
}

fn prepare(
    conn: &Connection,
    place: &str,
    options: &SqliteOptions,
) -> rusqlite::Result<Result<(), StoreError>> {
    // A duration that SQLite cannot represent is as good as forever.
    conn.busy_timeout(options.busy_timeout.min(Duration::from_millis(i32::MAX as u64)))?;
    // First, since SQLite cannot even read such a file in WAL mode, and does not say why.
    if conn.is_readonly(MAIN_DB)? {
        return Ok(Err(unusable(place, "it is read-only")));
    }
    // In one transaction: another process may turn the file into a journal between two queries, and
    // a partial result looks like the database of another application.
    let transaction = conn.unchecked_transaction()?;
    let contents = match contents(&transaction, place)? {
        Ok(contents) => contents,
        Err(error) => return Ok(Err(error)),
    };
    transaction.finish()?;
    let mode: String =
        conn.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0))?;
    if mode != "wal" {
        let problem = format!("its journal mode is {mode}, and cannot be made WAL");
        return Ok(Err(unusable(place, &problem)));
    }
    conn.pragma_update(None, "synchronous", if options.full_sync { "full" } else { "normal" })?;
    // Otherwise the log keeps the largest size that it has ever had.
    conn.pragma_update_and_check(None, "journal_size_limit", LOG_LIMIT, |_| Ok(()))?;
    if let Some(pages) = options.max_pages {
        conn.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
    }
    match contents {
        Contents::Journal(added) if added == ADDITIONS.len() => Ok(Ok(())),
        Contents::Nothing | Contents::Journal(_) => complete(conn, place),
    }
}

/// Creates the tables in a new file, or what a journal of an earlier version lacks.
fn complete(conn: &Connection, place: &str) -> rusqlite::Result<Result<(), StoreError>> {
    let transaction =
        rusqlite::Transaction::new_unchecked(conn, rusqlite::TransactionBehavior::Immediate)?;
    // Checked again: another process may have turned the file into a journal in the meantime.
    let added = match contents(&transaction, place)? {
        Err(error) => return Ok(Err(error)),
        Ok(Contents::Journal(added)) => added,
        Ok(Contents::Nothing) => {
            transaction.execute_batch(include_str!("schema.sql"))?;
            transaction.pragma_update(None, "application_id", APPLICATION)?;
            transaction.pragma_update(None, "user_version", VERSION)?;
            0
        }
    };
    for (_, addition) in &ADDITIONS[added..] {
        transaction.execute_batch(addition)?;
    }
    transaction.commit()?;
    Ok(Ok(()))
}

/// All tables of a new file.
#[cfg(test)]
pub(super) fn tables(conn: &Connection) -> rusqlite::Result<()> {
    conn.execute_batch(include_str!("schema.sql"))?;
    ADDITIONS.iter().try_for_each(|(_, addition)| conn.execute_batch(addition))
}

fn contents(conn: &Connection, place: &str) -> rusqlite::Result<Result<Contents, StoreError>> {
    let application: i32 = conn.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i32 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let names = conn
        .prepare("SELECT name FROM sqlite_schema")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<String>>>()?;
    Ok(match (application, version) {
        (APPLICATION, VERSION) => {
            let is_added = |(shows, _): &&(&str, _)| names.iter().any(|name| name == shows);
            Ok(Contents::Journal(ADDITIONS.iter().take_while(is_added).count()))
        }
        (0, 0) if names.is_empty() => Ok(Contents::Nothing),
        (APPLICATION, newer) => Err(unusable(
            place,
            &format!(
                "its format is {newer}, and this version of workflow-journal knows only {VERSION}"
            ),
        )),
        _ => Err(unusable(place, "it is a database of another application")),
    })
}

fn unusable(place: &str, problem: &str) -> StoreError {
    StoreError::Unusable { place: place.to_owned(), problem: problem.to_owned() }
}
