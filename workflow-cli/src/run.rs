//! A run of the journal.

use anstyle::AnsiColor;
use workflow_journal as kept;
use workflow_journal::{StoredState, Timestamp};

use crate::shown;

/// A run whose texts are ready to be printed; the stored texts are available only on request.
pub(crate) struct Run(kept::StoredRun);

impl From<kept::StoredRun> for Run {
    fn from(run: kept::StoredRun) -> Self {
        Self(run)
    }
}

impl Run {
    /// The stored run, with texts that must not be printed as they are.
    pub(crate) fn kept(&self) -> &kept::StoredRun {
        &self.0
    }

    pub(crate) fn id(&self) -> String {
        shown::name(&self.0.id)
    }

    pub(crate) fn workflow(&self) -> String {
        shown::name(&self.0.workflow)
    }

    pub(crate) fn state(&self) -> StoredState {
        self.0.state
    }

    /// The current holder of the run.
    pub(crate) fn holder(&self) -> Option<String> {
        let (holder, until) = self.0.held.as_ref()?;
        (*until > Timestamp::now()).then(|| shown::name(holder))
    }

    /// The last holder, if it has not released the run, and the end of its lease.
    pub(crate) fn held(&self) -> Option<(String, Timestamp)> {
        self.0.held.as_ref().map(|(holder, until)| (shown::name(holder), *until))
    }

    /// Its state, in colour.
    pub(crate) fn coloured_state(&self) -> String {
        let style = match self.state().name() {
            "unfinished" => AnsiColor::Cyan.on_default(),
            "completed" => AnsiColor::Green.on_default(),
            "cancelled" => AnsiColor::Yellow.on_default(),
            _ => AnsiColor::Red.on_default(),
        };
        let ending =
            if self.kept().cancel && !self.state().is_final() { ", to be cancelled" } else { "" };
        shown::coloured(style, &format!("{}{ending}", self.state().name()))
    }
}
