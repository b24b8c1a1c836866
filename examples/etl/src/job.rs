use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use flate2::read::GzDecoder;

use super::{Database, EtlError, Faults, chunk::Counter};

/// What there is to do. Clones are the same job.
#[derive(Debug, Clone)]
pub struct Job {
    pub(super) flights: Source,
    pub(super) weather: Source,
    pub(super) planes: Source,
    pub(super) database: Database,
    pub(super) faults: Arc<Faults>,
    pub(super) pace: Duration,
}

/// One file.
#[derive(Debug, Clone)]
pub struct Source {
    /// Where it is: CSV with a header, compressed by gzip.
    pub path: PathBuf,
    pub(super) alive: Arc<Counter>,
}

impl Job {
    /// Loads the files `flights.csv.gz`, `weather.csv.gz` and `planes.csv.gz` of this folder
    /// into this database.
    #[must_use]
    pub fn new(folder: &Path, database: Database) -> Self {
        let source =
            |name: &str| Source { path: folder.join(name), alive: Arc::new(Counter::default()) };
        Self {
            flights: source("flights.csv.gz"),
            weather: source("weather.csv.gz"),
            planes: source("planes.csv.gz"),
            database,
            faults: Arc::default(),
            pace: Duration::ZERO,
        }
    }

    /// Lets these faults happen.
    #[must_use]
    pub fn faults(self, faults: Faults) -> Self {
        Self { faults: Arc::new(faults), ..self }
    }

    /// Makes the database answer so slowly, as if it were far away.
    #[must_use]
    pub fn pace(self, pace: Duration) -> Self {
        Self { pace, ..self }
    }
}

impl Source {
    pub(super) fn read(&self) -> Result<Vec<u8>, EtlError> {
        let mut text = Vec::new();
        let file = File::open(&self.path).map_err(|error| self.unreadable(error))?;
        GzDecoder::new(file).read_to_end(&mut text).map_err(|error| self.unreadable(error))?;
        Ok(text)
    }

    pub(super) fn unreadable(&self, source: io::Error) -> EtlError {
        EtlError::Read { path: self.path.clone(), source }
    }
}
