//! What the thread does for each of its connections.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};
use tokio_postgres::Row;

use super::connection::{Connecting, Connection};
use super::error::RequestError;
use super::open::open;
use super::query::Query;
use crate::StoreError;

/// A request.
pub(super) trait Job: Send {
    fn asked(&self) -> Instant;
    /// What is asked of the server; `None` if it was taken before.
    fn take_query(&mut self) -> Option<Query>;
    fn row(&mut self, row: &Row);
    fn reply(self: Box<Self>, done: Result<(), StoreError>);
}

/// Executes the requests that arrive on one channel, over one connection.
pub(super) struct Server {
    place: Arc<str>,
    connect: Arc<dyn Fn() -> Connecting + Send + Sync>,
    limit: Duration,
    connection: Option<Arc<Connection>>,
    /// The requests in progress.
    running: JoinSet<()>,
}

impl Server {
    pub(super) fn new(
        place: String,
        connect: Arc<dyn Fn() -> Connecting + Send + Sync>,
        limit: Duration,
    ) -> Self {
        Self { place: place.into(), connect, limit, connection: None, running: JoinSet::new() }
    }

    /// Serves until all senders are gone. If it has to report when it has connected, it connects at
    /// once; otherwise when the first request arrives.
    pub(super) async fn run(
        mut self,
        opened: Option<oneshot::Sender<Result<(), StoreError>>>,
        mut requests: mpsc::UnboundedReceiver<Box<dyn Job>>,
    ) {
        if let Some(opened) = opened {
            let open = self.connection().await.map_err(|error| error.to_error(&self.place));
            let failed = open.is_err();
            if opened.send(open.map(drop)).is_err() || failed {
                return;
            }
        }
        while let Some(job) = requests.recv().await {
            while self.running.try_join_next().is_some() {}
            match self.connection().await {
                // In a task, since all waiting requests share the connection. Tasks start in the
                // order in which they were spawned, so requests are sent in the order in which they
                // were made.
                Ok(connection) => {
                    let (place, limit) = (Arc::clone(&self.place), self.limit);
                    self.running.spawn(perform(connection, job, place, limit));
                }
                Err(error) => {
                    // Requests that arrived in the meantime have waited for the same attempt. They
                    // do not make separate attempts, which would have less and less time.
                    let waiting = std::iter::from_fn(|| requests.try_recv().ok());
                    for job in std::iter::once(job).chain(waiting) {
                        job.reply(Err(error.to_error(&self.place)));
                    }
                }
            }
        }
        while self.running.join_next().await.is_some() {}
        if let Some(connection) = self.connection.take().and_then(Arc::into_inner) {
            connection.close(self.limit).await;
        }
    }

    /// The connection, or a new one if it is lost.
    async fn connection(&mut self) -> Result<Arc<Connection>, RequestError> {
        if let Some(connection) = self.connection.as_ref().filter(|known| !known.is_lost()) {
            return Ok(Arc::clone(connection));
        }
        self.connection = None;
        let connecting = connect((self.connect)(), self.limit);
        // In a task, whose end reports a panic: TLS is third-party code.
        let connected = tokio::spawn(timeout(self.limit, connecting)).await;
        let connection = match connected {
            Ok(Ok(connected)) => connected?,
            Ok(Err(_)) => return Err(RequestError::NotConnected(self.limit)),
            Err(panic) => return Err(RequestError::Panic(panic.to_string())),
        };
        Ok(Arc::clone(self.connection.insert(Arc::new(connection))))
    }
}

async fn connect(connecting: Connecting, limit: Duration) -> Result<Connection, RequestError> {
    let (mut client, driver) = connecting.await?;
    open(&mut client, limit).await?;
    Ok(Connection::new(client, driver))
}

async fn perform(
    connection: Arc<Connection>,
    mut job: Box<dyn Job>,
    place: Arc<str>,
    limit: Duration,
) {
    let asked = job.asked();
    let Some(query) = job.take_query() else { return };
    let done = connection.query(query, asked, limit, |row| job.row(row)).await;
    if done.as_ref().is_err_and(RequestError::ends_connection) {
        // The client itself may notice it only after the next request has arrived.
        connection.give_up();
    }
    // Before the answer, so that the thread holds the last reference when it ends.
    drop(connection);
    job.reply(done.map_err(|error| error.to_error(&place)));
}
