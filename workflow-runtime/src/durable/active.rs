//! The runs that this process is working on.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::durable::asked::Asked;

/// The runs that are active through one journal, by id: a lease does not keep out its own holder.
#[derive(Clone, Default)]
pub(super) struct Active(Arc<Runs>);

#[derive(Default)]
struct Runs {
    state: Mutex<State>,
    /// Notified when a run is left, and when no more runs are accepted.
    changed: Notify,
}

#[derive(Default)]
struct State {
    /// No more runs are accepted.
    closed: bool,
    /// Each run with its lease, once it has one.
    runs: HashMap<String, Option<Asked>>,
}

/// Why a run is not accepted.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    GoesOn,
    Closed,
}

impl Active {
    /// Enters a run.
    pub(super) fn enter(&self, run: &str) -> Result<Entered, Refusal> {
        let mut state = self.lock();
        if state.closed {
            return Err(Refusal::Closed);
        }
        if state.runs.contains_key(run) {
            return Err(Refusal::GoesOn);
        }
        state.runs.insert(run.to_owned(), None);
        Ok(Entered { active: self.clone(), run: run.to_owned() })
    }

    /// The run's cancellation was requested: if it is active here, it need not look for that.
    pub(super) fn cancel(&self, run: &str) {
        let asked = self.lock().runs.get(run).cloned().flatten();
        if let Some(asked) = asked {
            asked.held().cancel();
        }
    }

    /// Accepts no more runs, and makes the active ones stop where they are.
    pub(super) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        let held: Vec<_> = state.runs.values().flatten().cloned().collect();
        drop(state);
        for asked in held {
            asked.held().stop();
        }
        self.0.changed.notify_waiters();
    }

    /// Waits until it is closed.
    pub(super) async fn closed(&self) {
        self.until(|state| state.closed).await;
    }

    /// Waits until all runs have been left.
    pub(super) async fn emptied(&self) {
        self.until(|state| state.runs.is_empty()).await;
    }

    async fn until(&self, holds: impl Fn(&State) -> bool) {
        loop {
            let mut changed = std::pin::pin!(self.0.changed.notified());
            // From here on it is notified of changes.
            changed.as_mut().enable();
            if holds(&self.lock()) {
                return;
            }
            changed.await;
        }
    }

    /// The leases of runs that were stopped and are not being polled. They are taken out: what is
    /// left of such a run does nothing more.
    pub(super) fn take_resting(&self) -> Vec<Asked> {
        let mut resting = Vec::new();
        self.lock().runs.retain(|_, asked| match asked {
            Some(held) if held.held().rests() => {
                resting.extend(asked.take());
                false
            }
            _ => true,
        });
        resting
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// While this lives, no other call can enter the run here.
pub(super) struct Entered {
    active: Active,
    run: String,
}

impl Entered {
    /// The run is held by this lease.
    pub(super) fn holds(&self, asked: Asked) {
        let mut state = self.active.lock();
        if state.closed {
            asked.held().stop();
        }
        state.runs.insert(self.run.clone(), Some(asked));
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.active.lock().runs.remove(&self.run);
        self.active.0.changed.notify_waiters();
    }
}
