//! The channel to the thread that owns the connection.
//!
//! Callers share nothing but a channel, so a caller that is dropped, or is not polled for a while,
//! does not hold up others; and a step that blocks the caller's runtime does not stop the
//! connection.
//!
//! A server answers the requests of a connection one after the other. So requests that take long,
//! because they move many bytes, have a separate connection, which is made when the first of them
//! arrives. That way a lease is renewed in time, whatever the size of the outputs.

use std::fmt;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use futures_util::future::join;
use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use tokio_postgres::Row;

use super::connection::Connecting;
use super::query::Query;
use super::serve::{Job, Server};
use crate::StoreError;
use crate::limit::check_size;

/// PostgreSQL itself has a limit of 1 GB for a value, and for a whole row in transit.
const LARGEST: usize = 256 * 1024 * 1024;

/// Sends requests to the thread. The thread ends when this is dropped and all requests are done.
pub(super) struct Requests {
    place: String,
    queue: mpsc::UnboundedSender<Box<dyn Job>>,
    bulky: mpsc::UnboundedSender<Box<dyn Job>>,
}

impl fmt::Debug for Requests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Requests").field("place", &self.place).finish_non_exhaustive()
    }
}

/// A request with any type of rows.
struct Request<T, R> {
    asked: Instant,
    query: Option<Query>,
    read: R,
    found: Vec<T>,
    reply: oneshot::Sender<Result<Vec<T>, StoreError>>,
}

impl Requests {
    /// Starts the thread, and waits for the first connection.
    pub(super) async fn start(
        place: String,
        connect: impl Fn() -> Connecting + Send + Sync + 'static,
        limit: Duration,
    ) -> Result<Self, StoreError> {
        let failed = |error: std::io::Error| StoreError::Failed {
            place: place.clone(),
            source: error.into(),
        };
        let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let connect = Arc::new(connect);
        let server = || Server::new(place.clone(), connect.clone(), limit);
        let (usual, for_bulky) = (server(), server());
        let (queue, requests) = mpsc::unbounded_channel();
        let (bulky, bulky_requests) = mpsc::unbounded_channel();
        let (opened, is_open) = oneshot::channel();
        let run = move || {
            runtime.block_on(async move {
                join(usual.run(Some(opened), requests), for_bulky.run(None, bulky_requests)).await;
            });
            // Not by dropping it, which would wait until the system has finished a name lookup.
            runtime.shutdown_background();
        };
        thread::Builder::new().name("workflow-journal".into()).spawn(run).map_err(failed)?;
        is_open.await.unwrap_or_else(|_| Err(ended(&place)))?;
        Ok(Self { place, queue, bulky })
    }

    /// Has the thread execute a statement, and returns what `read` makes of its rows. Once polled,
    /// the statement is executed even if the caller is dropped.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        query: Query,
        read: impl FnMut(&Row) -> T + Send + 'static,
    ) -> Result<Vec<T>, StoreError> {
        check_size(&self.place, query.size, LARGEST)?;
        let (reply, answer) = oneshot::channel();
        let asked = Instant::now();
        let queue = if query.is_bulky() { &self.bulky } else { &self.queue };
        let request = Request { asked, query: Some(query), read, found: Vec::new(), reply };
        queue.send(Box::new(request)).map_err(|_| ended(&self.place))?;
        answer.await.unwrap_or_else(|_| Err(ended(&self.place)))
    }

    /// The error for an answer without a row if there should always be one.
    pub(super) fn odd_answer(&self) -> StoreError {
        StoreError::Failed { place: self.place.clone(), source: "it gave no row".into() }
    }
}

fn ended(place: &str) -> StoreError {
    StoreError::Failed { place: place.to_owned(), source: "its thread has ended".into() }
}

impl<T, R> Job for Request<T, R>
where
    T: Send,
    R: FnMut(&Row) -> T + Send,
{
    fn asked(&self) -> Instant {
        self.asked
    }

    fn take_query(&mut self) -> Option<Query> {
        self.query.take()
    }

    fn row(&mut self, row: &Row) {
        self.found.push((self.read)(row));
    }

    fn reply(self: Box<Self>, done: Result<(), StoreError>) {
        // There is no receiver if the caller's future was dropped.
        let Self { reply, found, .. } = *self;
        drop(reply.send(done.map(|()| found)));
    }
}
