//! A store on a server.

mod address;
mod connection;
mod error;
mod journal;
mod open;
mod options;
mod query;
mod requests;
mod rows;
mod serve;
mod sql;

use std::sync::Arc;

use tokio_postgres::Socket;
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};

pub use self::options::PostgresOptions;
use self::requests::Requests;
use crate::StoreError;

/// Keeps runs on a PostgreSQL server, for several processes on several machines. It needs version
/// 11, and is tested with 15.
///
/// Everything that belongs to it is in the schema `workflow_journal` of the database that the
/// address names. The schema is created at the first connection, which needs the right to do so.
/// Leases are judged by the server's clock, so the clocks of the machines need not agree.
///
/// A separate thread works on the connection, so a program that blocks its own threads does not
/// hold it up. Clones share the thread; it ends when the last one is dropped, after all requests
/// are done. There is a second connection for requests that move many bytes: to read records, and
/// to write large ones.
///
/// A request that is in progress when the connection is lost fails with
/// [`StoreError::Failed`](crate::StoreError::Failed); the next one reconnects. A request that the
/// server does not answer within [a limit](PostgresOptions::request_timeout) fails, too, and the
/// connection is dropped. A pooler in between has to work in session mode.
///
/// The encoding of the database must be UTF-8. PostgreSQL cannot keep a text with a NUL character,
/// and one request can have 256 MiB of text in total: more is [`StoreError::Refused`]. In the text
/// of [`End::Failed`](crate::End::Failed), which must be kept, a NUL is replaced by `U+FFFD`, and a
/// text that is too long is cut.
///
/// # Reading it by hand
///
/// The views `runs`, `records` and `signals` show everything, with times as `timestamptz`:
///
/// ```sh
/// psql -c "SELECT id, state, updated FROM workflow_journal.runs WHERE state = 'failed'"
/// psql -c "SELECT path, finished, output FROM workflow_journal.records WHERE run = 'cart-1042'"
/// ```
///
/// # Example
///
/// ```no_run
/// # async fn look() -> Result<(), workflow_journal::StoreError> {
/// use workflow_journal::{Filter, JournalStore, PostgresStore};
///
/// let store = PostgresStore::connect("postgresql://app:secret@db.example.org/orders").await?;
/// for run in store.runs(&Filter::default()).await? {
///     println!("{} is {:?}", run.id, run.state);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct PostgresStore {
    requests: Arc<Requests>,
}

impl PostgresStore {
    /// Connects to a server, without TLS. The address is a URL, or keys and values as for `psql`.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unusable`] if the address cannot be read, if what is in the database has a
    /// format that this version does not know, or if the database's encoding is not UTF-8.
    /// [`StoreError::Failed`] if the server does not answer in time, refuses access, or requires
    /// TLS. Neither shows the password.
    ///
    /// # Example
    ///
    /// ```no_run
    /// use workflow_journal::PostgresStore;
    ///
    /// # async fn connect() -> Result<(), workflow_journal::StoreError> {
    /// let address = "postgresql://app:secret@db.example.org/orders";
    /// let store = PostgresStore::connect(address).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::options().connect(url).await
    }

    /// Connects with TLS, as implemented by `tls`: a type of `tokio-postgres-rustls` or
    /// `postgres-native-tls`, for example. `sslmode` in the address says whether it must be used.
    ///
    /// # Errors
    ///
    /// As for [`connect`](Self::connect), and if TLS fails.
    ///
    /// # Example
    ///
    /// ```no_run
    /// use workflow_journal::PostgresStore;
    ///
    /// # async fn connect() -> Result<(), workflow_journal::StoreError> {
    /// # let tls = tokio_postgres::NoTls;
    /// let address = "postgresql://app:secret@db.example.org/orders";
    /// let store = PostgresStore::connect_tls(address, tls).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn connect_tls<T>(url: &str, tls: T) -> Result<Self, StoreError>
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        Self::options().connect_tls(url, tls).await
    }

    /// Options for connecting in another way.
    ///
    /// ```no_run
    /// use workflow_journal::PostgresStore;
    ///
    /// # async fn connect() -> Result<(), workflow_journal::StoreError> {
    /// # use std::time::Duration;
    /// let address = "postgresql://app:secret@db.example.org/orders";
    /// let patient = PostgresStore::options().request_timeout(Duration::from_secs(30));
    /// let store = patient.connect(address).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn options() -> PostgresOptions {
        PostgresOptions::default()
    }
}
