use std::{
    io::Cursor,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::{EtlError, Source};

/// So many rows are taken through the stages together.
pub(super) const ROWS: usize = 1_000;

/// Some rows of a file, with what they have become so far.
#[derive(Debug)]
pub struct Chunk<T> {
    /// Which of the file's it is, counted from 0.
    pub number: u64,
    /// The rows.
    pub rows: T,
    alive: Alive,
}

/// Rows as they are in the file, with their line numbers.
pub(super) type RawRows = Vec<(u64, csv::Result<csv::StringRecord>)>;

impl<T> Chunk<T> {
    /// The same chunk, one stage further on.
    pub(super) fn with<U>(self, become_rows: impl FnOnce(T) -> U) -> Chunk<U> {
        Chunk { number: self.number, rows: become_rows(self.rows), alive: self.alive }
    }
}

/// Cuts a file into chunks, each when it is asked for.
pub(super) struct Chunks {
    reader: csv::Reader<Cursor<Vec<u8>>>,
    count: usize,
    next: u64,
    alive: Arc<Counter>,
}

impl Chunks {
    /// Of the text of a file, which must have these columns.
    pub(super) fn of(text: Vec<u8>, source: &Source, header: &[&str]) -> Result<Self, EtlError> {
        let lines = text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()).count();
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(Cursor::new(text));
        let found = reader.headers().map_err(|error| source.unreadable(error.into()))?;
        if found != header {
            let found = found.iter().collect::<Vec<_>>().join(",");
            return Err(EtlError::Header {
                path: source.path.clone(),
                expected: header.join(","),
                found,
            });
        }
        let count = lines.saturating_sub(1).div_ceil(ROWS);
        Ok(Self { reader, count, next: 0, alive: Arc::clone(&source.alive) })
    }
}

impl Iterator for Chunks {
    type Item = Chunk<RawRows>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut rows = Vec::with_capacity(ROWS);
        while rows.len() < ROWS {
            let line = self.reader.position().line();
            let Some(row) = self.reader.records().next() else { break };
            rows.push((line, row));
        }
        if rows.is_empty() {
            return None;
        }
        let number = self.next;
        self.next += 1;
        Some(Chunk { number, rows, alive: Alive::new(&self.alive) })
    }

    // What a reader of quoted fields finds in the end may be less than the lines that it has.
    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.count.saturating_sub(usize::try_from(self.next).unwrap_or(usize::MAX));
        (left, Some(left))
    }
}

/// How many chunks of one file there are in memory.
#[derive(Debug, Default)]
pub(super) struct Counter {
    now: AtomicUsize,
    most: AtomicUsize,
}

impl Counter {
    /// How many there have been at once.
    pub(super) fn most(&self) -> usize {
        self.most.load(Ordering::Relaxed)
    }
}

/// Is counted until it is dropped.
#[derive(Debug)]
struct Alive(Arc<Counter>);

impl Alive {
    fn new(counter: &Arc<Counter>) -> Self {
        let now = counter.now.fetch_add(1, Ordering::Relaxed) + 1;
        counter.most.fetch_max(now, Ordering::Relaxed);
        Self(Arc::clone(counter))
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.now.fetch_sub(1, Ordering::Relaxed);
    }
}
