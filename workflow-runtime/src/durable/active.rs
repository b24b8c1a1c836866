//! The runs that this process works on.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The ids of the runs that go on through one journal: a lease does not keep out its own
/// holder.
#[derive(Clone, Default)]
pub(super) struct Active(Arc<Mutex<HashSet<String>>>);

impl Active {
    /// Takes up a run; `None` if it goes on already.
    pub(super) fn enter(&self, run: &str) -> Option<Entered> {
        let entered = self.lock().insert(run.to_owned());
        entered.then(|| Entered { active: self.clone(), run: run.to_owned() })
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// While it lives, nobody else takes the run up here.
pub(super) struct Entered {
    active: Active,
    run: String,
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.active.lock().remove(&self.run);
    }
}
