//! The journal that a command works on.

use std::path::{Path, PathBuf};

use workflow_journal::{JournalStore, PostgresStore, SqliteStore, StoreError};

use crate::failure::Failure;
use crate::run::Run;
use crate::shown::Text;

pub(crate) struct Journal {
    /// Without a password.
    pub(crate) place: Text,
    /// The file, if it is one.
    pub(crate) file: Option<PathBuf>,
    pub(crate) store: Box<dyn JournalStore>,
}

impl Journal {
    /// Opens a journal that already exists.
    pub(crate) async fn open(place: &str) -> Result<Self, Failure> {
        if place.starts_with("postgres://") || place.starts_with("postgresql://") {
            let store = PostgresStore::connect(place).await?;
            let place = without_password(place).into();
            return Ok(Self { place, file: None, store: Box::new(store) });
        }
        // The store would create a file, and turn an empty one into a journal.
        match Path::new(place).metadata() {
            Ok(file) if file.len() == 0 => Err(Failure::EmptyJournal(place.into())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(Failure::NoJournal(place.into()))
            }
            _ => {
                let store = SqliteStore::open(place).await?;
                Ok(Self { place: place.into(), file: Some(place.into()), store: Box::new(store) })
            }
        }
    }

    pub(crate) async fn run(&self, id: &str) -> Result<Run, Failure> {
        let run = self.store.run(id).await?;
        run.map(Run::from).ok_or_else(|| self.no_run(id))
    }

    /// The result of a request about one run.
    pub(crate) fn done(&self, id: &str, result: Result<(), StoreError>) -> Result<(), Failure> {
        result.map_err(|error| match error {
            StoreError::NoSuchRun { .. } => self.no_run(id),
            StoreError::Ended { .. } => self.refused(id, "has ended".to_owned()),
            error => error.into(),
        })
    }

    pub(crate) fn refused(&self, id: &str, problem: String) -> Failure {
        Failure::Refused { run: id.into(), journal: self.place.clone(), problem }
    }

    /// The final error once everything that can be read has been shown.
    pub(crate) fn unreadable(&self, what: String) -> Failure {
        Failure::Unreadable { what, journal: self.place.clone() }
    }

    fn no_run(&self, id: &str) -> Failure {
        Failure::NoRun { run: id.into(), journal: self.place.clone() }
    }
}

/// An address in a form that may be shown.
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
