//! What the steps of a saga share: how long each takes, which of them fails, and what has
//! happened.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};
use workflow_runtime::step;

/// What goes wrong in a run, by the paths of the steps.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    /// How often each step fails, and whether trying again can help.
    pub steps: BTreeMap<String, Fails>,
    /// The same for the compensations of the steps.
    pub undos: BTreeMap<String, Fails>,
}

/// How a step or a compensation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fails {
    /// Always, with an error that says so.
    Permanently,
    /// So many times, then it completes.
    Times(u32),
}

impl Faults {
    /// The error of this attempt of a step, or of what undoes it, counted from 1.
    #[must_use]
    pub fn of(&self, path: &str, undoes: bool, attempt: u32) -> Option<Fault> {
        let faults = if undoes { &self.undos } else { &self.steps };
        let temporary = match faults.get(path)? {
            Fails::Permanently => false,
            Fails::Times(times) if attempt <= *times => true,
            Fails::Times(_) => return None,
        };
        Some(Fault { path: path.to_owned(), temporary })
    }
}

/// A step's error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The step's path.
    pub path: String,
    /// Trying again may help.
    pub temporary: bool,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} failed", self.path)
    }
}

/// What a step has done. It can't be copied.
#[derive(Debug, PartialEq, Eq)]
pub struct Done {
    path: String,
}

/// How many milliseconds a step takes. Hardly ever do two sums of these come out equal.
#[must_use]
pub fn duration(path: &str) -> u64 {
    let hash = path.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    1 + ((hash ^ (hash >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 42)
}

/// How many milliseconds the compensation of a step takes.
#[must_use]
pub fn undo_duration(path: &str) -> u64 {
    duration(&format!("undo {path}"))
}

/// One attempt of a step, or of what undoes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attempt {
    /// The step's path.
    pub path: String,
    /// It undoes the step.
    pub undoes: bool,
    /// When it began, in milliseconds from the start of the run.
    pub start: u64,
    /// When it was over; `None` if it was dropped.
    pub end: Option<u64>,
}

/// One run, as its steps see it.
#[derive(Debug)]
pub struct Cx {
    faults: Faults,
    start: Instant,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    log: Vec<Attempt>,
    live: usize,
}

impl Cx {
    /// A run that starts now.
    #[must_use]
    pub fn new(faults: Faults) -> Self {
        Self { faults, start: Instant::now(), state: Mutex::default() }
    }

    /// Milliseconds from the start of the run.
    #[must_use]
    pub fn since_start(&self, instant: Instant) -> u64 {
        let elapsed = instant.duration_since(self.start);
        u64::try_from(elapsed.as_millis()).expect("a run does not last that long")
    }

    /// What was done and undone, in the order in which it began.
    #[must_use]
    pub fn log(&self) -> Vec<Attempt> {
        self.state().log.clone()
    }

    /// How much has begun and is neither over nor dropped.
    #[must_use]
    pub fn live(&self) -> usize {
        self.state().live
    }

    async fn act(&self, path: String) -> Result<Done, Fault> {
        match self.perform(&path, false).await {
            Some(fault) => Err(fault),
            None => Ok(Done { path }),
        }
    }

    async fn perform(&self, path: &str, undoes: bool) -> Option<Fault> {
        let alive = self.enter(path, undoes);
        let millis = if undoes { undo_duration(path) } else { duration(path) };
        sleep(Duration::from_millis(millis)).await;
        let mut state = self.state();
        state.log[alive.at].end = Some(self.since_start(Instant::now()));
        let attempts =
            state.log.iter().filter(|other| other.path == path && other.undoes == undoes);
        let attempts = u32::try_from(attempts.count()).expect("there are few");
        self.faults.of(path, undoes, attempts)
    }

    fn enter(&self, path: &str, undoes: bool) -> Alive<'_> {
        let start = self.since_start(Instant::now());
        let mut state = self.state();
        state.live += 1;
        state.log.push(Attempt { path: path.to_owned(), undoes, start, end: None });
        Alive { at: state.log.len() - 1, cx: self }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts a step, or what undoes it, while it lives.
struct Alive<'c> {
    cx: &'c Cx,
    at: usize,
}

impl Drop for Alive<'_> {
    fn drop(&mut self) {
        self.cx.state().live -= 1;
    }
}

/// Does something.
#[step]
pub async fn act(cx: &Cx, at: &str, name: &str, needs: &[&[Done]]) -> Result<Done, Fault> {
    let _ = needs;
    cx.act(format!("{at}{name}")).await
}

/// Does something, and tries again.
#[step(retry(max_attempts = 3, backoff = constant("1s"), when = is_temporary))]
pub async fn act_again(cx: &Cx, at: &str, name: &str, needs: &[&[Done]]) -> Result<Done, Fault> {
    let _ = needs;
    cx.act(format!("{at}{name}")).await
}

/// Undoes it.
#[step]
pub async fn undo(cx: &Cx, done: &Done) -> Result<(), Fault> {
    cx.perform(&done.path, true).await.map_or(Ok(()), Err)
}

/// Undoes it, and tries again.
#[step(retry(max_attempts = 3, backoff = constant("1s"), when = is_temporary))]
pub async fn undo_again(cx: &Cx, done: &Done) -> Result<(), Fault> {
    cx.perform(&done.path, true).await.map_or(Ok(()), Err)
}

fn is_temporary(fault: &Fault) -> bool {
    fault.temporary
}

/// What a declaration comes to.
pub trait All {
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
pub fn all(of: &impl All) -> &[Done] {
    of.all()
}

/// A list of its own.
#[must_use]
pub fn owned<const N: usize>(lists: [&[Done]; N]) -> Vec<&[Done]> {
    lists.to_vec()
}

/// Whether the first arm is chosen.
#[must_use]
pub fn chosen(first: bool, _: &[&[Done]]) -> bool {
    first
}

/// What stands before the paths inside of a call.
#[must_use]
pub fn below(at: &str, name: &str) -> String {
    format!("{at}{name}.")
}

/// What stands before the paths inside of each item.
#[must_use]
pub fn items(at: &str, name: &str, count: usize, _: &[&[Done]]) -> Vec<String> {
    (0..count).map(|item| format!("{at}{name}[{item}].")).collect()
}

/// What an arm, an item or a whole function comes to.
#[must_use]
pub fn sum(at: &str, path: &str, _: &[&[Done]]) -> Done {
    Done { path: format!("{at}{path}").trim_end_matches('.').to_owned() }
}
