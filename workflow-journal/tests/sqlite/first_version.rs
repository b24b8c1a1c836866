//! Journals of the first version, and programs of that version beside this one.

use std::path::Path;

use rusqlite::{Connection, params};
use workflow_journal::{
    Claimed, End, Filter, JournalStore, Kind, Record, SqliteStore, StoredState, Timestamp,
};

use crate::support::{by, hold, journal, new_run, record, wait_until_closed};

/// The tables as the first version made them.
const FIRST: &str = include_str!("../fixtures/first_sqlite.sql");

/// How the first version claimed a run, ended it, and wrote a record.
const CLAIM: &str = "
    INSERT INTO run
        (id, workflow, inputs, graph, state, epoch, holder, held_until, created, updated)
    VALUES (?1, 'checkout', '1', '{}', 'unfinished', 1, ?2, ?3, ?4, ?4)
    ON CONFLICT (id) DO UPDATE SET
        state = 'unfinished', outcome = NULL, epoch = epoch + 1,
        holder = excluded.holder, held_until = excluded.held_until, updated = excluded.updated
    WHERE state IN ('unfinished', 'failed')
        AND (holder IS NULL OR holder = excluded.holder OR held_until <= excluded.updated)
    RETURNING epoch";
const FINISH: &str = "
    UPDATE run SET state = ?3, outcome = ?4, holder = NULL, held_until = NULL, updated = ?5
    WHERE id = ?1 AND epoch = ?2 AND holder IS NOT NULL";
const WRITE: &str = "
    INSERT OR REPLACE INTO record
        (run, path, kind, fingerprint, output, started, finished, attempts)
    VALUES ((SELECT number FROM run WHERE id = ?1), ?2, ?3, '{}', ?4, 5, 6, 1)";

/// A program of the first version.
struct FirstVersion(Connection);

impl FirstVersion {
    fn create(path: &Path) -> Self {
        let conn = Connection::open(path).unwrap();
        conn.pragma_update(None, "journal_mode", "wal").unwrap();
        conn.execute_batch(FIRST).unwrap();
        conn.pragma_update(None, "application_id", 0x776f_726b).unwrap();
        conn.pragma_update(None, "user_version", 1).unwrap();
        Self(conn)
    }

    fn open(path: &Path) -> Self {
        Self(Connection::open(path).unwrap())
    }

    fn claim(&self, id: &str) -> i64 {
        let values = params![id, "first", i64::MAX, Timestamp::now().0];
        self.0.query_row(CLAIM, values, |row| row.get(0)).unwrap()
    }

    fn finish(&self, id: &str, epoch: i64, state: &str, outcome: &str) {
        let values = params![id, epoch, state, outcome, Timestamp::now().0];
        assert_eq!(self.0.execute(FINISH, values).unwrap(), 1);
    }

    fn write(&self, id: &str, path: &str, kind: &str, output: &str) {
        self.0.execute(WRITE, [id, path, kind, output]).unwrap();
    }

    /// The kinds of all records, as it sees them, and how far the run has come.
    fn sees(&self, id: &str) -> (Vec<String>, String) {
        let kinds = "
            SELECT kind FROM record WHERE run = (SELECT number FROM run WHERE id = ?1)
            ORDER BY number";
        let mut kinds = self.0.prepare_cached(kinds).unwrap();
        let kinds = kinds.query_map([id], |row| row.get(0)).unwrap();
        let state = "SELECT state FROM run WHERE id = ?1";
        let state = self.0.query_row(state, [id], |row| row.get(0)).unwrap();
        (kinds.collect::<Result<_, _>>().unwrap(), state)
    }
}

/// A journal of the first version with a run in each state, and records of each kind.
fn write_first(path: &Path) {
    let first = FirstVersion::create(path);
    for (id, end) in [
        ("goes on", None),
        ("completed", Some("7")),
        ("failed", Some("no stock")),
        ("cancelled", Some("")),
    ] {
        let epoch = first.claim(id);
        for kind in ["step", "items", "timer", "failure", "compensation"] {
            first.write(id, "charge", kind, "1");
        }
        // One that was replaced, so that the numbers have a gap and the last one is none.
        first.write(id, "ship", "step", "1");
        first.write(id, "ship", "step", "2");
        if let Some(outcome) = end {
            first.finish(id, epoch, id, outcome);
        }
    }
    first
        .0
        .execute("DELETE FROM record WHERE number = (SELECT max(number) FROM record)", [])
        .unwrap();
}

fn attempt(path: &str) -> Record {
    let mut attempt = record(path, "null");
    attempt.kind = Kind::Attempt;
    attempt
}

async fn kinds(store: &SqliteStore, id: &str) -> Vec<(String, Kind)> {
    let records = store.records(id).await.unwrap();
    records.into_iter().map(|record| (record.path, record.kind)).collect()
}

