//! The thread that owns the connection.
//!
//! Requests queue up while it works. It takes all that are waiting, does those that write in one
//! transaction, and answers them when that is on the disk: so many runs share the cost of one sync.

use std::panic::{self, AssertUnwindSafe};
use std::path::PathBuf;
use std::sync::mpsc;
use std::thread;

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::SqliteOptions;
use super::error::RequestError;
use super::open::open;
use super::watch::Watch;
use crate::StoreError;

/// The result of work on the connection: SQLite's error, which undoes the transaction; or the
/// answer, which may be a refusal. Work must not have written anything when it refuses.
pub(super) type Answer<T> = rusqlite::Result<Result<T, StoreError>>;

/// Sends requests to the thread. The thread ends when all clones are dropped and all their requests
/// are done.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Box<dyn Job>>,
    place: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

/// A request of any type.
trait Job: Send {
    fn access(&self) -> Access;
    /// Does it, and keeps the answer. It may be called again after the transaction was undone.
    fn attempt(&mut self, conn: &Connection) -> Result<(), RequestError>;
    fn fail(&mut self, error: StoreError);
    fn reply(self: Box<Self>);
}

struct Request<T, W> {
    access: Access,
    work: W,
    answer: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
}

impl Writer {
    pub(super) async fn start(path: PathBuf, options: SqliteOptions) -> Result<Self, StoreError> {
        let place = path.display().to_string();
        let (queue, requests) = mpsc::channel();
        let (opened, is_open) = oneshot::channel();
        let run = move || match open(&path, &options) {
            Ok(conn) => {
                if opened.send(Ok(())).is_ok() {
                    serve(&conn, &Watch::new(path), &requests);
                }
            }
            Err(error) => drop(opened.send(Err(error))),
        };
        thread::Builder::new()
            .name("workflow-journal".into())
            .spawn(run)
            .map_err(|error| StoreError::Failed { place: place.clone(), source: error.into() })?;
        is_open.await.unwrap_or_else(|_| Err(ended(&place)))?;
        Ok(Self { queue, place })
    }

    pub(super) fn place(&self) -> &str {
        &self.place
    }

    /// Has the thread do it, and waits for the answer. Once polled, it is done even if no one waits
    /// any longer.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        access: Access,
        work: impl Fn(&Connection) -> Answer<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let request = Request { access, work, answer: None, reply };
        self.queue.send(Box::new(request)).map_err(|_| ended(&self.place))?;
        answer.await.unwrap_or_else(|_| Err(ended(&self.place)))
    }
}

fn ended(place: &str) -> StoreError {
    StoreError::Failed { place: place.to_owned(), source: "its thread has ended".into() }
}

impl<T, W> Job for Request<T, W>
where
    T: Send,
    W: Fn(&Connection) -> Answer<T> + Send,
{
    fn access(&self) -> Access {
        self.access
    }

    fn attempt(&mut self, conn: &Connection) -> Result<(), RequestError> {
        let done = panic::catch_unwind(AssertUnwindSafe(|| (self.work)(conn)));
        self.answer = Some(done.map_err(|panic| RequestError::from_panic(&*panic))??);
        Ok(())
    }

    fn fail(&mut self, error: StoreError) {
        self.answer = Some(Err(error));
    }

    fn reply(self: Box<Self>) {
        if let Some(answer) = self.answer {
            // No one waits for it if the caller's future was dropped.
            drop(self.reply.send(answer));
        }
    }
}

fn serve(conn: &Connection, watch: &Watch, requests: &mpsc::Receiver<Box<dyn Job>>) {
    while let Ok(first) = requests.recv() {
        let waiting = std::iter::once(first).chain(requests.try_iter());
        let (mut writes, reads): (Vec<_>, Vec<_>) =
            waiting.partition(|job| job.access() == Access::Write);
        let wrote = !writes.is_empty();
        if wrote {
            write_all(conn, watch, &mut writes);
        }
        writes.into_iter().for_each(Job::reply);
        for mut read in reads {
            if let Err(error) = watch.check().and_then(|()| read.attempt(conn)) {
                read.fail(error.to_error(watch.place()));
            }
            read.reply();
        }
        if wrote {
            watch.shorten_log(conn);
        }
    }
}

/// Does everything in one transaction. If that fails, does each in a separate one, so that no
/// request suffers from another.
fn write_all(conn: &Connection, watch: &Watch, jobs: &mut [Box<dyn Job>]) {
    let Err(error) = in_one_transaction(conn, watch, jobs) else { return };
    if jobs.len() == 1 || error.concerns_all() {
        for job in jobs {
            job.fail(error.to_error(watch.place()));
        }
    } else {
        for job in jobs.chunks_mut(1) {
            write_all(conn, watch, job);
        }
    }
}

fn in_one_transaction(
    conn: &Connection,
    watch: &Watch,
    jobs: &mut [Box<dyn Job>],
) -> Result<(), RequestError> {
    // If it is dropped on an error, it is undone.
    let transaction =
        rusqlite::Transaction::new_unchecked(conn, rusqlite::TransactionBehavior::Immediate)?;
    for job in jobs {
        job.attempt(&transaction)?;
    }
    transaction.commit()?;
    // If the file has gone in the meantime, what was written to it is gone as well.
    watch.check()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two requests that are certain to be done in one transaction, the first of which panics.
    #[test]
    fn a_panic_fails_its_own_request_only() {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("CREATE TABLE t (n INTEGER)").unwrap();
        let insert = |conn: &Connection, n: i64| conn.execute("INSERT INTO t VALUES (?1)", [n]);
        let (reply, panicked) = oneshot::channel::<Result<(), StoreError>>();
        let panics = Request {
            access: Access::Write,
            work: move |conn: &Connection| {
                insert(conn, 1)?;
                panic!("out of cheese")
            },
            answer: None,
            reply,
        };
        let (reply, neighbour) = oneshot::channel();
        let works = Request {
            access: Access::Write,
            work: move |conn: &Connection| insert(conn, 2).map(Ok),
            answer: None,
            reply,
        };
        let (queue, requests) = mpsc::channel::<Box<dyn Job>>();
        queue.send(Box::new(panics)).unwrap();
        queue.send(Box::new(works)).unwrap();
        drop(queue);

        serve(&conn, &Watch::new("orders.db".into()), &requests);

        let error = panicked.blocking_recv().unwrap().unwrap_err();
        assert_eq!(error.to_string(), "orders.db failed: its thread panicked: out of cheese");
        assert_eq!(neighbour.blocking_recv().unwrap().unwrap(), 1);
        let kept: i64 = conn.query_row("SELECT sum(n) FROM t", [], |row| row.get(0)).unwrap();
        assert_eq!(kept, 2);
    }
}
