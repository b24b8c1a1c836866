//! Journals of the second version, which had what `additions.sql` adds, but not what came later; and
//! programs of that version beside this one.

use std::path::Path;

use rusqlite::{Connection, params};
use workflow_journal::{End, Filter, JournalStore, SqliteStore, StoredState, Timestamp};

use crate::support::{hold, journal, record, wait_until_closed};

/// The tables as the first version made them, and what the second one added.
const FIRST: &str = include_str!("../fixtures/first_sqlite.sql");
const ADDED: &str = include_str!("../fixtures/second_sqlite.sql");

/// How the second version started a run, ended it, and listed runs.
const CLAIM: &str = "
    INSERT INTO run
        (id, workflow, inputs, graph, state, epoch, holder, held_until, created, updated)
    VALUES (?1, ?2, '1', '{}', 'unfinished', 1, 'second', ?3, ?4, ?4)
    ON CONFLICT (id) DO UPDATE SET
        state = 'unfinished', outcome = NULL, epoch = epoch + 1,
        holder = excluded.holder, held_until = excluded.held_until, updated = excluded.updated
    WHERE state IN ('unfinished', 'failed')
    RETURNING epoch";
const FINISH: &str = "
    UPDATE run SET state = ?3, outcome = ?4, undo_failed = CASE WHEN ?6 THEN epoch END,
        holder = NULL, held_until = NULL, updated = ?5
    WHERE id = ?1 AND epoch = ?2 AND holder IS NOT NULL
    RETURNING number";
const LIST: &str = "
    SELECT id FROM run WHERE workflow = ?1 AND state = 'failed' AND undo_failed = epoch
    ORDER BY updated DESC, number DESC";

/// A program of the second version.
struct SecondVersion(Connection);

impl SecondVersion {
    fn create(path: &Path) -> Self {
        let conn = Connection::open(path).unwrap();
        conn.pragma_update(None, "journal_mode", "wal").unwrap();
        conn.execute_batch(FIRST).unwrap();
        conn.execute_batch(ADDED).unwrap();
        conn.pragma_update(None, "application_id", 0x776f_726b).unwrap();
        conn.pragma_update(None, "user_version", 1).unwrap();
        Self(conn)
    }

    fn claim(&self, id: &str, workflow: &str) -> i64 {
        let values = params![id, workflow, i64::MAX, Timestamp::now().0];
        self.0.query_row(CLAIM, values, |row| row.get(0)).unwrap()
    }

    fn finish(&self, id: &str, epoch: i64, state: &str, undo_failed: bool) {
        let values = params![id, epoch, state, "7", Timestamp::now().0, undo_failed];
        self.0.query_row(FINISH, values, |row| row.get::<_, i64>(0)).unwrap();
        // What is written next has a later time.
        std::thread::sleep(std::time::Duration::from_millis(3));
    }

    fn not_undone(&self, workflow: &str) -> Vec<String> {
        let mut list = self.0.prepare(LIST).unwrap();
        let ids = list.query_map([workflow], |row| row.get(0)).unwrap();
        ids.collect::<Result<_, _>>().unwrap()
    }
}

/// A journal of the second version with runs of two workflows in each state.
fn write_second(path: &Path) -> SecondVersion {
    let second = SecondVersion::create(path);
    for workflow in ["checkout", "refund"] {
        for (state, undo_failed) in
            [("completed", false), ("failed", false), ("failed", true), ("cancelled", false)]
        {
            let id = format!("{workflow}-{}", if undo_failed { "undo_failed" } else { state });
            let epoch = second.claim(&id, workflow);
            second.finish(&id, epoch, state, undo_failed);
        }
        second.claim(&format!("{workflow}-unfinished"), workflow);
    }
    second
}

async fn ids(store: &SqliteStore, filter: Filter) -> Vec<String> {
    store.runs(&filter).await.unwrap().into_iter().map(|run| run.id).collect()
}

/// The runs of a workflow in a state.
async fn of(store: &SqliteStore, workflow: &str, state: StoredState) -> Vec<String> {
    ids(store, Filter::default().workflow(workflow).state(state)).await
}

