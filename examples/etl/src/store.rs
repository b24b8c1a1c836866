use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rusqlite::{Connection, Row, ToSql, Transaction, params};

use super::{Delays, EtlError, Summary, steps::Enriched};

const TABLES: &str = "
    CREATE TABLE IF NOT EXISTS flights (
        month INTEGER, day INTEGER, hour INTEGER, carrier TEXT, number INTEGER, origin TEXT,
        dest TEXT, tail_number TEXT, plane_year INTEGER, weather TEXT, delay INTEGER,
        PRIMARY KEY (month, day, hour, carrier, number, origin)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS delays_by_hour (
        hour INTEGER PRIMARY KEY, flights INTEGER, cancelled INTEGER, late INTEGER, minutes INTEGER
    );
    CREATE TABLE IF NOT EXISTS delays_by_weather (
        weather TEXT PRIMARY KEY, flights INTEGER, cancelled INTEGER, late INTEGER, minutes INTEGER
    );
    CREATE TABLE IF NOT EXISTS delays_by_carrier (
        carrier TEXT PRIMARY KEY, flights INTEGER, cancelled INTEGER, late INTEGER, minutes INTEGER
    );
    CREATE TABLE IF NOT EXISTS rejected (
        source TEXT, line INTEGER, reason TEXT, PRIMARY KEY (source, line)
    );
";

/// The same flight once more takes the place of the one that is there.
const STORE_FLIGHT: &str = "
    INSERT INTO flights VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET dest = excluded.dest, tail_number = excluded.tail_number,
        plane_year = excluded.plane_year, weather = excluded.weather, delay = excluded.delay
";

/// A connection to an `SQLite` database. Clones share it.
#[derive(Debug, Clone)]
pub struct Database(Arc<Mutex<Connection>>);

impl Database {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    ///
    /// If it can't be opened.
    pub fn open(path: &Path) -> Result<Self, EtlError> {
        Ok(Self::of(Connection::open(path)?))
    }

    /// A database that is gone with its last clone.
    ///
    /// # Errors
    ///
    /// If there is no memory for it.
    pub fn in_memory() -> Result<Self, EtlError> {
        Ok(Self::of(Connection::open_in_memory()?))
    }

    fn of(connection: Connection) -> Self {
        Self(Arc::new(Mutex::new(connection)))
    }

    pub(super) fn create_tables(&self) -> Result<(), EtlError> {
        Ok(self.connection().execute_batch(TABLES)?)
    }

    /// One transaction: after an error there is none of them.
    pub(super) fn store_flights(&self, flights: &[Enriched]) -> Result<(), EtlError> {
        self.transaction(|transaction| {
            let mut store = transaction.prepare(STORE_FLIGHT)?;
            for Enriched { flight, weather, plane_year } in flights {
                let at = flight.at;
                store.execute(params![
                    at.month,
                    at.day,
                    at.hour,
                    flight.carrier,
                    flight.number,
                    flight.origin,
                    flight.dest,
                    flight.tail_number,
                    plane_year,
                    weather,
                    flight.delay
                ])?;
            }
            Ok(())
        })
    }

    pub(super) fn store_totals(&self, summary: &Summary) -> Result<(), EtlError> {
        self.transaction(|transaction| {
            replace_delays(transaction, "delays_by_hour", &summary.totals.by_hour)?;
            replace_delays(transaction, "delays_by_weather", &summary.totals.by_weather)?;
            replace_delays(transaction, "delays_by_carrier", &summary.totals.by_carrier)?;
            transaction.execute("DELETE FROM rejected", [])?;
            let mut store = transaction.prepare("INSERT INTO rejected VALUES (?, ?, ?)")?;
            for rejection in &summary.rejected {
                store.execute(params![
                    rejection.source,
                    rejection.line.cast_signed(),
                    rejection.reason
                ])?;
            }
            Ok(())
        })
    }

    /// The rows that a query gives.
    ///
    /// # Errors
    ///
    /// If it is no query of this database, or its rows are other ones than `read` reads.
    pub fn query<T>(
        &self,
        query: &str,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, EtlError> {
        let connection = self.connection();
        let mut query = connection.prepare(query)?;
        let rows = query.query_map([], read)?.collect::<Result<_, _>>()?;
        Ok(rows)
    }

    fn transaction(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>,
    ) -> Result<(), EtlError> {
        let mut connection = self.connection();
        let transaction = connection.transaction()?;
        work(&transaction)?;
        Ok(transaction.commit()?)
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // A transaction that a panic cut off has been rolled back.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn replace_delays<K: ToSql>(
    transaction: &Transaction<'_>,
    table: &str,
    groups: &BTreeMap<K, Delays>,
) -> rusqlite::Result<()> {
    transaction.execute(&format!("DELETE FROM {table}"), [])?;
    let mut store = transaction.prepare(&format!("INSERT INTO {table} VALUES (?, ?, ?, ?, ?)"))?;
    for (group, Delays { flights, cancelled, late, minutes }) in groups {
        // An SQLite integer has a sign.
        store.execute(params![
            group,
            flights.cast_signed(),
            cancelled.cast_signed(),
            late.cast_signed(),
            minutes
        ])?;
    }
    Ok(())
}
