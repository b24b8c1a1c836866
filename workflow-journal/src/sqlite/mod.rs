//! A store in one file.

mod error;
mod list;
mod open;
mod options;
mod read;
mod sizes;
mod watch;
mod write;
mod writer;

use std::path::Path;

pub use options::SqliteOptions;

use rusqlite::Connection;

use self::writer::{Access, Answer, Writer};
use crate::limit::{check_size, cut};
use crate::{
    Claim, Claimed, End, Filter, JournalStore, NewRun, Record, SentSignal, StoreError, StoreFuture,
    StoredRun,
};

/// SQLite itself has a limit of 1,000,000,000 bytes for a row, and the row of a run is written by
/// two requests.
const LARGEST: usize = 400 * 1024 * 1024;

/// The longest text of an error that is kept whole, in bytes.
const LONGEST_ERROR: usize = 16 * 1024 * 1024;

/// Keeps runs in one SQLite file. SQLite runs inside this process: there is no server.
///
/// A separate thread works on the file. It writes everything that is waiting in one transaction, so
/// many runs at once cost hardly more than one. Clones share the thread; it ends when the last one
/// is dropped, after all requests are done.
///
/// Several processes on one machine may open the same file; each run is held by one of them. Do not
/// put it on a network file system: SQLite's locks do not work there. While the file is open, there
/// are two others beside it, `-wal` and `-shm`. What was written last is in the first, so copy an
/// open journal with `sqlite3 orders.db ".backup copy.db"`, and not with `cp`. Leases are judged by
/// the machine's clock. A new file can be read only by its owner. A file that is deleted or
/// replaced while it is open is [`StoreError::Unusable`], on Unix.
///
/// One request can have 400 MiB of text in total: more is [`StoreError::Refused`].
///
/// # Reading it by hand
///
/// The views `runs`, `records` and `signals` show everything, with times as text in UTC:
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
/// use workflow_journal::{Filter, JournalStore, StoredState, SqliteStore};
///
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("orders.db");
/// let store = SqliteStore::open(&path).await?;
/// let failed = Filter::default().state(StoredState::Failed);
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
    /// Opens the file, or creates it. Its folder must exist.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unusable`] if the file is not a journal (it is not an SQLite database, or it
    /// belongs to another application), if it has a format that this version does not know, if it
    /// is damaged or read-only, or if its folder does not exist; nothing is changed then.
    /// [`StoreError::Refused`] if the disk is full. [`StoreError::Failed`] if another process keeps
    /// it locked, or if SQLite fails in another way.
    ///
    /// # Example
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workflow_journal::SqliteStore;
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("orders.db");
    /// let store = SqliteStore::open(&path).await?;
    /// let same = SqliteStore::open(&path).await?;     // as another process would
    /// # Ok(())
    /// # }
    /// ```
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, StoreError> {
        Self::options().open(path).await
    }

    /// Options for opening the file in another way.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use workflow_journal::SqliteStore;
    ///
    /// # let folder = tempfile::tempdir()?;
    /// # let path = folder.path().join("orders.db");
    /// let store = SqliteStore::options().full_sync(false).open(&path).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn options() -> SqliteOptions {
        SqliteOptions::default()
    }

    async fn open_with(path: &Path, options: SqliteOptions) -> Result<Self, StoreError> {
        // SQLite does not treat some names, such as `:memory:`, as files; with a folder in front it
        // does.
        let path = std::path::absolute(path).map_err(|error| StoreError::Unusable {
            place: format!("`{}`", path.display()),
            problem: error.to_string(),
        })?;
        Ok(Self { writer: Writer::start(path, options).await? })
    }

    /// Has the thread write, unless it is too much.
    async fn write_with<T: Send + 'static>(
        &self,
        size: usize,
        work: impl Fn(&Connection) -> Answer<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        check_size(self.writer.place(), size, LARGEST)?;
        self.writer.ask(Access::Write, work).await
    }
}

