//! How to connect.

use std::sync::Arc;
use std::time::Duration;

use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{NoTls, Socket};

use super::address::{parse, place_of};
use super::connection::connector;
use super::requests::Requests;
use crate::{PostgresStore, StoreError};

/// How a [`PostgresStore`] connects to its server. [`PostgresStore::options`] starts one.
///
/// ```no_run
/// # use std::time::Duration;
/// use workflow_journal::PostgresStore;
///
/// # async fn connect() -> Result<(), workflow_journal::StoreError> {
/// let store = PostgresStore::options()
///     .request_timeout(Duration::from_secs(30))
///     .connect("postgresql://app:secret@db.example.org/orders")
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct PostgresOptions {
    request_timeout: Duration,
}

impl Default for PostgresOptions {
    fn default() -> Self {
        Self { request_timeout: Duration::from_secs(10) }
    }
}

impl PostgresOptions {
    /// How long to wait for an answer from the server, before a request fails with
    /// [`StoreError::Failed`] and the connection is dropped: 10 seconds by default. Connecting,
    /// including TLS and everything else before the first request, also has to be done in this
    /// time.
    ///
    /// Requests share the connection, and each row of an answer restarts the time of all of them,
    /// so the many records of a large run may take longer to read. Sending texts adds one second
    /// for each 4 MiB of them.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use workflow_journal::PostgresStore;
    /// let options = PostgresStore::options().request_timeout(Duration::from_secs(30));
    /// ```
    #[must_use]
    pub fn request_timeout(mut self, timeout: Duration) -> Self {
        self.request_timeout = timeout;
        self
    }

    /// Connects to a server, without TLS.
    ///
    /// # Errors
    ///
    /// As for [`PostgresStore::connect`].
    ///
    /// # Example
    ///
    /// ```no_run
    /// use workflow_journal::PostgresOptions;
    ///
    /// # async fn connect() -> Result<(), workflow_journal::StoreError> {
    /// let address = "postgresql://app:secret@db.example.org/orders";
    /// let store = PostgresOptions::default().connect(address).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn connect(self, url: &str) -> Result<PostgresStore, StoreError> {
        self.connect_tls(url, NoTls).await
    }

    /// Connects with TLS.
    ///
    /// # Errors
    ///
    /// As for [`PostgresStore::connect_tls`].
    ///
    /// # Example
    ///
    /// ```no_run
    /// use workflow_journal::PostgresOptions;
    ///
    /// # async fn connect() -> Result<(), workflow_journal::StoreError> {
    /// # let tls = tokio_postgres::NoTls;
    /// let address = "postgresql://app:secret@db.example.org/orders";
    /// let store = PostgresOptions::default().connect_tls(address, tls).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn connect_tls<T>(self, url: &str, tls: T) -> Result<PostgresStore, StoreError>
    where
        T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
        T::Stream: Send,
        T::TlsConnect: Send,
        <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
    {
        let config = parse(url, self.request_timeout)?;
        let place = place_of(&config);
        let requests = Requests::start(place, connector(config, tls), self.request_timeout).await?;
        Ok(PostgresStore { requests: Arc::new(requests) })
    }
}
