//! The journal that a command works on.

use std::path::Path;

use workflow_journal::{JournalStore, PostgresStore, Run, SqliteStore, StoreError};

use crate::failure::Failure;

pub(crate) struct Journal {
    /// Without a password.
    place: String,
    pub(crate) store: Box<dyn JournalStore>,
}

impl Journal {
    /// Opens a journal that is there already.
    pub(crate) async fn open(place: &str) -> Result<Self, Failure> {
        if place.starts_with("postgres://") || place.starts_with("postgresql://") {
            let store = PostgresStore::connect(place).await.map_err(Failure::Store)?;
            return Ok(Self { place: without_password(place), store: Box::new(store) });
        }
        // The store would make a file, and turn an empty one into a journal.
        match Path::new(place).metadata() {
            Ok(file) if file.len() == 0 => Err(Failure::EmptyJournal(place.to_owned())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(Failure::NoJournal(place.to_owned()))
            }
            _ => {
                let store = SqliteStore::open(place).await.map_err(Failure::Store)?;
                Ok(Self { place: place.to_owned(), store: Box::new(store) })
            }
        }
    }

    pub(crate) async fn run(&self, id: &str) -> Result<Run, Failure> {
        match self.store.run(id).await {
            Ok(Some(run)) => Ok(run),
            Ok(None) => Err(self.no_run(id)),
            Err(error) => Err(Failure::Store(error)),
        }
    }

    /// What became of a request about one run.
    pub(crate) fn done(&self, id: &str, result: Result<(), StoreError>) -> Result<(), Failure> {
        result.map_err(|error| match error {
            StoreError::NoSuchRun { .. } => self.no_run(id),
            StoreError::Ended { .. } => self.refused(id, "has ended".to_owned()),
            error => Failure::Store(error),
        })
    }

    pub(crate) fn refused(&self, id: &str, problem: String) -> Failure {
        Failure::Refused { run: id.to_owned(), journal: self.place.clone(), problem }
    }

    fn no_run(&self, id: &str) -> Failure {
        Failure::NoRun { run: id.to_owned(), journal: self.place.clone() }
    }
}

/// An address as it may be shown.
fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    // The password can be a parameter, too.
    let rest = rest.split('?').next().unwrap_or_default();
    match rest.rsplit_once('@') {
        Some((user, host)) => {
            let user = user.split(':').next().unwrap_or_default();
            format!("{scheme}://{user}@{host}")
        }
        None => format!("{scheme}://{rest}"),
    }
}
