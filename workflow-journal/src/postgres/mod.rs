//! A store on a server.

mod journal;
mod link;
mod open;
mod rows;
mod sql;

use std::sync::Arc;

use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{NoTls, Socket};

use self::link::Link;
use crate::StoreError;

/// Keeps runs on a PostgreSQL server, for several processes on several machines. It needs version
/// 11, and is tested with 15.
///
/// All that belongs to it is in the schema `workflow_journal` of the database that the address
/// names; it is made at the first connection, which needs the right to do so. Leases are judged
/// by the server's clock, so those of the machines need not agree.
///
/// Clones share one connection. A request that was under way when it is lost fails; the next one
/// connects anew. A pooler between them has to work by sessions. PostgreSQL keeps no text with a
/// NUL character: in an id, name or value it is an error, and in the text of
/// [`End::Failed`](crate::End::Failed) it is replaced by `U+FFFD`.
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
    link: Arc<Link>,
}

impl PostgresStore {
    /// Connects to a server, without TLS. The address is a URL, or a text of keys and values as
    /// for `psql`. Must be called in a tokio runtime.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unusable`] if the address is none, or if what is in the database has a
    /// format that this version does not know. [`StoreError::Failed`] if the server does not
    /// answer, does not let us in, or wants TLS. Neither shows the password.
    pub async fn connect(url: &str) -> Result<Self, StoreError> {
        Self::connect_tls(url, NoTls).await
    }

    /// Connects with TLS, as `tls` does it: a type of `tokio-postgres-rustls` or
    /// `postgres-native-tls`, for example. `sslmode` in the address says whether it must be used.
    ///
    /// # Errors
    ///
    /// As [`connect`](Self::connect), and where TLS fails.
    pub async fn connect_tls<T>(url: &str, tls: T) -> Result<Self, StoreError>
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        Ok(Self { link: Arc::new(Link::connect(url, tls).await?) })
    }
}
