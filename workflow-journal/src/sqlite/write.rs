//! What each method does on the connection.

use rusqlite::{Connection, OptionalExtension, params};

use super::writer::Answer;
use crate::model::UPDATED_WITHIN;
use crate::state::kept_as;
use crate::{
    Claim, Claimed, End, Kind, NewRun, Record, SentSignal, StoreError, StoredState, Timestamp,
};

/// Tells why a run cannot be claimed: it is held, or it has ended.
const BUSY: &str = "SELECT state, holder, held_until FROM run WHERE id = ?1";

const CLAIM: &str = "
    INSERT INTO run
        (id, workflow, inputs, graph, state, epoch, holder, held_until, created, updated)
    VALUES (?1, ?2, ?3, ?4, 'unfinished', 1, ?5, ?6, ?7, ?7)
    ON CONFLICT (id) DO UPDATE SET
        state = 'unfinished', outcome = NULL, epoch = epoch + 1,
        holder = excluded.holder, held_until = excluded.held_until, updated = excluded.updated
    WHERE state IN ('unfinished', 'failed')
        AND (holder IS NULL OR holder = excluded.holder OR held_until <= excluded.updated)
    RETURNING epoch";

const CREATE: &str = "
    INSERT INTO run (id, workflow, inputs, graph, state, epoch, created, updated)
    VALUES (?1, ?2, ?3, ?4, 'unfinished', 1, ?5, ?5)
    ON CONFLICT (id) DO NOTHING";

const REOPEN: &str = "
    UPDATE run SET state = 'unfinished', outcome = NULL, cancel = 0, epoch = epoch + 1,
        holder = ?2, held_until = ?3, updated = ?4
    WHERE id = ?1 AND (holder IS NULL OR holder = ?2 OR held_until <= ?4)
    RETURNING epoch";

const RENEW: &str = "
    UPDATE run SET holder = ?3, held_until = ?4
    WHERE id = ?1 AND epoch = ?2 AND holder IS NOT NULL
    RETURNING cancel";

const RELEASE: &str = "
    UPDATE run SET holder = NULL, held_until = NULL
    WHERE id = ?1 AND epoch = ?2 AND holder IS NOT NULL
    RETURNING number";

/// The run, if it is held under this epoch.
const HELD: &str = "
    SELECT number, updated FROM run
    WHERE id = ?1 AND epoch = ?2 AND holder IS NOT NULL";

const TOUCH: &str = "UPDATE run SET updated = ?2 WHERE number = ?1";

const WRITE: &str = "
    INSERT OR REPLACE INTO record
        (run, path, kind, fingerprint, output, started, finished, attempts)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

const WRITE_EXTRA: &str = "
    INSERT OR REPLACE INTO extra
        (run, path, kind, fingerprint, output, started, finished, attempts, number)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";

const FINISH: &str = "
    UPDATE run SET state = ?3, outcome = ?4, undo_failed = CASE WHEN ?6 THEN epoch END,
        holder = NULL, held_until = NULL, updated = ?5
    WHERE id = ?1 AND epoch = ?2 AND holder IS NOT NULL
    RETURNING number";

const CANCEL: &str = "
    UPDATE run SET cancel = 1, updated = ?2
    WHERE id = ?1";

const RETRY: &str = "
    UPDATE run SET state = 'unfinished', updated = ?2
    WHERE id = ?1 AND state = 'failed'";