fn indexes(path: &Path) -> Vec<String> {
    let by_hand = Connection::open(path).unwrap();
    let names = "SELECT name FROM sqlite_schema WHERE name LIKE 'run_ended%' ORDER BY name";
    let mut names = by_hand.prepare(names).unwrap();
    names.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[tokio::test]
async fn a_journal_of_the_second_version_is_listed_by_indexes() {
    let (_folder, path) = journal();
    let second = write_second(&path);
    assert_eq!(indexes(&path), [""; 0]);
    let store = SqliteStore::open(&path).await.unwrap();
    assert_eq!(indexes(&path), ["run_ended", "run_ended_by_workflow"]);
    for state in StoredState::ALL {
        let name = state.name();
        let expected = [format!("refund-{name}"), format!("checkout-{name}")];
        assert_eq!(ids(&store, Filter::default().state(*state)).await, expected);
        assert_eq!(of(&store, "checkout", *state).await, expected[1..]);
    }
    assert_eq!(ids(&store, Filter::default().workflow("refund")).await.len(), 5);

    // Opened again, also by a connection that has not seen the indexes being made.
    drop(store);
    drop(second);
    wait_until_closed(&path);
    let store = SqliteStore::open(&path).await.unwrap();
    assert_eq!(ids(&store, Filter::default()).await.len(), 10);
    let by_hand = Connection::open(&path).unwrap();
    let check: String =
        by_hand.pragma_query_value(None, "integrity_check", |row| row.get(0)).unwrap();
    assert_eq!(check, "ok");
}

#[tokio::test]
async fn programs_of_both_versions_share_a_journal() {
    let (_folder, path) = journal();
    let second = write_second(&path);
    // It has run both before the indexes are made.
    assert_eq!(second.not_undone("checkout"), ["checkout-undo_failed"]);
    let store = SqliteStore::open(&path).await.unwrap();

    // The other one goes on with a run that is in an index, and ends it in another way.
    let epoch = second.claim("checkout-undo_failed", "checkout");
    assert_eq!(of(&store, "checkout", StoredState::UndoFailed).await, [""; 0]);
    let unfinished = of(&store, "checkout", StoredState::Unfinished).await;
    assert_eq!(unfinished, ["checkout-undo_failed", "checkout-unfinished"]);
    second.finish("checkout-undo_failed", epoch, "failed", false);
    let failed = of(&store, "checkout", StoredState::Failed).await;
    assert_eq!(failed, ["checkout-undo_failed", "checkout-failed"]);

    // And so does this one.
    let epoch = hold(&store, "checkout-failed").await;
    store.write("checkout-failed", epoch, record("charge", "1")).await.unwrap();
    store.finish("checkout-failed", epoch, End::UndoFailed("no".into())).await.unwrap();
    assert_eq!(second.not_undone("checkout"), ["checkout-failed"]);
    assert_eq!(of(&store, "checkout", StoredState::UndoFailed).await, ["checkout-failed"]);
    store.delete(&["checkout-failed".to_owned()]).await.unwrap();
    assert_eq!(second.not_undone("checkout"), [""; 0]);
    assert_eq!(ids(&store, Filter::default().workflow("checkout")).await.len(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_open_a_journal_of_the_second_version_at_once() {
    let (_folder, path) = journal();
    drop(write_second(&path));
    let opening: Vec<_> = (0..8)
        .map(|number| {
            let path = path.clone();
            tokio::spawn(async move {
                let store = SqliteStore::open(&path).await.unwrap();
                let id = format!("cart-{number}");
                let epoch = hold(&store, &id).await;
                store.finish(&id, epoch, End::Cancelled).await.unwrap();
                assert!(of(&store, "checkout", StoredState::Cancelled).await.contains(&id));
            })
        })
        .collect();
    for one in opening {
        one.await.unwrap();
    }
    let store = SqliteStore::open(&path).await.unwrap();
    assert_eq!(ids(&store, Filter::default()).await.len(), 18, "nothing is lost");
}
