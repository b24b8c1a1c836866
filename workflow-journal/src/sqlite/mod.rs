//! A store in one file.

mod open;
mod options;
mod read;
mod trouble;
mod write;
mod writer;

use std::path::Path;

pub use options::SqliteOptions;

use self::writer::{Access, Writer};
use crate::{
    Claim, Claimed, End, Filter, JournalStore, NewRun, Record, Run, Signal, StoreError, StoreFuture,
};

/// Keeps runs in one SQLite file, which is part of this process: there is no server.
///
/// A thread of its own works on the file. It writes all that waits in one transaction, so many
/// runs at once cost hardly more than one. Clones share the thread; it ends when the last one is
/// dropped, after all that was asked for.
///
/// Several processes on one machine may open the same file; each run is held by one of them. Do
/// not put it on a network file system: SQLite's locks do not work there. Beside the file there
/// are two others while it is open, `-wal` and `-shm`: what was written last is in the first, so
/// copy an open journal with `sqlite3 orders.db ".backup copy.db"`, and not with `cp`. Leases are
/// judged by the machine's clock.
///
/// # Reading it by hand
///
/// The views `runs`, `records` and `signals` show everything, times as text in UTC:
///
/// ```sh
/// sqlite3 orders.db "SELECT id, state, updated FROM runs WHERE state = 'failed'"
/// sqlite3 orders.db "SELECT path, finished, output FROM records WHERE run = 'cart-1042'"
/// ```
///
/// # Example
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use workflow_journal::{Filter, JournalStore, RunState, SqliteStore};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("orders.db");
/// let store = SqliteStore::open(&path).await?;
/// let failed = Filter { state: Some(RunState::Failed), ..Filter::default() };
/// for run in store.runs(&failed).await? {
///     println!("{}: {}", run.id, run.outcome.unwrap_or_default());
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct SqliteStore {
    writer: Writer,
}

impl SqliteStore {
    /// Opens the file, or makes it. Its folder must exist.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unusable`] if the file is no journal (it is no SQLite database, or of
    /// another application), if it has a format that this version does not know, is damaged or
    /// read-only, or if its folder does not exist; nothing is changed then.
    /// [`StoreError::Failed`] if another process keeps it locked, if the disk is full, or where
    /// SQLite fails otherwise.
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::options().open(path).await
    }

    /// For those who want to open the file with other options.
    #[must_use]
    pub fn options() -> SqliteOptions {
        SqliteOptions::default()
    }

    async fn open_with(path: &Path, options: SqliteOptions) -> Result<Self, StoreError> {
        // SQLite takes some names, such as `:memory:`, for no files; with a folder it does not.
        let path = std::path::absolute(path).map_err(|error| StoreError::Unusable {
            place: format!("`{}`", path.display()),
            problem: error.to_string(),
        })?;
        Ok(Self { writer: Writer::start(path, options).await? })
    }
}

impl JournalStore for SqliteStore {
    fn claim<'a>(&'a self, run: &'a NewRun, claim: &'a Claim) -> StoreFuture<'a, Claimed> {
        let (run, claim) = (run.clone(), claim.clone());
        Box::pin(self.writer.ask(Access::Write, move |conn| write::claim(conn, &run, &claim)))
    }

    fn renew<'a>(&'a self, run: &'a str, epoch: i64, claim: &'a Claim) -> StoreFuture<'a, bool> {
        let (run, claim) = (run.to_owned(), claim.clone());
        Box::pin(
            self.writer.ask(Access::Write, move |conn| write::renew(conn, &run, epoch, &claim)),
        )
    }

    fn release<'a>(&'a self, run: &'a str, epoch: i64) -> StoreFuture<'a, ()> {
        let run = run.to_owned();
        Box::pin(self.writer.ask(Access::Write, move |conn| write::release(conn, &run, epoch)))
    }

    fn write<'a>(&'a self, run: &'a str, epoch: i64, record: Record) -> StoreFuture<'a, ()> {
        let run = run.to_owned();
        Box::pin(
            self.writer.ask(Access::Write, move |conn| write::write(conn, &run, epoch, &record)),
        )
    }

    fn erase<'a>(&'a self, run: &'a str, epoch: i64, paths: &'a [String]) -> StoreFuture<'a, ()> {
        let (run, paths) = (run.to_owned(), paths.to_vec());
        Box::pin(
            self.writer.ask(Access::Write, move |conn| write::erase(conn, &run, epoch, &paths)),
        )
    }

    fn finish<'a>(&'a self, run: &'a str, epoch: i64, end: End) -> StoreFuture<'a, ()> {
        let run = run.to_owned();
        Box::pin(self.writer.ask(Access::Write, move |conn| write::finish(conn, &run, epoch, &end)))
    }

    fn send<'a>(&'a self, run: &'a str, signal: Signal) -> StoreFuture<'a, ()> {
        let run = run.to_owned();
        Box::pin(self.writer.ask(Access::Write, move |conn| write::send(conn, &run, &signal)))
    }

    fn signals<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Vec<Signal>> {
        let run = run.to_owned();
        Box::pin(self.writer.ask(Access::Read, move |conn| read::signals(conn, &run)))
    }

    fn cancel<'a>(&'a self, run: &'a str) -> StoreFuture<'a, ()> {
        let run = run.to_owned();
        Box::pin(self.writer.ask(Access::Write, move |conn| write::cancel(conn, &run)))
    }

    fn retry<'a>(&'a self, run: &'a str) -> StoreFuture<'a, ()> {
        let run = run.to_owned();
        Box::pin(self.writer.ask(Access::Write, move |conn| write::retry(conn, &run)))
    }

    fn run<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Option<Run>> {
        let run = run.to_owned();
        Box::pin(self.writer.ask(Access::Read, move |conn| read::run(conn, &run)))
    }

    fn runs<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Vec<Run>> {
        let filter = filter.clone();
        Box::pin(self.writer.ask(Access::Read, move |conn| read::runs(conn, &filter)))
    }

    fn records<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Vec<Record>> {
        let run = run.to_owned();
        Box::pin(self.writer.ask(Access::Read, move |conn| read::records(conn, &run)))
    }
}
