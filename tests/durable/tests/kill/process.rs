//! Starts the process, and sees how it ends.

use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use workflow_durable_tests::{Cart, Ended, Task};

/// A lease that nobody loses.
pub(crate) const LONG: Duration = Duration::from_secs(30);
/// A lease that is soon over when its process is dead. It is also how long the store may take for
/// an answer, on a machine that has much else to do.
pub(crate) const SHORT: Duration = Duration::from_millis(400);

/// Whether all moments are tried, and not only a part of them.
pub(crate) fn all() -> bool {
    std::env::var_os("WORKFLOW_KILLS").is_some()
}

/// At how many random moments to kill.
pub(crate) fn random_moments() -> usize {
    match std::env::var("WORKFLOW_KILLS").as_deref() {
        Err(_) => 10,
        Ok("all") => 200,
        Ok(number) => number.parse().expect("WORKFLOW_KILLS is `all`, or how many random moments"),
    }
}

/// One run in a new folder, which goes with what is returned first.
pub(crate) fn task() -> (TempDir, Task) {
    let folder = tempfile::tempdir().unwrap();
    let task = Task {
        folder: folder.path().to_owned(),
        runs: vec!["one".to_owned()],
        cart: Cart { items: 50, express: false },
        sells: true,
        fails: None,
        rush: false,
        cancel: None,
        late: Duration::ZERO,
        lease: SHORT,
        strike: None,
        leave: None,
    };
    (folder, task)
}

pub(crate) fn start(task: &Task) -> Child {
    Command::new(env!("CARGO_BIN_EXE_order"))
        .arg(serde_json::to_string(task).unwrap())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// What the runs came to; `None` if the process was killed.
pub(crate) fn wait(mut child: Child) -> Option<Vec<Ended>> {
    let mut text = String::new();
    child.stdout.take().unwrap().read_to_string(&mut text).unwrap();
    let status = child.wait().unwrap();
    if status.signal() == Some(9) {
        return None;
    }
    assert!(status.success(), "{status}: {text}");
    Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// Runs until it is over. Nothing kills this process, and it has a lease that it keeps on a machine
/// however busy.
pub(crate) fn run(task: &Task) -> Vec<Ended> {
    wait(start(&Task { lease: LONG, ..task.clone() })).expect("nobody has killed it")
}
