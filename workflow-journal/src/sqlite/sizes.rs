//! How much runs take.

use rusqlite::Connection;

use super::writer::Answer;

/// The lengths are known without reading a text.
const SIZE: &str = "
    WITH found AS (SELECT number FROM run WHERE id = ?1), texts AS (
        SELECT octet_length(path) + octet_length(fingerprint) + octet_length(output) AS size
        FROM record WHERE run = (SELECT number FROM found)
        UNION ALL
        SELECT octet_length(path) + octet_length(fingerprint) + octet_length(output)
        FROM extra WHERE run = (SELECT number FROM found)
    )
    SELECT coalesce(sum(size), 0) FROM texts";

/// How many bytes the texts of the records of each run have.
pub(super) fn sizes(conn: &Connection, runs: &[String]) -> Answer<Vec<u64>> {
    let mut size = conn.prepare_cached(SIZE)?;
    let sizes = runs.iter().map(|run| size.query_row([run], |row| row.get::<_, i64>(0)));
    let sizes = sizes.map(|size| size.map(|size| u64::try_from(size).unwrap_or(0)));
    Ok(Ok(sizes.collect::<rusqlite::Result<_>>()?))
}
