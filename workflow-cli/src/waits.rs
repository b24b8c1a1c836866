//! The signals that a run waits for.

use std::collections::BTreeSet;

use serde::Deserialize;
use workflow_graph::near::similar;
use workflow_journal::{Kind, Record, Run};

use crate::shown::name;

/// Their names; `None` if it may wait for any.
pub(crate) fn waits_for(run: &Run, records: &[Record]) -> Option<BTreeSet<String>> {
    #[derive(Deserialize)]
    struct WithGraph {
        #[serde(default)]
        signals: Option<BTreeSet<String>>,
    }
    // Those of a later version of the workflow are written down apart.
    let later = records.iter().find(|record| record.kind == Kind::Signals);
    let later = later.and_then(|record| serde_json::from_str(&record.output).ok());
    later.unwrap_or_else(|| serde_json::from_str::<WithGraph>(&run.graph).ok()?.signals)
}

/// What is wrong with a signal of this name, if anything.
pub(crate) fn refusal(signal: &str, known: Option<&BTreeSet<String>>) -> Option<String> {
    let known = known.filter(|known| !known.contains(signal))?;
    let hint = match similar(signal, known.iter().map(String::as_str)) {
        Some(near) => format!("one with a similar name exists: `{}`", name(near)),
        None if known.is_empty() => "it waits for none".to_owned(),
        None => format!("it waits for {}", listed(known)),
    };
    Some(format!("waits for no signal `{}`: {hint}", name(signal)))
}

pub(crate) fn listed(known: &BTreeSet<String>) -> String {
    let names: Vec<_> = known.iter().map(|signal| format!("`{}`", name(signal))).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_what_was_meant() {
        let known: BTreeSet<String> = ["approval", "pay\u{1b}ment"].map(str::to_owned).into();
        assert_eq!(refusal("approval", Some(&known)), None);
        assert_eq!(refusal("any", None), None);
        assert_eq!(
            refusal("aproval", Some(&known)).unwrap(),
            "waits for no signal `aproval`: one with a similar name exists: `approval`"
        );
        assert_eq!(
            refusal("x", Some(&known)).unwrap(),
            "waits for no signal `x`: it waits for `approval`, `pay\\u{1b}ment`"
        );
        assert_eq!(
            refusal("x", Some(&BTreeSet::new())).unwrap(),
            "waits for no signal `x`: it waits for none"
        );
    }
}
