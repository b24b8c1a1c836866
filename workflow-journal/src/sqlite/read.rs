//! What is read from the tables. If a row has been damaged by hand, the error names it.

use rusqlite::types::Type;
use rusqlite::{Connection, Error, Params, Row};

use super::list::numbers;
use super::writer::Answer;
use crate::state::STATE;
use crate::{Filter, Kind, Record, SentSignal, StoreError, StoredRun, StoredState, Timestamp};

/// What is found: for each row a value, or why it cannot be read.
type Found<T> = Vec<Result<T, StoreError>>;

pub(super) fn run(conn: &Connection, id: &str) -> Answer<Option<StoredRun>> {
    let sql = format!("{} WHERE id = ?1", columns());
    let runs = rows(conn, &sql, [id], run_of, |_| (id.to_owned(), String::new()))?;
    Ok(runs.into_iter().next().transpose())
}

pub(super) fn runs_found(conn: &Connection, filter: &Filter) -> Answer<Found<StoredRun>> {
    // All queries must see the same data.
    let transaction = conn.unchecked_transaction()?;
    let numbers = numbers(&transaction, filter)?;
    let sql = format!("{} WHERE number = ?1", columns());
    let mut found = Vec::with_capacity(numbers.len());
    for number in numbers {
        let whose = |row: &Row<'_>| (first_column(row), String::new());
        found.append(&mut rows(&transaction, &sql, [number], run_of, whose)?);
    }
    Ok(Ok(found))
}

fn columns() -> String {
    format!(
        "SELECT id, workflow, inputs, graph, {STATE}, outcome, created, updated, holder, held_until,
            cancel
        FROM run"
    )
}

pub(super) fn records_found(conn: &Connection, run: &str) -> Answer<Found<Record>> {
    // Both queries must see the same data.
    let transaction = conn.unchecked_transaction()?;
    let numbers = transaction
        .prepare_cached(&record_numbers())?
        .query_map([run], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<Vec<(i64, bool)>>>()?;
    // One by one, as sorting whole records would keep them in memory a second time.
    let mut found = Vec::with_capacity(numbers.len());
    for (number, extra) in numbers {
        let sql = if extra { EXTRA } else { RECORD };
        let whose = |row: &Row<'_>| (run.to_owned(), first_column(row));
        found.append(&mut rows(&transaction, sql, [number], record_of, whose)?);
    }
    Ok(Ok(found))
}

const RECORD: &str = "
    SELECT path, kind, fingerprint, output, started, finished, attempts
    FROM record WHERE number = ?1";

const EXTRA: &str = "
    SELECT path, kind, fingerprint, output, started, finished, attempts
    FROM extra WHERE number = ?1";

/// The numbers of a run's records of the kinds that this version knows, and whether they are in
/// `extra`.
fn record_numbers() -> String {
    let kinds: Vec<_> = Kind::ALL.iter().map(|kind| format!("'{}'", kind.name())).collect();
    let kinds = kinds.join(", ");
    format!(
        "WITH found AS (SELECT number FROM run WHERE id = ?1)
        SELECT number, false FROM record WHERE run = (SELECT number FROM found)
        UNION ALL
        SELECT number, true FROM extra
        WHERE run = (SELECT number FROM found) AND kind IN ({kinds})
        ORDER BY 1"
    )
}

pub(super) fn signals(conn: &Connection, run: &str) -> Answer<Vec<SentSignal>> {
    let sql = "SELECT name, value, sent FROM signal WHERE run = ?1 ORDER BY number";
    let signal_of = |row: &Row<'_>| {
        Ok(SentSignal { name: row.get(0)?, value: row.get(1)?, sent: Timestamp(row.get(2)?) })
    };
    let found = rows(conn, sql, [run], signal_of, |row| (run.to_owned(), first_column(row)))?;
    Ok(found.into_iter().collect())
}

/// All rows. `whose` names the run and the path of a row that cannot be read.
fn rows<T>(
    conn: &Connection,
    sql: &str,
    values: impl Params,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
    whose: impl Fn(&Row<'_>) -> (String, String),
) -> rusqlite::Result<Found<T>> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(values)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        match read(row) {
            Ok(value) => found.push(Ok(value)),
            Err(error) if is_about_contents(&error) => {
                let (run, path) = whose(row);
                found.push(Err(StoreError::Corrupt { run, path, problem: error.to_string() }));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(found)
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

fn run_of(row: &Row<'_>) -> rusqlite::Result<StoredRun> {
    let holder: Option<String> = row.get(8)?;
    let until: Option<i64> = row.get(9)?;
    Ok(StoredRun {
        id: row.get(0)?,
        workflow: row.get(1)?,
        inputs: row.get(2)?,
        graph: row.get(3)?,
        state: named(row, 4, StoredState::from_name)?,
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
