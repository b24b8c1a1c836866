//! A pipeline: rows stream through the stages, several at once, each at its own pace.

mod model;
mod report;
mod stages;
mod summary;
mod temperature;

use std::path::Path;

use workflow_runtime::workflow;

pub use self::{
    model::{
        CleanError, CleanRow, EnrichError, ImportError, Measurement, RawRow, Record, RowError,
        Station, Stations, TransformError, ValidateError,
    },
    summary::{Region, Rejection, Summary},
    temperature::{InvalidTemperature, Temperature},
};
use self::{
    stages::{clean, enrich, extract, load, transform, validate},
    summary::sort_out,
};

workflow! {
    /// Imports the readings of weather stations from a CSV file into another one.
    ///
    /// # Errors
    ///
    /// If a file can't be read or written. A bad row is no error: see [`Summary::rejected`].
    pub async fn import_readings(
        source: &Path,
        stations: &Stations,
        target: &Path,
    ) -> Result<Summary, ImportError> {
        let rows = extract(source).await?;

        #[concurrency(8)]
        let outcomes = for (line, row) in rows {
            // Without `?` a bad row stays a value, and the others go on.
            let record = import_row(stations, row).await;
            (line, record)
        };

        let (records, rejected) = sort_out(outcomes);
        load(target, &records).await?;
        Ok(Summary::new(&records, rejected))
    }

    /// Takes one row through the stages that need no other row.
    ///
    /// # Errors
    ///
    /// That of the stage which rejects the row.
    pub async fn import_row(stations: &Stations, row: RawRow) -> Result<Record, RowError> {
        let cleaned = clean(row).await?;
        let measured = transform(cleaned).await?;
        let enriched = enrich(stations, measured).await?;
        validate(stations, &enriched).await?;
        Ok(enriched)
    }
}
