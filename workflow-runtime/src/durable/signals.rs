//! Signals as methods, with the names and types that a workflow declares.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::durable::{Journal, JournalError};

/// A workflow that waits for signals whose names are known. Implemented by the code that
/// `workflow!` generates.
#[diagnostic::on_unimplemented(
    message = "`{Self}` waits for no signal whose name is known",
    note = "a signal whose name is computed is sent with `Journal::signal`"
)]
pub trait SignalsOf {
    /// Has a method for each of the signals.
    type Signals;

    /// Those of one run.
    fn signals(sender: SignalSender) -> Self::Signals;
}

/// Sends signals to a run.
pub struct SignalSender {
    journal: Journal,
    run: Arc<str>,
}

impl SignalSender {
    pub(super) fn new(journal: Journal, run: Arc<str>) -> Self {
        Self { journal, run }
    }

    /// Sends this one.
    ///
    /// # Errors
    ///
    /// Those of [`Journal::signal`].
    pub async fn send<T: Serialize>(&self, name: &str, value: T) -> Result<(), JournalError> {
        self.journal.signal(&self.run, name, &value).await
    }
}

impl fmt::Debug for SignalSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignalSender").field("run", &self.run).finish_non_exhaustive()
    }
}
