//! For which signals a run waits, so that a slip in a name is told at once.

use std::collections::BTreeSet;

use serde::Deserialize;
use workflow_journal::{JournalStore, Kind, Record, Run, Timestamp};

use crate::durable::identified::Identified;
use crate::durable::{JournalError, moment};
use crate::graph::near::similar;

/// The names of the signals that a run waits for; `None` if it may wait for any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct KnownSignals(Option<BTreeSet<String>>);

impl KnownSignals {
    /// Those of this version of the workflow.
    pub(super) fn in_version(workflow: &Identified) -> Self {
        let names = workflow.signals();
        Self(names.map(|names| names.into_iter().map(str::to_owned).collect()))
    }

    /// Those of a run, as they are stored.
    pub(super) fn of(run: &Run, records: &[Record]) -> Self {
        Self::later(records).unwrap_or_else(|| Self::with_graph(run))
    }

    /// Those that stand with the graph of the version that has started the run.
    fn with_graph(run: &Run) -> Self {
        #[derive(Deserialize)]
        struct WithGraph {
            #[serde(default)]
            signals: Option<BTreeSet<String>>,
        }
        let stored = serde_json::from_str::<WithGraph>(&run.graph);
        Self(stored.ok().and_then(|stored| stored.signals))
    }

    /// Those that have been written down since.
    fn later(records: &[Record]) -> Option<Self> {
        let record = records.iter().find(|record| record.kind == Kind::Signals)?;
        serde_json::from_str(&record.output).ok().map(Self)
    }

    /// The same ones with this, if it is not among them.
    pub(super) fn add(&mut self, name: &str) -> Option<Self> {
        let is_new = self.0.as_mut()?.insert(name.to_owned());
        is_new.then(|| self.clone())
    }

    pub(super) fn record(&self, now: Timestamp) -> Record {
        let names = serde_json::to_string(&self.0).expect("they are texts");
        moment("", Kind::Signals, names, now)
    }

    fn refuse(&self, run: &str, name: &str) -> Option<JournalError> {
        let known = self.0.as_ref().filter(|known| !known.contains(name))?;
        let near = similar(name, known.iter().map(String::as_str));
        let hint = match near {
            Some(near) => format!("one with a similar name exists: `{near}`"),
            None if known.is_empty() => "it waits for none".to_owned(),
            None => {
                let names: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
                format!("it waits for {}", names.join(", "))
            }
        };
        let (run, signal) = (run.to_owned(), name.to_owned());
        Some(JournalError::NoSuchSignal { run, signal, hint })
    }
}

/// Refuses a signal of a name that the run does not wait for. A run that is not there yet may wait
/// for any.
pub(super) async fn check(
    store: &dyn JournalStore,
    id: &str,
    name: &str,
) -> Result<(), JournalError> {
    let Some(run) = store.run(id).await? else { return Ok(()) };
    if KnownSignals::with_graph(&run).refuse(id, name).is_none() {
        return Ok(());
    }
    KnownSignals::of(&run, &store.records(id).await?).refuse(id, name).map_or(Ok(()), Err)
}