impl JournalStore for SqliteStore {
    fn claim<'a>(&'a self, run: &'a NewRun, claim: &'a Claim) -> StoreFuture<'a, Claimed> {
        let texts = [&run.id, &run.workflow, &run.inputs, &run.graph, &claim.holder];
        let size = texts.into_iter().map(String::len).sum();
        let (run, claim) = (run.clone(), claim.clone());
        Box::pin(self.write_with(size, move |conn| write::claim(conn, &run, &claim)))
    }

    fn create<'a>(&'a self, run: &'a NewRun) -> StoreFuture<'a, bool> {
        let texts = [&run.id, &run.workflow, &run.inputs, &run.graph];
        let size = texts.into_iter().map(String::len).sum();
        let run = run.clone();
        Box::pin(self.write_with(size, move |conn| write::create(conn, &run)))
    }

    fn reopen<'a>(&'a self, run: &'a str, claim: &'a Claim) -> StoreFuture<'a, Claimed> {
        let (run, claim) = (run.to_owned(), claim.clone());
        Box::pin(self.writer.ask(Access::Write, move |conn| write::reopen(conn, &run, &claim)))
    }

    fn delete<'a>(&'a self, runs: &'a [String]) -> StoreFuture<'a, usize> {
        let runs = runs.to_vec();
        Box::pin(self.writer.ask(Access::Write, move |conn| write::delete(conn, &runs)))
    }

    fn vacuum(&self) -> StoreFuture<'_, ()> {
        // Not as a write: those are done in a transaction, in which SQLite cannot do it.
        Box::pin(self.writer.ask(Access::Read, write::vacuum))
    }

    fn sizes<'a>(&'a self, runs: &'a [String]) -> StoreFuture<'a, Vec<u64>> {
        let runs = runs.to_vec();
        Box::pin(self.writer.ask(Access::Read, move |conn| sizes::sizes(conn, &runs)))
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
        let size = run.len() + record.path.len() + record.fingerprint.len() + record.output.len();
        let run = run.to_owned();
        Box::pin(self.write_with(size, move |conn| write::write(conn, &run, epoch, &record)))
    }

    fn erase<'a>(&'a self, run: &'a str, epoch: i64, paths: &'a [String]) -> StoreFuture<'a, ()> {
        let (run, paths) = (run.to_owned(), paths.to_vec());
        Box::pin(
            self.writer.ask(Access::Write, move |conn| write::erase(conn, &run, epoch, &paths)),
        )
    }

    fn finish<'a>(&'a self, run: &'a str, epoch: i64, end: End) -> StoreFuture<'a, ()> {
        let end = match end {
            End::Failed(text) => End::Failed(cut(text, LONGEST_ERROR)),
            End::UndoFailed(text) => End::UndoFailed(cut(text, LONGEST_ERROR)),
            End::Completed(_) | End::Cancelled => end,
        };
        let size = run.len() + end.outcome().map_or(0, str::len);
        let run = run.to_owned();
        Box::pin(self.write_with(size, move |conn| write::finish(conn, &run, epoch, &end)))
    }

    fn send<'a>(&'a self, run: &'a str, signal: SentSignal) -> StoreFuture<'a, ()> {
        let size = run.len() + signal.name.len() + signal.value.len();
        let run = run.to_owned();
        Box::pin(self.write_with(size, move |conn| write::send(conn, &run, &signal)))
    }

    fn signals<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Vec<SentSignal>> {
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

    fn run<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Option<StoredRun>> {
        let run = run.to_owned();
        Box::pin(self.writer.ask(Access::Read, move |conn| read::run(conn, &run)))
    }

    fn runs<'a>(&'a self, filter: &'a Filter) -> StoreFuture<'a, Vec<StoredRun>> {
        Box::pin(async move { self.runs_found(filter).await?.into_iter().collect() })
    }

    fn records<'a>(&'a self, run: &'a str) -> StoreFuture<'a, Vec<Record>> {
        Box::pin(async move { self.records_found(run).await?.into_iter().collect() })
    }

    fn runs_found<'a>(
        &'a self,
        filter: &'a Filter,
    ) -> StoreFuture<'a, Vec<Result<StoredRun, StoreError>>> {
        let filter = filter.clone();
        Box::pin(self.writer.ask(Access::Read, move |conn| read::runs_found(conn, &filter)))
    }

    fn records_found<'a>(
        &'a self,
        run: &'a str,
    ) -> StoreFuture<'a, Vec<Result<Record, StoreError>>> {
        let run = run.to_owned();
        Box::pin(self.writer.ask(Access::Read, move |conn| read::records_found(conn, &run)))
    }
}
