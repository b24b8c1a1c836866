//! Several processes at one file. The other ones are this program, started again.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use workflow_journal::{Claimed, JournalStore, SqliteStore, StoreError};

use crate::support::{by, hold, journal, new_run, record, wait_until_closed};

const RUNS: usize = 100;
const JOURNAL: &str = "WORKFLOW_JOURNAL_TEST_FILE";
const HOLDER: &str = "WORKFLOW_JOURNAL_TEST_HOLDER";

/// A program that does the test `name` of this file.
fn again(program: &Path, name: &str, path: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(["--exact", &format!("processes::{name}"), "--ignored", "--nocapture"]);
    command.env(JOURNAL, path).stdin(Stdio::piped()).stdout(Stdio::piped());
    command
}

#[tokio::test]
#[ignore = "one of the processes of `each_run_is_held_by_one_process`"]
async fn claim_all() {
    let (path, holder) = (std::env::var(JOURNAL).unwrap(), std::env::var(HOLDER).unwrap());
    println!("\nready");
    std::io::stdin().lock().read_line(&mut String::new()).unwrap();
    let store = SqliteStore::open(path).await.unwrap();
    for number in 0..RUNS {
        let claimed = store.claim(&new_run(&format!("cart-{number}")), &by(&holder)).await.unwrap();
        match claimed {
            Claimed::Held { epoch: 1, new: true } => println!("held {number}"),
            Claimed::Busy { .. } => {}
            other => panic!("a run is held or busy: {other:?}"),
        }
    }
    println!("done");
}

#[test]
fn each_run_is_held_by_one_process() {
    let (_folder, path) = journal();
    let program = std::env::current_exe().unwrap();
    let mut children: Vec<(Child, _)> = ["one", "two", "three"]
        .map(|holder| {
            let mut child =
                again(&program, "claim_all", &path).env(HOLDER, holder).spawn().unwrap();
            let output = BufReader::new(child.stdout.take().unwrap());
            (child, output)
        })
        .into();
    for (_, output) in &mut children {
        let mut line = String::new();
        while line.trim() != "ready" {
            line.clear();
            assert_ne!(output.read_line(&mut line).unwrap(), 0, "the process has started");
        }
    }
    // All make the file at once, too.
    for (child, _) in &mut children {
        child.stdin.take().unwrap().write_all(b"go\n").unwrap();
    }
    let mut held = Vec::new();
    for (mut child, mut output) in children {
        let mut text = String::new();
        output.read_to_string(&mut text).unwrap();
        assert!(child.wait().unwrap().success(), "{text}");
        assert!(text.lines().any(|line| line == "done"), "{text}");
        held.extend(text.lines().filter_map(|line| line.strip_prefix("held ")).map(str::to_owned));
    }
    assert_eq!(held.len(), RUNS, "no run is held twice");
    assert_eq!(held.iter().collect::<BTreeSet<_>>().len(), RUNS, "each run is held");
}

#[tokio::test]
#[ignore = "the process of `a_killed_process_loses_nothing`"]
async fn write_until_killed() {
    let store = SqliteStore::open(std::env::var(JOURNAL).unwrap()).await.unwrap();
    let epoch = hold(&store, "cart-1").await;
    for number in 0.. {
        let path = format!("step{number}");
        store.write("cart-1", epoch, record(&path, "1")).await.unwrap();
        println!("\nwritten {path}");
    }
}

#[tokio::test]
async fn a_killed_process_loses_nothing() {
    let (_folder, path) = journal();
    let program = std::env::current_exe().unwrap();
    let mut child = again(&program, "write_until_killed", &path).spawn().unwrap();
    let output = BufReader::new(child.stdout.take().unwrap());
    let written =
        output.lines().filter_map(|line| line.unwrap().strip_prefix("written ").map(str::to_owned));
    let written: Vec<_> = written.take(100).collect();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(written.len(), 100, "the process has written");

    let store = SqliteStore::open(&path).await.unwrap();
    let kept = store.records("cart-1").await.unwrap();
    assert!(kept.len() >= written.len(), "what was answered is kept: {}", kept.len());
    for (number, record) in kept.iter().enumerate() {
        assert_eq!(record.path, format!("step{number}"), "nothing is missing in between");
    }
}

#[tokio::test]
#[ignore = "the process of `a_read_only_file`"]
async fn open_read_only() {
    match SqliteStore::open(std::env::var(JOURNAL).unwrap()).await {
        Err(StoreError::Unusable { problem, .. }) => println!("\nproblem: {problem}"),
        other => panic!("the file is read-only, but: {other:?}"),
    }
}

/// In a process of a user without any right, since root may write everything.
#[tokio::test]
#[cfg(unix)]
async fn a_read_only_file() {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    use std::os::unix::process::CommandExt;

    let (folder, path) = journal();
    let store = SqliteStore::open(&path).await.unwrap();
    hold(&store, "cart-1").await;
    drop(store);
    wait_until_closed(&path);
    fs::set_permissions(&path, Permissions::from_mode(0o444)).unwrap();
    // Where that user can start it.
    let program = folder.path().join("program");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    fs::set_permissions(&program, Permissions::from_mode(0o555)).unwrap();
    fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();

    let mut command = again(&program, "open_read_only", &path);
    if fs::metadata(&path).unwrap().uid() == 0 {
        command.uid(65534).gid(65534);
    }
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("problem: it is read-only"), "{text}");

    fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    let store = SqliteStore::open(&path).await.unwrap();
    assert!(store.run("cart-1").await.unwrap().is_some(), "nothing is lost");
}