pub(super) fn claim(conn: &Connection, run: &NewRun, claim: &Claim) -> Answer<Claimed> {
    let now = Timestamp::now();
    let until = now.after(claim.lease);
    let epoch = conn
        .prepare_cached(CLAIM)?
        .query_row(
            params![run.id, run.workflow, run.inputs, run.graph, claim.holder, until.0, now.0],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(epoch) = epoch {
        return Ok(Ok(Claimed::Held { epoch, new: epoch == 1 }));
    }
    conn.prepare_cached(BUSY)?.query_row([&run.id], |row| {
        let state: String = row.get(0)?;
        if StoredState::from_name(&state).is_some_and(StoredState::is_final) {
            return Ok(Ok(Claimed::Ended));
        }
        Ok(Ok(Claimed::Busy { holder: row.get(1)?, until: Timestamp(row.get(2)?) }))
    })
}

pub(super) fn create(conn: &Connection, run: &NewRun) -> Answer<bool> {
    let values = params![run.id, run.workflow, run.inputs, run.graph, Timestamp::now().0];
    let created = conn.prepare_cached(CREATE)?.execute(values)?;
    Ok(Ok(created == 1))
}

pub(super) fn reopen(conn: &Connection, run: &str, claim: &Claim) -> Answer<Claimed> {
    let now = Timestamp::now();
    let until = now.after(claim.lease);
    let epoch = conn
        .prepare_cached(REOPEN)?
        .query_row(params![run, claim.holder, until.0, now.0], |row| row.get(0))
        .optional()?;
    if let Some(epoch) = epoch {
        return Ok(Ok(Claimed::Held { epoch, new: false }));
    }
    let busy = conn
        .prepare_cached(BUSY)?
        .query_row([run], |row| {
            Ok(Claimed::Busy { holder: row.get(1)?, until: Timestamp(row.get(2)?) })
        })
        .optional()?;
    Ok(busy.ok_or_else(|| StoreError::no_such_run(run)))
}

/// Deletes the runs that have ended. What refers to a run goes first.
pub(super) fn delete(conn: &Connection, runs: &[String]) -> Answer<usize> {
    let mut number =
        conn.prepare_cached("SELECT number FROM run WHERE id = ?1 AND state <> 'unfinished'")?;
    let mut deleted = 0;
    for run in runs {
        let Some(number) = number.query_row([run], |row| row.get::<_, i64>(0)).optional()? else {
            continue;
        };
        for sql in ["DELETE FROM record WHERE run = ?1", "DELETE FROM extra WHERE run = ?1"] {
            conn.prepare_cached(sql)?.execute([number])?;
        }
        conn.prepare_cached("DELETE FROM signal WHERE run = ?1")?.execute([run])?;
        deleted += conn.prepare_cached("DELETE FROM run WHERE number = ?1")?.execute([number])?;
    }
    Ok(Ok(deleted))
}

/// Writes the file anew, without its free space.
pub(super) fn vacuum(conn: &Connection) -> Answer<()> {
    conn.execute_batch("VACUUM")?;
    // It is in the log until then. If a reader is in the way, SQLite does it later.
    conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(Ok(()))
}

pub(super) fn renew(conn: &Connection, run: &str, epoch: i64, claim: &Claim) -> Answer<bool> {
    let until = Timestamp::now().after(claim.lease);
    let cancel = conn
        .prepare_cached(RENEW)?
        .query_row(params![run, epoch, claim.holder, until.0], |row| row.get(0))
        .optional()?;
    held(conn, run, cancel)
}

pub(super) fn release(conn: &Connection, run: &str, epoch: i64) -> Answer<()> {
    let number = conn
        .prepare_cached(RELEASE)?
        .query_row(params![run, epoch], |row| row.get::<_, i64>(0))
        .optional()?;
    Ok(held(conn, run, number)?.map(|_| ()))
}

pub(super) fn write(conn: &Connection, run: &str, epoch: i64, record: &Record) -> Answer<()> {
    let number = match touch(conn, run, epoch)? {
        Ok(number) => number,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Record { path, fingerprint, output, started, finished, attempts, kind } = record;
    let (kind, (started, finished)) = (kind.name(), (started.0, finished.0));
    if is_extra(record.kind) {
        let next = next_number(conn)?;
        conn.prepare_cached(WRITE_EXTRA)?.execute(params![
            number,
            path,
            kind,
            fingerprint,
            output,
            started,
            finished,
            attempts,
            next
        ])?;
    } else {
        conn.prepare_cached(WRITE)?.execute(params![
            number,
            path,
            kind,
            fingerprint,
            output,
            started,
            finished,
            attempts
        ])?;
    }
    Ok(Ok(()))
}

/// The first version knows the kinds that are in `record`, and does not look into `extra`.
fn is_extra(kind: Kind) -> bool {
    match kind {
        Kind::Step | Kind::Items | Kind::Timer | Kind::Failure | Kind::Compensation => false,
        Kind::Attempt | Kind::Signals | Kind::Refusal | Kind::Rerun => true,
    }
}

/// Takes the number that the next row of `record` would get, so that no row gets it. SQLite allows
/// writes to the table that holds its counter (<https://www.sqlite.org/autoinc.html>).
fn next_number(conn: &Connection) -> rusqlite::Result<i64> {
    const COUNT: &str =
        "UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'record' RETURNING seq";
    let next = conn.prepare_cached(COUNT)?.query_row([], |row| row.get(0)).optional()?;
    if let Some(next) = next {
        return Ok(next);
    }
    // The counter has never been used.
    conn.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('record', 1)", [])?;
    Ok(1)
}

pub(super) fn erase(conn: &Connection, run: &str, epoch: i64, paths: &[String]) -> Answer<()> {
    let number = match touch(conn, run, epoch)? {
        Ok(number) => number,
        Err(refusal) => return Ok(Err(refusal)),
    };
    for sql in [
        "DELETE FROM record WHERE run = ?1 AND path = ?2",
        "DELETE FROM extra WHERE run = ?1 AND path = ?2",
    ] {
        let mut delete = conn.prepare_cached(sql)?;
        for path in paths {
            delete.execute(params![number, path])?;
        }
    }
    Ok(Ok(()))
}

pub(super) fn finish(conn: &Connection, run: &str, epoch: i64, end: &End) -> Answer<()> {
    let state = end.state();
    let (kept, undo_failed) = (kept_as(state), state == StoredState::UndoFailed);
    let values = params![run, epoch, kept, end.outcome(), Timestamp::now().0, undo_failed];
    let number =
        conn.prepare_cached(FINISH)?.query_row(values, |row| row.get::<_, i64>(0)).optional()?;
    Ok(held(conn, run, number)?.map(|_| ()))
}

pub(super) fn send(conn: &Connection, run: &str, signal: &SentSignal) -> Answer<()> {
    if state(conn, run)?.is_some_and(StoredState::is_final) {
        return Ok(Err(StoreError::ended(run)));
    }
    conn.prepare_cached("INSERT INTO signal (run, name, value, sent) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![run, signal.name, signal.value, signal.sent.0])?;
    Ok(Ok(()))
}

pub(super) fn cancel(conn: &Connection, run: &str) -> Answer<()> {
    if let Err(refusal) = not_ended(conn, run)? {
        return Ok(Err(refusal));
    }
    conn.prepare_cached(CANCEL)?.execute(params![run, Timestamp::now().0])?;
    Ok(Ok(()))
}

pub(super) fn retry(conn: &Connection, run: &str) -> Answer<()> {
    if let Err(refusal) = not_ended(conn, run)? {
        return Ok(Err(refusal));
    }
    conn.prepare_cached(RETRY)?.execute(params![run, Timestamp::now().0])?;
    Ok(Ok(()))
}

fn not_ended(conn: &Connection, run: &str) -> Answer<()> {
    Ok(match state(conn, run)? {
        Some(state) if state.is_final() => Err(StoreError::ended(run)),
        Some(_) => Ok(()),
        None => Err(StoreError::no_such_run(run)),
    })
}

/// Notes that the run is written to, and returns its number.
fn touch(conn: &Connection, run: &str, epoch: i64) -> Answer<i64> {
    let found = conn
        .prepare_cached(HELD)?
        .query_row(params![run, epoch], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (number, updated): (i64, i64) = match held(conn, run, found)? {
        Ok(found) => found,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let now = Timestamp::now().0;
    if !(updated..updated.saturating_add(UPDATED_WITHIN)).contains(&now) {
        conn.prepare_cached(TOUCH)?.execute([number, now])?;
    }
    Ok(Ok(number))
}

/// Returns what was found of a run that should be held, or else the reason why nothing was found.
fn held<T>(conn: &Connection, run: &str, found: Option<T>) -> Answer<T> {
    Ok(match found {
        Some(found) => Ok(found),
        None if state(conn, run)?.is_some() => Err(StoreError::lease_lost(run)),
        None => Err(StoreError::no_such_run(run)),
    })
}

fn state(conn: &Connection, run: &str) -> rusqlite::Result<Option<StoredState>> {
    let state = conn
        .prepare_cached("SELECT state FROM run WHERE id = ?1")?
        .query_row([run], |row| row.get::<_, String>(0))
        .optional()?;
    Ok(state.and_then(|name| StoredState::from_name(&name)))
}
