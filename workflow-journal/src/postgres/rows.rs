//! What is read from the tables. If a row has been damaged by hand, the error names it.

use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use crate::{Kind, Record, SentSignal, StoreError, StoredRun, StoredState, Timestamp};

/// A run, from the columns that [`run`](super::sql::run) selects.
pub(super) fn run_of(row: &Row) -> Result<StoredRun, StoreError> {
    let id: String = get(row, 0, "", "")?;
    let run = |column| Value { row, column, run: &id, path: "" };
    let holder: Option<String> = run(8).get()?;
    let until: Option<i64> = run(9).get()?;
    Ok(StoredRun {
        workflow: run(1).get()?,
        inputs: run(2).get()?,
        graph: run(3).get()?,
        state: run(4).named(StoredState::from_name)?,
        outcome: run(5).get()?,
        created: Timestamp(run(6).get()?),
        updated: Timestamp(run(7).get()?),
        held: holder.zip(until.map(Timestamp)),
        cancel: run(10).get()?,
        id: id.clone(),
    })
}

pub(super) fn record_of(row: &Row, run: &str) -> Result<Record, StoreError> {
    let path: String = get(row, 0, run, "")?;
    let record = |column| Value { row, column, run, path: &path };
    let attempts: i64 = record(6).get()?;
    Ok(Record {
        kind: record(1).named(Kind::from_name)?,
        fingerprint: record(2).get()?,
        output: record(3).get()?,
        started: Timestamp(record(4).get()?),
        finished: Timestamp(record(5).get()?),
        attempts: u32::try_from(attempts)
            .map_err(|_| record(6).corrupt(format!("`{attempts}` is no number of attempts")))?,
        path: path.clone(),
    })
}

pub(super) fn signal_of(row: &Row, run: &str) -> Result<SentSignal, StoreError> {
    let name: String = get(row, 0, run, "")?;
    let signal = |column| Value { row, column, run, path: &name };
    Ok(SentSignal {
        value: signal(1).get()?,
        sent: Timestamp(signal(2).get()?),
        name: name.clone(),
    })
}

/// The value in a column of a run's record.
pub(super) fn get<'a, T: FromSql<'a>>(
    row: &'a Row,
    column: usize,
    run: &str,
    path: &str,
) -> Result<T, StoreError> {
    Value { row, column, run, path }.get()
}

/// A value in a row, and the run and the path that it belongs to.
#[derive(Clone, Copy)]
struct Value<'r, 'n> {
    row: &'r Row,
    column: usize,
    run: &'n str,
    path: &'n str,
}

impl<'r> Value<'r, '_> {
    fn get<T: FromSql<'r>>(self) -> Result<T, StoreError> {
        self.row.try_get(self.column).map_err(|error| self.corrupt(error.to_string()))
    }

    fn named<T>(self, of: fn(&str) -> Option<T>) -> Result<T, StoreError> {
        let name: &str = self.get()?;
        of(name).ok_or_else(|| self.corrupt(format!("`{name}` is not known")))
    }

    fn corrupt(self, problem: String) -> StoreError {
        StoreError::Corrupt { run: self.run.to_owned(), path: self.path.to_owned(), problem }
    }
}
