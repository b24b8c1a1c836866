//! Where the data files are, and how they are read.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;

/// A data file that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum DataError {
    /// It can't be read.
    #[error("cannot read {}: {source}", .path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// It is not the JSON that was expected.
    #[error("{}: {source}", .path.display())]
    Json {
        /// The file.
        path: PathBuf,
        /// Where in the file, and why.
        source: serde_json::Error,
    },
    /// It is not the CSV that was expected.
    #[error("{}: {source}", .path.display())]
    Csv {
        /// The file.
        path: PathBuf,
        /// Where in the file, and why.
        source: csv::Error,
    },
}

/// The path of a file or folder that comes with the examples.
#[must_use]
pub fn bundled(name: &str) -> PathBuf {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/data")).join(name)
}

/// Reads a text file.
///
/// # Errors
///
/// If the file can't be read.
pub async fn read_text(path: &Path) -> Result<String, DataError> {
    tokio::fs::read_to_string(path)
        .await
        .map_err(|source| DataError::Read { path: path.to_owned(), source })
}

/// Reads a JSON file.
///
/// # Errors
///
/// If the file can't be read or holds something else.
pub async fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, DataError> {
    let text = read_text(path).await?;
    serde_json::from_str(&text).map_err(|source| DataError::Json { path: path.to_owned(), source })
}

/// Reads all rows of a CSV file with a header line.
///
/// # Errors
///
/// If the file can't be read, or at the first row that is something else.
pub async fn read_csv<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, DataError> {
    let text = read_text(path).await?;
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|source| DataError::Csv { path: path.to_owned(), source })
}
