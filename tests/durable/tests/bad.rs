//! Journals that are not as they should be, odd ids, and outputs of any size.

use std::sync::atomic::{AtomicU32, Ordering};

use rusqlite::{Connection, params};
use tempfile::TempDir;
use workflow_journal::{JournalStore as _, SqliteStore};
use workflow_runtime::{Journal, StepError, step, workflow};

#[step]
async fn fill(calls: &AtomicU32, length: u32) -> String {
    calls.fetch_add(1, Ordering::Relaxed);
    "x".repeat(length as usize)
}

#[step]
async fn measure(text: &str, ends: bool) -> Result<u32, StepError> {
    if ends { Ok(text.len().try_into().unwrap()) } else { Err(StepError::permanent("not yet")) }
}

workflow! {
    #[durable]
    async fn count(calls: &AtomicU32, ends: &bool, length: u32) -> Result<u32, StepError> {
        let text = fill(calls, length).await;
        let parts = for part in 0..2 {
            let filled = fill(calls, part).await;
            filled
        };
        let total = measure(&text, *ends && parts.len() == 2).await?;
        Ok(total)
    }

    #[durable]
    async fn other(calls: &AtomicU32, length: u32) -> Result<u32, StepError> {
        let text = fill(calls, length).await;
        let total = measure(&text, true).await?;
        Ok(total)
    }
}

/// A run `one` that has stopped before its last step.
struct Stopped {
    folder: TempDir,
    calls: AtomicU32,
}

impl Stopped {
    async fn new() -> Self {
        let stopped = Self { folder: tempfile::tempdir().unwrap(), calls: AtomicU32::new(0) };
        stopped.journal().await.run("one", count(&stopped.calls, &false, 7)).await.unwrap_err();
        assert_eq!(stopped.calls.swap(0, Ordering::Relaxed), 3);
        stopped
    }

    async fn journal(&self) -> Journal {
        Journal::open(self.folder.path().join("journal.db")).await.unwrap()
    }

    fn alter(&self, sql: &str) {
        let conn = Connection::open(self.folder.path().join("journal.db")).unwrap();
        assert_eq!(conn.execute(sql, params![]).unwrap(), 1, "{sql}");
    }

    /// What is said of the run.
    async fn error(&self) -> String {
        count::resume(&self.journal().await, "one", &self.calls, &true)
            .await
            .unwrap_err()
            .to_string()
    }

    /// It goes on, and nothing that was recorded runs again.
    async fn goes_on(&self) {
        let journal = self.journal().await;
        assert_eq!(count::resume(&journal, "one", &self.calls, &true).await.unwrap(), 7);
        assert_eq!(self.calls.load(Ordering::Relaxed), 0, "no step ran again");
    }
}

#[tokio::test]
async fn an_altered_record_is_named_and_nothing_else_is_lost() {
    for (altered, error) in [
        ("output = '7'", "`text` of run `one` cannot be read: invalid type: integer `7`"),
        ("output = '\"xxx'", "`text` of run `one` cannot be read: EOF while parsing a string"),
        (
            "fingerprint = 'none'",
            "step `text` of run `one` has changed: its record has another form",
        ),
        ("kind = 'timer'", ""),
    ] {
        let stopped = Stopped::new().await;
        stopped.alter("UPDATE record SET attempts = attempts WHERE path = 'text'");
        stopped.alter(&format!("UPDATE record SET {altered} WHERE path = 'text'"));
        if error.is_empty() {
            // It was never recorded, then, and runs.
            let journal = stopped.journal().await;
            assert_eq!(count::resume(&journal, "one", &stopped.calls, &true).await.unwrap(), 7);
            assert_eq!(stopped.calls.load(Ordering::Relaxed), 1);
            continue;
        }
        let said = stopped.error().await;
        assert!(said.starts_with(error), "{said}");
        assert_eq!(said, stopped.error().await, "it stays as it is");
        let output = "UPDATE record SET output = '\"xxxxxxx\"', kind = 'step', fingerprint = (SELECT \
                      fingerprint FROM record WHERE path = 'parts[0].filled') WHERE path = 'text'";
        stopped.alter(output);
        let needs = "UPDATE record SET fingerprint = replace(fingerprint, '\"needs\":[\"calls\"]', \
                     '\"needs\":[\"calls\",\"length\"]') WHERE path = 'text'";
        stopped.alter(needs);
        stopped.goes_on().await;
    }
}

