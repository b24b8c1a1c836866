//! Journals of the first version, and programs of that version beside this one.

use tokio_postgres::Client;
use workflow_journal::{End, Filter, JournalStore, Kind, PostgresStore, Record, StoredState};

use crate::connection::{hold, record};
use crate::server::Server;

/// The tables as the first version made them.
const FIRST: &str = include_str!("../fixtures/first_postgres.sql");

/// How the first version claimed a run, ended it, and wrote a record.
const CLAIM: &str = "
    INSERT INTO workflow_journal.run AS run
        (id, workflow, inputs, graph, state, epoch, holder, held_until, created, updated)
    VALUES ($1, 'checkout', '1', '{}', 'unfinished', 1, 'first', workflow_journal.now_ms() + 60000,
        workflow_journal.now_ms(), workflow_journal.now_ms())
    ON CONFLICT (workflow_journal.digest(id)) DO UPDATE SET
        state = 'unfinished', outcome = NULL, epoch = run.epoch + 1,
        holder = excluded.holder, held_until = excluded.held_until, updated = excluded.updated
    WHERE run.state IN ('unfinished', 'failed')
    RETURNING epoch";
const FINISH: &str = "
    UPDATE workflow_journal.run
    SET state = $3, outcome = $4, holder = NULL, held_until = NULL,
        updated = workflow_journal.now_ms()
    WHERE workflow_journal.digest(id) = workflow_journal.digest($1) AND epoch = $2";
const WRITE: &str = "
    INSERT INTO workflow_journal.record
        (run, path, kind, fingerprint, output, started, finished, attempts)
    SELECT number, $2, $3, '{}', '1', 5, 6, 1 FROM workflow_journal.run WHERE id = $1
    ON CONFLICT (run, kind, workflow_journal.digest(path)) DO UPDATE SET
        number = excluded.number, output = excluded.output";

struct FirstVersion(Client);

impl FirstVersion {
    async fn claim(&self, id: &str) -> i64 {
        self.0.query_one(CLAIM, &[&id]).await.unwrap().get(0)
    }

    async fn finish(&self, id: &str, epoch: i64, state: &str, outcome: &str) {
        let done = self.0.execute(FINISH, &[&id, &epoch, &state, &outcome]).await.unwrap();
        assert_eq!(done, 1);
    }

    async fn write(&self, id: &str, path: &str, kind: &str) {
        self.0.execute(WRITE, &[&id, &path, &kind]).await.unwrap();
    }
}

/// A database with tables of the first version, and a run in each state.
async fn write_first(server: &Server, name: &str) -> (String, FirstVersion) {
    let url = server.database(name).await;
    let first = FirstVersion(server.client(name).await);
    first.0.batch_execute(FIRST).await.unwrap();
    for id in ["goes on", "completed", "failed", "cancelled"] {
        let epoch = first.claim(id).await;
        for kind in ["step", "items", "timer", "failure", "compensation"] {
            first.write(id, "charge", kind).await;
        }
        if id != "goes on" {
            first.finish(id, epoch, id, "no stock").await;
        }
    }
    (url, first)
}

fn attempt(path: &str) -> Record {
    let mut attempt = record(path);
    attempt.kind = Kind::Attempt;
    attempt
}

async fn kinds(store: &PostgresStore, id: &str) -> Vec<(String, Kind)> {
    let records = store.records(id).await.unwrap();
    records.into_iter().map(|record| (record.path, record.kind)).collect()
}

#[tokio::test]
async fn a_journal_of_the_first_version_goes_on_with_both() {
    let Some(server) = Server::start().await else { return };
    let (url, first) = write_first(&server, "orders").await;
    let store = PostgresStore::connect(&url).await.unwrap();
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
    let mut expected: Vec<_> = charge.collect();
    assert_eq!(kinds(&store, "failed").await, expected);

    let epoch = hold(&store, "failed").await;
    store.write("failed", epoch, attempt("pack")).await.unwrap();
    store.write("failed", epoch, record("pack")).await.unwrap();
    store.write("failed", epoch, attempt("unpack")).await.unwrap();
    store.finish("failed", epoch, End::UndoFailed("no way back".into())).await.unwrap();
    assert_eq!(store.run("failed").await.unwrap().unwrap().state, StoredState::UndoFailed);
    let view = "SELECT state FROM workflow_journal.runs WHERE id = 'failed'";
    assert_eq!(first.0.query_one(view, &[]).await.unwrap().get::<_, &str>(0), "undo_failed");
    let view = "SELECT count(*) FROM workflow_journal.records WHERE kind = 'attempt'";
    assert_eq!(first.0.query_one(view, &[]).await.unwrap().get::<_, i64>(0), 2);

    // A program of the first version takes it over, and sees nothing that it does not know.
    let taken = first.claim("failed").await;
    assert!(taken > epoch);
    first.write("failed", "ship", "step").await;
    first.finish("failed", taken, "failed", "no van").await;
    assert_eq!(store.run("failed").await.unwrap().unwrap().state, StoredState::Failed);
    let odd = "SELECT count(*) FROM workflow_journal.record WHERE kind = 'attempt'";
    assert_eq!(first.0.query_one(odd, &[]).await.unwrap().get::<_, i64>(0), 0);
    for (path, kind) in [
        ("pack", Kind::Attempt),
        ("pack", Kind::Step),
        ("unpack", Kind::Attempt),
        ("ship", Kind::Step),
    ] {
        expected.push((path.to_owned(), kind));
    }
    assert_eq!(kinds(&store, "failed").await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_open_a_journal_of_the_first_version_at_once() {
    let Some(server) = Server::start().await else { return };
    for round in 0..3 {
        let (url, _first) = write_first(&server, &format!("orders{round}")).await;
        let opening: Vec<_> = (0..6)
            .map(|number| {
                let url = url.clone();
                tokio::spawn(async move {
                    let store = PostgresStore::connect(&url).await.unwrap();
                    let id = format!("cart-{number}");
                    let epoch = hold(&store, &id).await;
                    store.write(&id, epoch, attempt("charge")).await.unwrap();
                    store.write(&id, epoch, record("charge")).await.unwrap();
                    assert_eq!(
                        store.records(&id).await.unwrap(),
                        [attempt("charge"), record("charge")]
                    );
                })
            })
            .collect();
        for one in opening {
            one.await.unwrap();
        }
        let store = PostgresStore::connect(&url).await.unwrap();
        assert_eq!(store.runs(&Filter::default()).await.unwrap().len(), 10, "nothing is lost");
    }
}

/// A role that may only read and write rows can use a journal that another one has made.
#[tokio::test]
async fn a_complete_journal_needs_no_right_to_change_tables() {
    let Some(server) = Server::start().await else { return };
    let url = server.database("orders").await;
    drop(PostgresStore::connect(&url).await.unwrap());
    let by_hand = server.client("orders").await;
    by_hand
        .batch_execute(
            "CREATE ROLE worker LOGIN;
            GRANT USAGE ON SCHEMA workflow_journal TO worker;
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA workflow_journal TO worker;
            GRANT USAGE ON ALL SEQUENCES IN SCHEMA workflow_journal TO worker;",
        )
        .await
        .unwrap();
    let store = PostgresStore::connect(&url.replace("postgres:secret", "worker")).await.unwrap();
    let epoch = hold(&store, "cart-1").await;
    store.write("cart-1", epoch, attempt("charge")).await.unwrap();
    assert_eq!(store.records("cart-1").await.unwrap(), [attempt("charge")]);
}