#[tokio::test]
async fn a_journal_of_the_first_version_is_read_and_goes_on() {
    let (_folder, path) = journal();
    write_first(&path);
    let last: i64 = Connection::open(&path)
        .unwrap()
        .query_row("SELECT seq FROM sqlite_sequence WHERE name = 'record'", [], |row| row.get(0))
        .unwrap();
    let store = SqliteStore::open(&path).await.unwrap();

    for (id, state) in [
        ("goes on", StoredState::Unfinished),
        ("completed", StoredState::Completed),
        ("failed", StoredState::Failed),
        ("cancelled", StoredState::Cancelled),
    ] {
        assert_eq!(store.run(id).await.unwrap().unwrap().state, state, "{id}");
        let filter = Filter::default().state(state);
        assert_eq!(store.runs(&filter).await.unwrap().len(), 1, "{id}");
    }
    let charge = Kind::ALL[..5].iter().map(|kind| ("charge".to_owned(), *kind));
    let mut expected: Vec<_> = charge.chain([("ship".to_owned(), Kind::Step)]).collect();
    assert_eq!(kinds(&store, "goes on").await, expected);

    // What comes now comes after all that was there.
    let epoch = hold(&store, "failed").await;
    store.write("failed", epoch, attempt("pack")).await.unwrap();
    store.write("failed", epoch, record("pack", "1")).await.unwrap();
    expected.extend([("pack".to_owned(), Kind::Attempt), ("pack".to_owned(), Kind::Step)]);
    assert_eq!(kinds(&store, "failed").await, expected);
    store.finish("failed", epoch, End::UndoFailed("no way back".into())).await.unwrap();
    assert_eq!(store.run("failed").await.unwrap().unwrap().state, StoredState::UndoFailed);

    let by_hand = Connection::open(&path).unwrap();
    let number = |sql: &str| by_hand.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(number("SELECT min(number) FROM extra"), last + 1, "no number is used again");
    assert_eq!(number("SELECT max(number) FROM record"), last + 2);
    let in_view = "SELECT count(*) FROM records WHERE run = 'failed' AND kind = 'attempt'";
    assert_eq!(number(in_view), 1);
    let in_view = "SELECT count(*) FROM runs WHERE id = 'failed' AND state = 'undo_failed'";
    assert_eq!(number(in_view), 1);
    let version: i64 = by_hand.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, 1, "the first version can still open it");
}

#[tokio::test]
async fn programs_of_both_versions_share_a_journal() {
    let (_folder, path) = journal();
    let first = FirstVersion::create(&path);
    let epoch = first.claim("old");
    first.write("old", "charge", "step", "1");
    let store = SqliteStore::open(&path).await.unwrap();

    // The first version goes on while this one has it open, and after it has added to it.
    first.write("old", "ship", "step", "1");
    first.finish("old", epoch, "completed", "7");
    assert_eq!(store.run("old").await.unwrap().unwrap().outcome.as_deref(), Some("7"));

    let epoch = hold(&store, "shared").await;
    store.write("shared", epoch, attempt("charge")).await.unwrap();
    store.write("shared", epoch, record("charge", "1")).await.unwrap();
    store.write("shared", epoch, attempt("refund")).await.unwrap();
    store.finish("shared", epoch, End::UndoFailed("no way back".into())).await.unwrap();
    assert_eq!(first.sees("shared"), (vec!["step".to_owned()], "failed".to_owned()));

    // It takes the run over, writes after what is there, and fails for a reason of its own.
    let taken = FirstVersion::open(&path).claim("shared");
    assert!(taken > epoch);
    assert_eq!(store.run("shared").await.unwrap().unwrap().state, StoredState::Unfinished);
    first.write("shared", "ship", "step", "1");
    first.finish("shared", taken, "failed", "no van");
    let run = store.run("shared").await.unwrap().unwrap();
    assert_eq!(run.state, StoredState::Failed, "it has failed, and nothing is known of undoing");
    let expected = [
        ("charge".to_owned(), Kind::Attempt),
        ("charge".to_owned(), Kind::Step),
        ("refund".to_owned(), Kind::Attempt),
        ("ship".to_owned(), Kind::Step),
    ];
    assert_eq!(kinds(&store, "shared").await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_open_a_journal_of_the_first_version_at_once() {
    let (_folder, path) = journal();
    write_first(&path);
    for round in 0..5 {
        if round > 0 {
            std::fs::remove_file(&path).unwrap();
            write_first(&path);
        }
        let opening: Vec<_> = (0..8)
            .map(|number| {
                let path = path.clone();
                tokio::spawn(async move {
                    let store = SqliteStore::open(&path).await.unwrap();
                    let id = format!("cart-{number}");
                    let epoch = hold(&store, &id).await;
                    store.write(&id, epoch, attempt("charge")).await.unwrap();
                    store.write(&id, epoch, record("charge", "1")).await.unwrap();
                    let kinds = kinds(&store, &id).await;
                    assert_eq!(kinds.len(), 2, "{kinds:?}");
                    assert_eq!(kinds[0].1, Kind::Attempt);
                })
            })
            .collect();
        for one in opening {
            one.await.unwrap();
        }
        wait_until_closed(&path);
        let store = SqliteStore::open(&path).await.unwrap();
        assert_eq!(store.runs(&Filter::default()).await.unwrap().len(), 12, "nothing is lost");
        drop(store);
        wait_until_closed(&path);
    }
}

#[tokio::test]
async fn kinds_that_come_later_are_skipped() {
    let (_folder, path) = journal();
    let store = SqliteStore::open(&path).await.unwrap();
    let epoch = hold(&store, "cart-1").await;
    store.write("cart-1", epoch, attempt("charge")).await.unwrap();
    let by_hand = Connection::open(&path).unwrap();
    let later = "
        INSERT INTO extra SELECT number + 1, run, path, 'later', '', '', 0, 0, 1 FROM extra";
    by_hand.execute_batch(later).unwrap();
    assert_eq!(store.records("cart-1").await.unwrap(), [attempt("charge")]);
    let claimed = store.claim(&new_run("cart-1"), &by("a")).await.unwrap();
    assert!(matches!(claimed, Claimed::Held { new: false, .. }), "{claimed:?}");
}
