//! A pipeline of data that holds where files and databases have their bad moments: three files
//! are read at once, taken through stages chunk by chunk, and loaded into `SQLite`.

mod chunk;
mod counters;
mod error;
mod faults;
mod job;
mod options;
mod report;
mod rows;
mod steps;
mod store;
mod summary;
mod tally;

use std::path::PathBuf;

use workflow_runtime::workflow;

use self::steps::{
    clean, combine, create_tables, enrich, extract, index, store_flights, store_totals, tally,
};
pub use self::{
    chunk::Chunk,
    counters::counters,
    error::EtlError,
    faults::Faults,
    job::{Job, Source},
    options::Options,
    rows::{Flight, Plane, Weather},
    store::Database,
    summary::{Rejection, Summary},
    tally::{Delays, Totals},
};

/// The folder of the files that come with the example.
#[must_use]
pub fn bundled() -> PathBuf {
    concat!(env!("CARGO_MANIFEST_DIR"), "/data").into()
}

workflow! {
    /// Loads flights with the weather and the planes they flew in into a database, and with
    /// them what their delays come to by hour, by weather and by carrier.
    ///
    /// # Errors
    ///
    /// If a file is missing or is not the expected one, if the database can't be written, or if
    /// a fault lasts longer than a step's attempts. A bad row is no error: see
    /// [`Summary::rejected`].
    pub async fn etl(job: &Job) -> Result<Summary, EtlError> {
        // Extract. These three run at the same time.
        let flights = extract::<Flight>(job.clone()).await?;
        let weather = extract::<Weather>(job.clone()).await?;
        let planes = extract::<Plane>(job.clone()).await?;

        // Files that can't be used leave the database as it is.
        #[after(flights, weather, planes)]
        let tables = create_tables(job.clone()).await?;

        // Transform. What flights are looked up in is small, and kept whole.
        #[concurrency(4)]
        let hours = for chunk in weather {
            let cleaned = clean(chunk).await;
            cleaned
        };
        #[concurrency(4)]
        let fleet = for chunk in planes {
            let cleaned = clean(chunk).await;
            cleaned
        };
        let lookup = index(hours, fleet).await;

        // Of the flights themselves there are never more than eight chunks in memory.
        #[after(tables)]
        #[concurrency(8)]
        let parts = for chunk in flights {
            let cleaned = clean(chunk).await;
            let enriched = enrich(&lookup, cleaned).await;
            let part = tally(&enriched).await;
            store_flights(job.clone(), enriched.clone()).await?;
            part
        };

        // Load.
        let summary = combine(job, lookup, parts).await;
        store_totals(job.clone(), summary.clone()).await?;
        Ok(summary)
    }
}
