//! The runs that this process works on.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::durable::held::Held;

/// The runs that go on through one journal, by their ids: a lease does not keep out its own
/// holder.
#[derive(Clone, Default)]
pub(super) struct Active(Arc<Mutex<HashMap<String, Option<Arc<Held>>>>>);

impl Active {
    /// Takes up a run; `None` if it goes on already.
    pub(super) fn enter(&self, run: &str) -> Option<Entered> {
        let mut runs = self.lock();
        if runs.contains_key(run) {
            return None;
        }
        runs.insert(run.to_owned(), None);
        Some(Entered { active: self.clone(), run: run.to_owned() })
    }

    /// The run was asked to be cancelled: if it goes on here, it need not look for that.
    pub(super) fn cancel(&self, run: &str) {
        let held = self.lock().get(run).cloned().flatten();
        if let Some(held) = held {
            held.cancel();
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Option<Arc<Held>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// While it lives, nothing else takes the run up here.
pub(super) struct Entered {
    active: Active,
    run: String,
}

impl Entered {
    /// The run is held by this lease.
    pub(super) fn holds(&self, held: Arc<Held>) {
        self.active.lock().insert(self.run.clone(), Some(held));
    }
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.active.lock().remove(&self.run);
    }
}
