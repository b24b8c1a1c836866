//! A journal of its own for each test, and the real command on it.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use workflow_journal::{
    Claim, Claimed, End, JournalStore, Kind, NewRun, Record, SentSignal, SqliteStore, StoredRun,
    Timestamp,
};

/// As the runtime stores it.
pub(crate) const GRAPH: &str = r#"{
    "name": "checkout",
    "inputs": ["cart"],
    "nodes": [
        {"path": "stock", "kind": "step", "function": "reserve", "file": "src/main.rs", "line": 9, "parent": null},
        {"path": "parcels", "kind": "fan-out", "concurrency": "2", "function": null, "file": "src/main.rs", "line": 10, "parent": null},
        {"path": "parcels.label", "kind": "step", "function": "print_label", "file": "src/main.rs", "line": 11, "parent": {"node": 1, "arm": 0}},
        {"path": "payment", "kind": "branch", "arms": ["cart.is_paid()", "else"], "function": null, "file": "src/main.rs", "line": 12, "parent": null},
        {"path": "payment.receipt", "kind": "step", "function": "find_receipt", "file": "src/main.rs", "line": 13, "parent": {"node": 3, "arm": 0}},
        {"path": "payment.charge", "kind": "step", "function": "charge", "file": "src/main.rs", "line": 14, "parent": {"node": 3, "arm": 1}},
        {"path": "order", "kind": "step", "function": "create_order", "file": "src/main.rs", "line": 15, "parent": null}
    ],
    "edges": [
        {"from": {"input": 0}, "to": 0, "kind": "data"},
        {"from": {"node": 0}, "to": 1, "kind": "data"},
        {"from": {"node": 0}, "to": 3, "kind": "order"},
        {"from": {"node": 1}, "to": 6, "kind": "data"},
        {"from": {"node": 3}, "to": 6, "kind": "data"}
    ]
}"#;

pub(crate) struct Orders {
    folder: TempDir,
    pub(crate) store: SqliteStore,
}

pub(crate) struct Output {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Orders {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(folder.path().join("orders.db")).await.unwrap();
        Self { folder, store }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().join("orders.db")
    }

    /// Starts a run of `checkout`, and gives its epoch.
    pub(crate) async fn start(&self, id: &str) -> i64 {
        self.start_of(id, "checkout").await
    }

    pub(crate) async fn start_of(&self, id: &str, workflow: &str) -> i64 {
        let run = NewRun::new(id, workflow, r#"{"cart":1042}"#, GRAPH);
        let claim = Claim::new("process 4711", Duration::from_secs(3600));
        match self.store.claim(&run, &claim).await {
            Ok(Claimed::Held { epoch, .. }) => epoch,
            other => panic!("run `{id}` is free: {other:?}"),
        }
    }

    pub(crate) async fn write(&self, id: &str, epoch: i64, path: &str, kind: Kind, output: &str) {
        let mut record = Record::new(path, kind, output, Timestamp(1_700_000_000_456));
        record.started = Timestamp(1_700_000_000_123);
        record.attempts = 2;
        self.store.write(id, epoch, record).await.unwrap();
    }

    pub(crate) async fn end(&self, id: &str, epoch: i64, end: End) {
        self.store.finish(id, epoch, end).await.unwrap();
        // What is written next has a later time.
        tokio::time::sleep(Duration::from_millis(3)).await;
    }

    pub(crate) async fn run(&self, id: &str) -> StoredRun {
        self.store.run(id).await.unwrap().unwrap()
    }

    pub(crate) async fn signals(&self, id: &str) -> Vec<(String, String)> {
        let signals = self.store.signals(id).await.unwrap();
        signals.into_iter().map(|SentSignal { name, value, .. }| (name, value)).collect()
    }

    /// Runs the command on this journal.
    pub(crate) fn workflow(&self, arguments: &[&str]) -> Output {
        self.workflow_reads(arguments, "")
    }

    pub(crate) fn workflow_reads(&self, arguments: &[&str], input: &str) -> Output {
        let mut command = command(arguments);
        command.arg("--journal").arg(self.path());
        finish(command, input)
    }

    /// What the command prints where all is well.
    #[track_caller]
    pub(crate) fn prints(&self, arguments: &[&str]) -> String {
        let Output { code, out, err } = self.workflow(arguments);
        assert_eq!((code, &*err), (0, ""), "{arguments:?} prints {out}");
        out
    }

    /// The message of a command that fails, with `JOURNAL` for this one's path.
    #[track_caller]
    pub(crate) fn fails(&self, arguments: &[&str]) -> String {
        let Output { code, out, err } = self.workflow(arguments);
        assert_eq!((code, &*out), (1, ""), "{arguments:?}: {err}");
        err.replace(&self.path().display().to_string(), "JOURNAL")
    }
}

pub(crate) fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_workflow"));
    for name in ["WORKFLOW_JOURNAL", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    command.args(arguments);
    command
}

pub(crate) fn finish(mut command: Command, input: &str) -> Output {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    Output {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}