#[tokio::test]
async fn altered_inputs_and_items_are_named() {
    let stopped = Stopped::new().await;
    stopped.alter("UPDATE record SET output = '3' WHERE kind = 'items'");
    assert_eq!(
        stopped.error().await,
        "step `parts` of run `one` has changed: it had 3 items and has 2"
    );
    stopped.alter("UPDATE record SET output = '2' WHERE kind = 'items'");

    stopped.alter("UPDATE run SET inputs = '{\"length\":\"seven\"}'");
    let said = stopped.error().await;
    assert!(said.starts_with("`length` of run `one` cannot be read: invalid type"), "{said}");
    stopped.alter("UPDATE run SET inputs = '[]'");
    let said = stopped.error().await;
    assert!(said.starts_with("`inputs` of run `one` cannot be read: invalid type"), "{said}");
    stopped.alter("UPDATE run SET inputs = '{\"length\":8}'");
    let journal = stopped.journal().await;
    let said = journal.run("one", count(&stopped.calls, &true, 7)).await.unwrap_err();
    assert_eq!(said.to_string(), "run `one` was started with another `length`");
    drop(journal);
    stopped.alter("UPDATE run SET inputs = '{\"length\":7}'");
    stopped.goes_on().await;
}

#[tokio::test]
async fn a_run_of_another_workflow_is_refused() {
    let stopped = Stopped::new().await;
    let journal = stopped.journal().await;
    let said = "run `one` is one of workflow `count`, not of `other`";
    let error = journal.run("one", other(&stopped.calls, 7)).await.unwrap_err();
    assert_eq!(error.to_string(), said);
    let error = other::resume(&journal, "one", &stopped.calls).await.unwrap_err();
    assert_eq!(error.to_string(), said);
    let error = other::resume(&journal, "two", &stopped.calls).await.unwrap_err();
    assert_eq!(error.to_string(), "there is no run `two`");
    drop(journal);
    stopped.goes_on().await;
}

#[tokio::test]
async fn ids_are_any_text_but_empty_long_or_with_control_characters() {
    let (journal, calls) = (Journal::memory(), AtomicU32::new(0));
    for id in
        ["'; DROP TABLE run; --", "../one", " ", "%", "\u{1f4a9} and \u{202e}", &"x".repeat(500)]
    {
        assert_eq!(journal.run(id, other(&calls, 3)).await.unwrap(), 3);
        assert_eq!(other::resume(&journal, id, &calls).await.unwrap(), 3);
    }
    assert_eq!(calls.load(Ordering::Relaxed), 6);
    for (id, problem) in [
        ("", "it is empty"),
        (&*"x".repeat(501), "it is longer than 500 characters"),
        ("a\nb", "it holds a control character"),
        ("a\0", "it holds a control character"),
    ] {
        let error = journal.run(id, other(&calls, 3)).await.unwrap_err();
        assert_eq!(error.to_string(), format!("{id:?} cannot be the id of a run: {problem}"));
        journal.signal(id, "name", &1).await.unwrap_err();
    }
}

#[tokio::test]
async fn outputs_of_any_size_are_recorded() {
    for length in [0, 1, 100 * 1024 * 1024] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal.db");
        let calls = AtomicU32::new(0);
        let journal = Journal::open(&path).await.unwrap();
        journal.run("one", count(&calls, &false, length)).await.unwrap_err();
        let journal = Journal::open(&path).await.unwrap();
        assert_eq!(count::resume(&journal, "one", &calls, &true).await.unwrap(), length);
        assert_eq!(calls.load(Ordering::Relaxed), 3, "no step ran again");
    }
}

#[tokio::test]
async fn a_full_disk_is_told_with_the_run_and_the_step() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.db");
    let calls = AtomicU32::new(0);
    let store = SqliteStore::options().max_pages(50).open(&path).await.unwrap();
    let journal = Journal::new(store);
    let error = journal.run("one", count(&calls, &true, 10_000_000)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("run `one`, step `text`: {} failed: database or disk is full", path.display())
    );
    drop(journal);
    // What was recorded is there, and there is room now.
    let store = SqliteStore::open(&path).await.unwrap();
    assert_eq!(store.runs(&workflow_journal::Filter::default()).await.unwrap().len(), 1);
    let journal = Journal::new(store);
    assert_eq!(count::resume(&journal, "one", &calls, &true).await.unwrap(), 10_000_000);
}

#[tokio::test]
async fn a_file_that_is_locked_or_none_is_told() {
    let stopped = Stopped::new().await;
    let path = stopped.folder.path().join("journal.db");
    let lock = Connection::open(&path).unwrap();
    let busy = SqliteStore::options().busy_timeout(std::time::Duration::from_millis(10));
    let store = busy.open(&path).await.unwrap();
    let journal = Journal::new(store).lease(std::time::Duration::from_millis(500));
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = count::resume(&journal, "one", &stopped.calls, &true).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("run `one`: {} failed: database is locked", path.display())
    );
    lock.execute_batch("COMMIT").unwrap();
    drop((lock, journal));
    stopped.goes_on().await;

    let missing = stopped.folder.path().join("nowhere/journal.db");
    let error = Journal::open(&missing).await.unwrap_err().to_string();
    assert!(error.contains("nowhere/journal.db"), "{error}");
}
