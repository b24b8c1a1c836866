//! What the steps of a saga share, and what they call.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::sleep;
pub(crate) use workflow_durable_tests::Done;
use workflow_durable_tests::Ledger;
use workflow_runtime::step;

use crate::process::duration;

/// What goes wrong, by the paths of the steps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Faults {
    /// These fail.
    pub(crate) steps: BTreeSet<String>,
    /// The first attempt of these fails in each process.
    pub(crate) once: BTreeSet<String>,
    /// What undoes these fails.
    pub(crate) undos: BTreeSet<String>,
}

/// A step's error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    path: String,
    temporary: bool,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} failed", self.path)
    }
}

/// One process, as the steps see it.
#[derive(Debug)]
pub(crate) struct Cx {
    ledger: Arc<Ledger>,
    faults: Faults,
    /// Another process has begun the run.
    resumes: bool,
    attempts: Mutex<BTreeMap<String, u32>>,
}

impl Cx {
    pub(crate) fn new(ledger: &Arc<Ledger>, faults: &Faults, resumes: bool) -> Self {
        let (ledger, faults) = (Arc::clone(ledger), faults.clone());
        Self { ledger, faults, resumes, attempts: Mutex::default() }
    }

    async fn act(&self, path: String, needs: &[&[Done]]) -> Result<Done, Fault> {
        let fails = self.faults.steps.contains(&path);
        // A failure can come before all that is recorded has been read again.
        if !(fails && self.resumes) {
            sleep(duration(&path)).await;
        }
        let attempt = {
            let mut attempts = self.attempts.lock().unwrap_or_else(PoisonError::into_inner);
            let attempt = attempts.entry(path.clone()).or_default();
            *attempt += 1;
            *attempt
        };
        // The attempts of all processes count.
        let temporary = self.faults.once.contains(&path) && attempt == 1 && !self.resumes;
        if temporary || fails {
            return Err(Fault { path, temporary });
        }
        Ok(self.ledger.did(needs.iter().copied().flatten()))
    }

    async fn undo(&self, path: &str, done: &Done) -> Result<(), Fault> {
        sleep(duration(&format!("undo {path}"))).await;
        if self.faults.undos.contains(path) {
            self.ledger.undo_failed(done);
            return Err(Fault { path: path.to_owned(), temporary: false });
        }
        self.ledger.undid(done);
        Ok(())
    }
}

/// Does something.
#[step]
pub(crate) async fn act(cx: &Cx, at: &str, name: &str, needs: &[&[Done]]) -> Result<Done, Fault> {
    cx.act(format!("{at}{name}"), needs).await
}

/// Does something, and tries again.
#[step(retry(max_attempts = 3, backoff = constant("5ms"), when = is_temporary))]
pub(crate) async fn act_again(
    cx: &Cx,
    at: &str,
    name: &str,
    needs: &[&[Done]],
) -> Result<Done, Fault> {
    cx.act(format!("{at}{name}"), needs).await
}

/// Undoes it.
#[step]
pub(crate) async fn undo(cx: &Cx, done: &Done) -> Result<(), Fault> {
    cx.undo(&undone_path(), done).await
}

/// Undoes it, and tries again.
#[step(retry(max_attempts = 3, backoff = constant("5ms"), when = is_temporary))]
pub(crate) async fn undo_again(cx: &Cx, done: &Done) -> Result<(), Fault> {
    cx.undo(&undone_path(), done).await
}

/// The path of the step that is undone by what calls this.
fn undone_path() -> String {
    let key = workflow_runtime::idempotency_key();
    key.split('/').nth(1).expect("a key has a path").to_owned()
}

fn is_temporary(fault: &Fault) -> bool {
    fault.temporary
}

/// What a declaration comes to.
pub(crate) trait All {
    /// One, or several.
    fn all(&self) -> &[Done];
}

impl All for Done {
    fn all(&self) -> &[Done] {
        std::slice::from_ref(self)
    }
}

impl All for Vec<Done> {
    fn all(&self) -> &[Done] {
        self
    }
}

/// What a declaration comes to.
pub(crate) fn all(of: &impl All) -> &[Done] {
    of.all()
}

/// A list of its own.
pub(crate) fn owned<const N: usize>(lists: [&[Done]; N]) -> Vec<Done> {
    lists.concat()
}

/// Whether the first arm is chosen.
pub(crate) fn chosen(first: bool, _: &[&[Done]]) -> bool {
    first
}

/// What stands before the paths inside of a call.
pub(crate) fn below(at: &str, name: &str) -> String {
    format!("{at}{name}.")
}

/// What stands before the paths inside of each item.
pub(crate) fn items(at: &str, name: &str, count: usize, _: &[&[Done]]) -> Vec<String> {
    (0..count).map(|item| format!("{at}{name}[{item}].")).collect()
}

/// What an arm, an item or a whole function comes to.
pub(crate) fn sum(at: &str, path: &str, of: &[&[Done]]) -> Done {
    Done::sum(&format!("{at}{path}"), of.iter().copied().flatten())
}
