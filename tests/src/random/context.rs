//! What the steps of random workflows share: how long each takes, which of them fails,
//! and what has happened.

use std::collections::BTreeMap;
use std::fmt;
use std::future::poll_fn;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::value::{Digest, mix};

/// Which of several runs of the same declarations: the positions of the items and the
/// calls of sub-workflows around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct At {
    way: [u32; 6],
    length: usize,
}

impl At {
    /// In the item of this position.
    #[must_use]
    pub fn item(self, index: usize) -> Self {
        self.then(u32::try_from(index).expect("there are few items"))
    }

    /// In the sub-workflow that this step calls.
    #[must_use]
    pub fn call(self, id: u32) -> Self {
        self.then(id)
    }

    /// The positions and the steps.
    pub(super) fn numbers(self) -> impl Iterator<Item = usize> {
        let way = self.way.into_iter().take(self.length);
        way.map(|number| usize::try_from(number).expect("they are small"))
    }

    fn then(mut self, number: u32) -> Self {
        self.way[self.length] = number;
        self.length += 1;
        self
    }
}

/// One run of one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Which run.
    pub at: At,
    /// The step's number.
    pub id: u32,
}

impl Key {
    /// What the step comes to, from what it gets.
    #[must_use]
    pub fn value(self, inputs: u64) -> u64 {
        let way = self.at.way.map(u64::from);
        mix(&[mix(&way), self.id.into(), inputs])
    }
}

/// A step's error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The step.
    pub key: Key,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {} failed", self.key.id)
    }
}

/// An error that `?` turns into a [`Fault`].
#[derive(Debug)]
pub struct Other(Key);

impl fmt::Display for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "step {} failed otherwise", self.0.id)
    }
}

impl From<Other> for Fault {
    fn from(other: Other) -> Self {
        Self { key: other.0 }
    }
}

impl From<Fault> for Other {
    fn from(fault: Fault) -> Self {
        Self(fault.key)
    }
}

/// What a step does before it returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// Sleeps for so many milliseconds; it returns at once if there are none.
    Sleep(u64),
    /// Is polled so many times more, and wakes its task itself.
    Yield(u32),
    /// Waits until [`Cx::open`] is called for it.
    Gate,
}

impl Pace {
    /// How many milliseconds it takes.
    #[must_use]
    pub fn duration(self) -> u64 {
        match self {
            Self::Sleep(duration) => duration,
            Self::Yield(_) | Self::Gate => 0,
        }
    }
}

/// How the steps of one run behave.
pub trait Pacing: Send + Sync {
    /// What this step does before it returns.
    fn pace(&self, key: Key) -> Pace;
}

impl<F: Fn(Key) -> Pace + Send + Sync> Pacing for F {
    fn pace(&self, key: Key) -> Pace {
        self(key)
    }
}

/// What a step has told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The step.
    pub key: Key,
    /// When it was polled first, in milliseconds from the start.
    pub start: u64,
    /// When it returned.
    pub end: Option<u64>,
}

/// One run, as its steps see it.
pub struct Cx<'a> {
    pacing: &'a dyn Pacing,
    failing: Option<Key>,
    start: Instant,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    log: Vec<Entry>,
    live: usize,
    gates: BTreeMap<Key, Gate>,
}

#[derive(Default)]
struct Gate {
    open: bool,
    waker: Option<Waker>,
}

impl<'a> Cx<'a> {
    /// A run that starts now, in which one step may fail.
    #[must_use]
    pub fn new(pacing: &'a dyn Pacing, failing: Option<Key>) -> Self {
        Self { pacing, failing, start: Instant::now(), state: Mutex::default() }
    }

    /// Milliseconds from the start of the run.
    #[must_use]
    pub fn since_start(&self, instant: Instant) -> u64 {
        let elapsed = instant.duration_since(self.start);
        u64::try_from(elapsed.as_millis()).expect("a run does not last that long")
    }

    /// What the steps have told, in the order of their starts.
    #[must_use]
    pub fn log(&self) -> Vec<Entry> {
        self.state().log.clone()
    }

    /// How many steps have started and are neither done nor dropped.
    #[must_use]
    pub fn live(&self) -> usize {
        self.state().live
    }

    /// The closed gates that steps wait at.
    #[must_use]
    pub fn gates(&self) -> Vec<Key> {
        let state = self.state();
        let closed = state.gates.iter().filter(|(_, gate)| !gate.open);
        closed.map(|(key, _)| *key).collect()
    }

    /// Lets the step that waits at its gate go on.
    ///
    /// # Panics
    ///
    /// If it waits at none.
    pub fn open(&self, key: Key) {
        let waker = {
            let mut state = self.state();
            let gate = state.gates.get_mut(&key).expect("the step waits at its gate");
            gate.open = true;
            gate.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// Wakes a step that waits at its gate, which stays closed.
    pub fn nudge(&self, key: Key) {
        let waker = self.state().gates.get(&key).and_then(|gate| gate.waker.clone());
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    /// What every step does. Its value, or that it fails.
    pub(super) async fn perform(&self, key: Key, inputs: impl Digest) -> Result<u64, Fault> {
        let value = key.value(inputs.digest());
        let alive = self.enter(key);
        match self.pacing.pace(key) {
            Pace::Sleep(0) => {}
            Pace::Sleep(duration) => sleep(Duration::from_millis(duration)).await,
            Pace::Yield(times) => yield_now(times).await,
            Pace::Gate => self.pass(key).await,
        }
        self.state().log[alive.at].end = Some(self.since_start(Instant::now()));
        if self.failing == Some(key) { Err(Fault { key }) } else { Ok(value) }
    }

    fn enter(&self, key: Key) -> Alive<'_, 'a> {
        let start = self.since_start(Instant::now());
        let mut state = self.state();
        state.live += 1;
        state.log.push(Entry { key, start, end: None });
        Alive { at: state.log.len() - 1, cx: self }
    }

    async fn pass(&self, key: Key) {
        self.state().gates.insert(key, Gate::default());
        poll_fn(|cx| {
            let mut state = self.state();
            let gate = state.gates.get_mut(&key).expect("it has just been put there");
            if gate.open {
                return Poll::Ready(());
            }
            gate.waker = Some(cx.waker().clone());
            Poll::Pending
        })
        .await;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts a step while it lives.
struct Alive<'c, 'a> {
    cx: &'c Cx<'a>,
    at: usize,
}

impl Drop for Alive<'_, '_> {
    fn drop(&mut self) {
        self.cx.state().live -= 1;
    }
}

async fn yield_now(times: u32) {
    let mut left = times;
    poll_fn(|cx| {
        if left == 0 {
            return Poll::Ready(());
        }
        left -= 1;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
