//! The store's own limit: the same rows, bytes and commits as those of a journal, written by a
//! bare loop.

use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, Row, Transaction, TransactionBehavior, params};
use tokio::sync::oneshot;

use crate::Outcome;
use crate::rows::Rows;

const START: &str = "
    INSERT INTO run
        (id, workflow, inputs, graph, state, epoch, holder, held_until, created, updated)
    VALUES (?1, ?2, ?3, ?4, 'unfinished', 1, ?5, ?6, ?6, ?6)";
const HELD: &str = "SELECT number, updated FROM run WHERE id = ?1";
const TOUCH: &str = "UPDATE run SET updated = ?2 WHERE number = ?1";
const RECORD: &str = "
    INSERT INTO record (run, path, kind, fingerprint, output, started, finished, attempts)
    VALUES (?1, ?2, 'step', ?3, ?4, ?5, ?5, 1)";
const END: &str = "
    UPDATE run SET state = 'completed', outcome = ?2, holder = NULL, held_until = NULL,
        updated = ?3
    WHERE id = ?1";

/// What is committed at once.
#[derive(Clone, Copy)]
enum Part {
    Start,
    Step(usize),
    End,
}

/// A file with a journal's tables and settings.
pub(crate) fn open(file: &Path) -> Outcome<Connection> {
    let conn = Connection::open(file)?;
    conn.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()))?;
    conn.pragma_update(None, "synchronous", "full")?;
    conn.execute_batch(include_str!("../../../workflow-journal/src/sqlite/schema.sql"))?;
    conn.execute_batch(include_str!("../../../workflow-journal/src/sqlite/additions.sql"))?;
    Ok(conn)
}

/// Times runs one after the other, on the thread that writes: each commit is one transaction.
pub(crate) fn time_alone(
    conn: &Connection,
    rows: &Rows,
    round: usize,
    runs: usize,
) -> Outcome<Duration> {
    let start = Instant::now();
    for number in 0..runs {
        let id = format!("run-{round}-0-{number}");
        for part in parts(rows) {
            let transaction = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)?;
            write(&transaction, rows, &id, part)?;
            transaction.commit()?;
        }
    }
    Ok(start.elapsed())
}

/// How many commits a run has.
pub(crate) fn commits(rows: &Rows) -> usize {
    parts(rows).count()
}

fn parts(rows: &Rows) -> impl Iterator<Item = Part> + use<> {
    let steps = (0..rows.records.len()).map(Part::Step);
    std::iter::once(Part::Start).chain(steps).chain([Part::End])
}

fn write(conn: &Connection, rows: &Rows, id: &str, part: Part) -> rusqlite::Result<()> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = i64::try_from(now.as_millis()).unwrap_or(i64::MAX);
    match part {
        Part::Start => conn.prepare_cached(START)?.execute(params![
            id,
            rows.workflow,
            rows.inputs,
            rows.graph,
            rows.holder,
            now
        ])?,
        Part::Step(step) => {
            let held = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
            let (run, updated): (i64, i64) = conn.prepare_cached(HELD)?.query_row([id], held)?;
            // As seldom as a journal does.
            if updated + 100 <= now {
                conn.prepare_cached(TOUCH)?.execute([run, now])?;
            }
            let record = &rows.records[step];
            let values = params![run, record.path, record.fingerprint, record.output, now];
            conn.prepare_cached(RECORD)?.execute(values)?
        }
        Part::End => conn.prepare_cached(END)?.execute(params![id, rows.outcome, now])?,
    };
    Ok(())
}

struct Request {
    id: Arc<str>,
    part: Part,
    done: oneshot::Sender<()>,
}

/// One thread that commits together what all places write.
pub(crate) struct Group {
    queue: mpsc::Sender<Request>,
    rows: Arc<Rows>,
    thread: JoinHandle<rusqlite::Result<()>>,
}

impl Group {
    /// `at_once` places are going to write, all of them as much.
    pub(crate) fn start(conn: Connection, rows: Arc<Rows>, at_once: usize) -> Self {
        let (queue, requests) = mpsc::channel();
        let thread = {
            let rows = Arc::clone(&rows);
            std::thread::spawn(move || serve(&conn, &rows, &requests, at_once))
        };
        Self { queue, rows, thread }
    }

    pub(crate) async fn time(
        &self,
        round: usize,
        at_once: usize,
        each: usize,
    ) -> Outcome<Duration> {
        let start = Instant::now();
        let tasks: Vec<_> = (0..at_once)
            .map(|place| {
                let (queue, rows) = (self.queue.clone(), Arc::clone(&self.rows));
                tokio::spawn(async move {
                    for number in 0..each {
                        let id: Arc<str> = format!("run-{round}-{place}-{number}").into();
                        for part in parts(&rows) {
                            let (done, is_done) = oneshot::channel();
                            queue.send(Request { id: Arc::clone(&id), part, done })?;
                            is_done.await?;
                        }
                    }
                    Outcome::Ok(())
                })
            })
            .collect();
        for task in tasks {
            task.await??;
        }
        Ok(start.elapsed())
    }

    pub(crate) fn end(self) -> Outcome<()> {
        drop(self.queue);
        Ok(self.thread.join().map_err(|_| "the writer panicked")??)
    }
}

fn serve(
    conn: &Connection,
    rows: &Rows,
    requests: &mpsc::Receiver<Request>,
    at_once: usize,
) -> rusqlite::Result<()> {
    loop {
        // It knows that all will write, and waits for them, so that no commit could hold more.
        let all: Vec<_> = requests.iter().take(at_once).collect();
        if all.is_empty() {
            return Ok(());
        }
        let transaction = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)?;
        for request in &all {
            write(&transaction, rows, &request.id, request.part)?;
        }
        transaction.commit()?;
        for request in all {
            // Nobody waits where a task has failed, which is told elsewhere.
            let _ = request.done.send(());
        }
    }
}
