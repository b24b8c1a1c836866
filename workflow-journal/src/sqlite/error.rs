//! Why a transaction has failed.

use std::any::Any;
use std::error::Error;
use std::sync::Arc;

use rusqlite::ErrorCode;

use crate::StoreError;

/// It fails all requests of a transaction alike, so it can be cloned.
#[derive(Debug, Clone)]
pub(super) enum RequestError {
    Sqlite(Arc<rusqlite::Error>),
    Panic(String),
    /// The file is not at its path any more.
    Gone,
}

impl From<rusqlite::Error> for RequestError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(Arc::new(error))
    }
}

impl RequestError {
    pub(super) fn from_panic(panic: &(dyn Any + Send)) -> Self {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        Self::Panic(text.unwrap_or("no text").to_owned())
    }

    /// Whether there is no point in trying again at once: another process has locked the file, or
    /// the file no longer exists.
    pub(super) fn concerns_all(&self) -> bool {
        match self {
            Self::Sqlite(error) => error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy),
            Self::Gone => true,
            Self::Panic(_) => false,
        }
    }

    pub(super) fn to_error(&self, place: &str) -> StoreError {
        let place = place.to_owned();
        match self {
            Self::Panic(text) => {
                StoreError::Failed { place, source: format!("its thread panicked: {text}").into() }
            }
            Self::Gone => StoreError::Unusable {
                place,
                problem: "it was deleted or replaced while it was open".into(),
            },
            Self::Sqlite(error) => match error.sqlite_error_code() {
                Some(ErrorCode::NotADatabase) => {
                    StoreError::Unusable { place, problem: "it is no SQLite database".into() }
                }
                Some(ErrorCode::DatabaseCorrupt) => {
                    StoreError::Unusable { place, problem: format!("it is damaged: {error}") }
                }
                Some(ErrorCode::ReadOnly) => {
                    StoreError::Unusable { place, problem: "it is read-only".into() }
                }
                Some(ErrorCode::CannotOpen) => StoreError::Unusable {
                    place,
                    problem: format!("it, or a file that SQLite needs beside it: {error}"),
                },
                code => {
                    let source: Box<dyn Error + Send + Sync> = Box::new(Arc::clone(error));
                    if matches!(code, Some(ErrorCode::DiskFull | ErrorCode::TooBig)) {
                        StoreError::Refused { place, source }
                    } else {
                        StoreError::Failed { place, source }
                    }
                }
            },
        }
    }
}
