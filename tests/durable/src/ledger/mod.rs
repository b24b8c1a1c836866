//! What has been done and undone in the world, and what was recorded of it, in the order in which
//! it happened.

mod audit;

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::{Deserialize, Serialize};
use workflow_journal::{Kind, Record};
use workflow_runtime::idempotency_key;

pub use self::audit::{Audit, Rules};

/// What a step comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    /// The same whenever the same steps run.
    pub value: u64,
    /// Another one each time that the step runs.
    pub token: u64,
}

impl Done {
    /// What several of them come to together.
    pub fn sum<'d>(path: &str, of: impl IntoIterator<Item = &'d Self>) -> Self {
        let first = Self { value: hash(path), token: hash(path) };
        of.into_iter().fold(first, |sum, done| Self {
            value: mix(sum.value) ^ done.value,
            token: mix(sum.token) ^ done.token,
        })
    }
}

/// Something that has happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A step has had its effect.
    Did(Act),
    /// What undoes a step has had its effect.
    Undid(Act),
    /// What undoes a step has failed, without an effect.
    UndoFailed(Act),
    /// The output of a step is in the store.
    Recorded {
        /// The step's path.
        path: String,
        /// The token in its output, if there is one.
        token: Option<u64>,
    },
    /// That a step is undone is in the store.
    UndoRecorded {
        /// The step's path.
        path: String,
    },
    /// The process has died, or has stopped, and another one goes on.
    Cut,
}

/// What a step, or what undoes it, has done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act {
    /// The step's path.
    pub path: String,
    /// The idempotency key.
    pub key: String,
    /// The token of what the step came to.
    pub token: u64,
}

/// What has happened so far.
#[derive(Debug, Default)]
pub struct Ledger {
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    events: Vec<Event>,
    effects: u64,
}

impl Ledger {
    /// The step that calls this has its effect. It comes to what this gives.
    pub fn did<'d>(&self, used: impl IntoIterator<Item = &'d Done>) -> Done {
        let (path, key) = path_and_key();
        let mut state = self.state();
        state.effects += 1;
        let token = hash(&state.effects.to_string());
        let value = Done::sum(&path, used).value;
        state.events.push(Event::Did(Act { path, key, token }));
        Done { value, token }
    }

    /// What undoes the step that came to `done` has its effect. It calls this.
    pub fn undid(&self, done: &Done) {
        let (path, key) = path_and_key();
        self.push(Event::Undid(Act { path, key, token: done.token }));
    }

    /// What undoes the step that came to `done` fails. It calls this.
    pub fn undo_failed(&self, done: &Done) {
        let (path, key) = path_and_key();
        self.push(Event::UndoFailed(Act { path, key, token: done.token }));
    }

    /// A store has this record from now on.
    pub fn recorded(&self, record: &Record) {
        let path = record.path.clone();
        match record.kind {
            Kind::Step => {
                let done: Option<Done> = serde_json::from_str(&record.output).ok();
                self.push(Event::Recorded { path, token: done.map(|done| done.token) });
            }
            Kind::Compensation if !path.is_empty() && record.output == "null" => {
                self.push(Event::UndoRecorded { path });
            }
            _ => {}
        }
    }

    /// The process has died, or has stopped, and another one goes on.
    pub fn cut(&self) {
        self.push(Event::Cut);
    }

    /// All that has happened so far.
    #[must_use]
    pub fn events(&self) -> Vec<Event> {
        self.state().events.clone()
    }

    fn push(&self, event: Event) {
        self.state().events.push(event);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The path of the step that calls this, or which it undoes, and its idempotency key:
/// `run/path`, `run/path/2`, `run/path/undo`, `run/path/undo/2`.
fn path_and_key() -> (String, String) {
    let key = idempotency_key();
    let path = key.split('/').nth(1).expect("a key has a path").to_owned();
    (path, key)
}

fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| mix(hash) ^ u64::from(byte))
}

fn mix(number: u64) -> u64 {
    let number = (number ^ (number >> 31)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    number ^ (number >> 29)
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Did(act) => write!(f, "did {} (key {})", act.path, act.key),
            Self::Undid(act) => write!(f, "undid {} (key {})", act.path, act.key),
            Self::UndoFailed(act) => write!(f, "could not undo {} (key {})", act.path, act.key),
            Self::Recorded { path, .. } => write!(f, "recorded {path}"),
            Self::UndoRecorded { path } => write!(f, "recorded that {path} is undone"),
            Self::Cut => f.write_str("another process goes on"),
        }
    }
}
