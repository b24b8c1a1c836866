//! Which signals a run waits for, so that a mistake in a name is reported at once.

use workflow_journal::{JournalStore, Kind, Record, StoredRun, Timestamp};

pub(super) use crate::graph::signals::KnownSignals;

use crate::durable::JournalError;
use crate::graph::signals::WithGraph;

/// The signals that a run waits for, as they are stored.
pub(super) fn of(run: &StoredRun, records: &[Record]) -> KnownSignals {
    later(records).unwrap_or_else(|| with_graph(run))
}

/// The signals that are stored with the graph of the version that started the run.
fn with_graph(run: &StoredRun) -> KnownSignals {
    serde_json::from_str::<WithGraph>(&run.graph).unwrap_or_default().signals
}

/// The signals that have been recorded since then.
fn later(records: &[Record]) -> Option<KnownSignals> {
    let record = records.iter().find(|record| record.kind == Kind::Signals)?;
    serde_json::from_str(&record.output).ok()
}

/// The record of these signals.
pub(super) fn record(known: &KnownSignals, now: Timestamp) -> Record {
    let names = serde_json::to_string(known).expect("they are texts");
    Record::new("", Kind::Signals, names, now)
}

/// Refuses a signal with a name that the run does not wait for. A run that does not exist yet may
/// wait for any signal.
pub(super) async fn check(
    store: &dyn JournalStore,
    id: &str,
    name: &str,
) -> Result<(), JournalError> {
    let Some(run) = store.run(id).await? else { return Ok(()) };
    let refuse = |known: KnownSignals| {
        let hint = known.hint(name, str::to_owned)?;
        let (run, signal) = (id.to_owned(), name.to_owned());
        Some(JournalError::NoSuchSignal { run, signal, hint })
    };
    if refuse(with_graph(&run)).is_none() {
        return Ok(());
    }
    refuse(of(&run, &store.records(id).await?)).map_or(Ok(()), Err)
}
