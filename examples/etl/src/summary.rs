use super::{Totals, chunk::Chunk, rows::Row};

/// What a run of the pipeline comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// How many flights are in the database now that were in the file.
    pub flights: u64,
    /// How many hours of weather are known.
    pub hours: usize,
    /// How many planes are known.
    pub planes: usize,
    /// The rows that could not be used, in the order of the files.
    pub rejected: Vec<Rejection>,
    /// What the delays come to.
    pub totals: Totals,
    /// How many chunks of flights there were in memory at once.
    pub most_chunks: usize,
}

/// A row that can't be used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rejection {
    /// Which file it is of: `flights`, `weather` or `planes`.
    pub source: &'static str,
    /// Its line there, counted from 1.
    pub line: u64,
    /// Why.
    pub reason: String,
}

/// The rows of a chunk that can be used, and the others.
#[derive(Debug)]
pub(super) struct Cleaned<T> {
    pub(super) rows: Vec<T>,
    pub(super) rejected: Vec<Rejection>,
}

impl<T: Row> Cleaned<T> {
    pub(super) fn of(raw: &super::chunk::RawRows) -> Self {
        let mut cleaned = Self { rows: Vec::with_capacity(raw.len()), rejected: Vec::new() };
        for (line, row) in raw {
            match row_of(row) {
                Ok(row) => cleaned.rows.push(row),
                Err(reason) => {
                    let rejection = Rejection { source: T::NAME, line: *line, reason };
                    cleaned.rejected.push(rejection);
                }
            }
        }
        cleaned
    }
}

/// The row, or why it can't be used.
fn row_of<T: Row>(row: &csv::Result<csv::StringRecord>) -> Result<T, String> {
    let row = row.as_ref().map_err(reason)?;
    if row.len() != T::HEADER.len() {
        return Err(format!("{} fields instead of {}", row.len(), T::HEADER.len()));
    }
    let row: T = row.deserialize(None).map_err(|error| reason(&error))?;
    row.check()?;
    Ok(row)
}

/// Without the line, which is told beside it.
fn reason(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Deserialize { err, .. } => err.kind().to_string(),
        csv::ErrorKind::Utf8 { .. } => "no UTF-8".to_owned(),
        _ => error.to_string(),
    }
}

/// A chunk whose rows have been looked at.
pub(super) type CleanChunk<T> = Chunk<Cleaned<T>>;
