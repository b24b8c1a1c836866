//! One connection to the server.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::TryStreamExt;
use tokio::task::{AbortHandle, JoinHandle};
use tokio::time::{Instant, timeout, timeout_at};
use tokio_postgres::tls::{MakeTlsConnect, TlsConnect};
use tokio_postgres::{Client, Config, Error, Row, Socket};

use super::error::RequestError;
use super::query::Query;

/// Moves the bytes of a connection. It stops when this is dropped, so that an abandoned attempt to
/// connect leaves nothing behind.
pub(super) struct Driver {
    task: JoinHandle<()>,
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(super) type Connecting = Pin<Box<dyn Future<Output = Result<(Client, Driver), Error>> + Send>>;

/// Returns a function that connects with this kind of TLS.
pub(super) fn connector<T>(config: Config, tls: T) -> impl Fn() -> Connecting + Send + Sync
where
    T: MakeTlsConnect<Socket> + Clone + Send + Sync + 'static,
    T::Stream: Send,
    T::TlsConnect: Send,
    <T::TlsConnect as TlsConnect<Socket>>::Future: Send,
{
    move || {
        let (config, tls) = (config.clone(), tls.clone());
        Box::pin(async move {
            let (client, connection) = config.connect(tls).await?;
            // Its error is also the error of all requests that wait for it.
            let task = tokio::spawn(async move { drop(connection.await) });
            Ok((client, Driver { task }))
        })
    }
}

/// A connection that is ready to be used for a journal.
pub(super) struct Connection {
    client: Client,
    driver: Driver,
    stop: AbortHandle,
    made: Instant,
    /// When the last part of an answer arrived; initially, when the connection was made.
    heard: Mutex<Instant>,
    /// How many bytes of text are in the requests in progress.
    sending: AtomicUsize,
}

/// The minimum rate at which text has to be transferred, in bytes per second.
const PACE: u64 = 4 * 1024 * 1024;

impl Connection {
    pub(super) fn new(client: Client, driver: Driver) -> Self {
        let stop = driver.task.abort_handle();
        let made = Instant::now();
        Self { client, driver, stop, made, heard: Mutex::new(made), sending: AtomicUsize::new(0) }
    }

    pub(super) fn is_lost(&self) -> bool {
        // An aborted task finishes a moment later.
        self.client.is_closed() || self.stop.is_finished()
    }

    /// Drops the connection. All requests in progress on it fail.
    pub(super) fn give_up(&self) {
        self.stop.abort();
    }

    /// Executes one statement, and passes on its rows as they arrive. Statements share the
    /// connection, so a transaction of several statements would include those of others.
    ///
    /// The server answers in the order in which it was asked. So as long as parts of answers
    /// arrive, including those of others, this one is waited for. Only the silence is limited.
    pub(super) async fn query(
        &self,
        query: Query,
        asked: Instant,
        limit: Duration,
        row: impl FnMut(&Row),
    ) -> Result<(), RequestError> {
        let _sending = Sending::new(&self.sending, query.size);
        let mut work = pin!(self.rows(query, row));
        loop {
            let limit = limit.saturating_add(self.time_to_send());
            let heard = self.heard();
            // The time that it took to connect counts, too.
            let since = if heard > self.made { heard.max(asked) } else { asked };
            let Some(until) = since.checked_add(limit) else { return Ok(work.await?) };
            let now = Instant::now();
            if now >= until {
                // Otherwise only this request was late from the start, and others may still be in
                // time.
                if now - heard >= limit {
                    self.give_up();
                }
                return Err(RequestError::Silent(limit));
            }
            if let Ok(done) = timeout_at(until, &mut work).await {
                self.hear();
                return Ok(done?);
            }
        }
    }

    async fn rows(&self, query: Query, mut row: impl FnMut(&Row)) -> Result<(), Error> {
        let mut rows = pin!(self.client.query_typed_raw(&query.sql, query.values).await?);
        self.hear();
        while let Some(next) = rows.try_next().await? {
            self.hear();
            row(&next);
        }
        Ok(())
    }

    fn time_to_send(&self) -> Duration {
        let bytes = self.sending.load(Ordering::Relaxed) as u64;
        Duration::from_secs(bytes / PACE)
    }

    fn heard(&self) -> Instant {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hear(&self) {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Ends the session with the server, which otherwise notes an error in its log.
    pub(super) async fn close(self, limit: Duration) {
        let Self { client, mut driver, .. } = self;
        drop(client);
        drop(timeout(limit, &mut driver.task).await);
    }
}

/// Counts the bytes of a request while it is in progress.
struct Sending<'a> {
    all: &'a AtomicUsize,
    bytes: usize,
}

impl<'a> Sending<'a> {
    fn new(all: &'a AtomicUsize, bytes: usize) -> Self {
        all.fetch_add(bytes, Ordering::Relaxed);
        Self { all, bytes }
    }
}

impl Drop for Sending<'_> {
    fn drop(&mut self) {
        self.all.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}
