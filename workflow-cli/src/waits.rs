//! The signals that a run waits for.

use workflow_graph::signals::{KnownSignals, WithGraph};
use workflow_journal::{Kind, Record, StoredRun};

use crate::shown::name;

/// Their names. Those of a later version of the workflow are recorded separately from the graph.
pub(crate) fn waits_for(run: &StoredRun, records: &[Record]) -> KnownSignals {
    let later = records.iter().find(|record| record.kind == Kind::Signals);
    let later = later.and_then(|record| serde_json::from_str(&record.output).ok());
    later.unwrap_or_else(|| {
        serde_json::from_str::<WithGraph>(&run.graph).unwrap_or_default().signals
    })
}

/// What is wrong with a signal of this name, if anything.
pub(crate) fn refusal(signal: &str, known: &KnownSignals) -> Option<String> {
    let hint = known.hint(signal, name)?;
    Some(format!("waits for no signal `{}`: {hint}", name(signal)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_what_was_meant() {
        let known = KnownSignals::new(Some(&["approval", "pay\u{1b}ment"]));
        assert_eq!(refusal("approval", &known), None);
        assert_eq!(refusal("any", &KnownSignals::default()), None);
        assert_eq!(
            refusal("aproval", &known).unwrap(),
            "waits for no signal `aproval`: one with a similar name exists: `approval`"
        );
        assert_eq!(
            refusal("x", &known).unwrap(),
            "waits for no signal `x`: it waits for `approval`, `pay\\u{1b}ment`"
        );
        assert_eq!(
            refusal("x", &KnownSignals::new(Some(&[]))).unwrap(),
            "waits for no signal `x`: it waits for none"
        );
    }
}
