use std::{io, path::PathBuf};

use rusqlite::ErrorCode;
use workflow_runtime::Transient;

/// Why the pipeline stops.
#[derive(Debug, thiserror::Error)]
pub enum EtlError {
    /// A file can't be read.
    #[error("cannot read {}: {source}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file has other columns than it should.
    #[error("{} has the columns `{found}` and not `{expected}`", .path.display())]
    Header {
        /// The file.
        path: PathBuf,
        /// The columns that are needed, in this order.
        expected: String,
        /// Those that it has.
        found: String,
    },
    /// The database does not do what it should.
    #[error("the database: {0}")]
    Database(#[from] rusqlite::Error),
    /// A fault that was asked for. It passes.
    #[error("{0}")]
    Fault(&'static str),
}

impl Transient for EtlError {
    fn is_transient(&self) -> bool {
        match self {
            Self::Fault(_) => true,
            Self::Read { source, .. } => source.kind() == io::ErrorKind::Interrupted,
            Self::Database(error) => {
                let busy = [ErrorCode::DatabaseBusy, ErrorCode::DatabaseLocked];
                error.sqlite_error_code().is_some_and(|code| busy.contains(&code))
            }
            Self::Header { .. } => false,
        }
    }
}
