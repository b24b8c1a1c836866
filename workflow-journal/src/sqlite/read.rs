//! What is read of the tables. A row that somebody has spoilt by hand is an error that names it.

use rusqlite::types::Type;
use rusqlite::{Connection, Error, Params, Row, params};

use super::writer::Answer;
use crate::{Filter, Kind, Record, Run, RunState, Signal, StoreError, Timestamp};

const RUN: &str = "
    SELECT id, workflow, inputs, graph, state, outcome, created, updated, holder, held_until,
        cancel
    FROM run";

const FITTING: &str = "
    WHERE (?1 IS NULL OR workflow = ?1) AND (?2 IS NULL OR state = ?2)
        AND (?3 IS NULL OR updated < ?3)
    ORDER BY updated DESC, number DESC
    LIMIT ?4";

const RECORDS: &str = "
    SELECT path, kind, fingerprint, output, started, finished, attempts
    FROM record
    WHERE run = (SELECT number FROM run WHERE id = ?1)
    ORDER BY number";

pub(super) fn run(conn: &Connection, id: &str) -> Answer<Option<Run>> {
    let sql = format!("{RUN} WHERE id = ?1");
    let runs = rows(conn, &sql, [id], run_of, |_| (id.to_owned(), String::new()))?;
    Ok(runs.map(|runs| runs.into_iter().next()))
}

pub(super) fn runs(conn: &Connection, filter: &Filter) -> Answer<Vec<Run>> {
    let sql = format!("{RUN} {FITTING}");
    let limit = filter.limit.map_or(-1, |limit| i64::try_from(limit).unwrap_or(i64::MAX));
    let values = params![
        filter.workflow,
        filter.state.map(RunState::name),
        filter.updated_before.map(|moment| moment.0),
        limit,
    ];
    rows(conn, &sql, values, run_of, |row| (first_column(row), String::new()))
}

pub(super) fn records(conn: &Connection, run: &str) -> Answer<Vec<Record>> {
    rows(conn, RECORDS, [run], record_of, |row| (run.to_owned(), first_column(row)))
}

pub(super) fn signals(conn: &Connection, run: &str) -> Answer<Vec<Signal>> {
    let sql = "SELECT name, value, sent FROM signal WHERE run = ?1 ORDER BY number";
    let signal_of = |row: &Row<'_>| {
        Ok(Signal { name: row.get(0)?, value: row.get(1)?, sent: Timestamp(row.get(2)?) })
    };
    rows(conn, sql, [run], signal_of, |row| (run.to_owned(), first_column(row)))
}

/// All rows. `whose` names the run and the path of one that cannot be read.
fn rows<T>(
    conn: &Connection,
    sql: &str,
    values: impl Params,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    whose: impl Fn(&Row<'_>) -> (String, String),
) -> Answer<Vec<T>> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(values)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        match read(row) {
            Ok(value) => found.push(value),
            Err(error) if is_about_contents(&error) => {
                let (run, path) = whose(row);
                return Ok(Err(StoreError::Corrupt { run, path, problem: error.to_string() }));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(Ok(found))
}

fn is_about_contents(error: &Error) -> bool {
    matches!(
        error,
        Error::FromSqlConversionFailure(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::InvalidColumnType(..)
            | Error::Utf8Error(..)
    )
}

fn first_column(row: &Row<'_>) -> String {
    let bytes = row.get_ref(0).ok().and_then(|value| value.as_bytes().ok());
    String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned()
}

fn run_of(row: &Row<'_>) -> rusqlite::Result<Run> {
    let holder: Option<String> = row.get(8)?;
    let until: Option<i64> = row.get(9)?;
    Ok(Run {
        id: row.get(0)?,
        workflow: row.get(1)?,
        inputs: row.get(2)?,
        graph: row.get(3)?,
        state: named(row, 4, RunState::from_name)?,
        outcome: row.get(5)?,
        created: Timestamp(row.get(6)?),
        updated: Timestamp(row.get(7)?),
        held: holder.zip(until.map(Timestamp)),
        cancel: row.get(10)?,
    })
}

fn record_of(row: &Row<'_>) -> rusqlite::Result<Record> {
    Ok(Record {
        path: row.get(0)?,
        kind: named(row, 1, Kind::from_name)?,
        fingerprint: row.get(2)?,
        output: row.get(3)?,
        started: Timestamp(row.get(4)?),
        finished: Timestamp(row.get(5)?),
        attempts: row.get(6)?,
    })
}

fn named<T>(row: &Row<'_>, column: usize, of: fn(&str) -> Option<T>) -> rusqlite::Result<T> {
    let name: String = row.get(column)?;
    let problem = format!("`{name}` is not known");
    of(&name).ok_or_else(|| Error::FromSqlConversionFailure(column, Type::Text, problem.into()))
}
