//! The signals that a run waits for: for the journal that accepts them, and for the command that
//! sends them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::near::similar;

/// Their names; `None` if the run may wait for any signal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct KnownSignals(Option<BTreeSet<String>>);

/// The part of a stored graph that names them.
#[derive(Debug, Default, Deserialize)]
pub struct WithGraph {
    /// Missing in graphs that an older version has stored.
    #[serde(default)]
    pub signals: KnownSignals,
}

impl KnownSignals {
    /// These names; `None` if there may be others.
    #[must_use]
    pub fn new(names: Option<&[&str]>) -> Self {
        Self(names.map(|names| names.iter().map(|&name| name.to_owned()).collect()))
    }

    /// Whether the run may wait for any signal.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.0.is_none()
    }

    /// Adds a name. Returns whether it is a new one.
    pub fn add(&mut self, name: &str) -> bool {
        self.0.as_mut().is_some_and(|names| names.insert(name.to_owned()))
    }

    /// All names, each as `shown` formats it, for a sentence; `None` if there are none to name.
    pub fn listed(&self, shown: impl Fn(&str) -> String) -> Option<String> {
        let names = self.0.as_ref().filter(|names| !names.is_empty())?;
        let names: Vec<_> = names.iter().map(|name| format!("`{}`", shown(name))).collect();
        Some(names.join(", "))
    }

    /// What may have been meant by a signal that the run does not wait for; `None` if the run may
    /// wait for it.
    pub fn hint(&self, signal: &str, shown: impl Fn(&str) -> String) -> Option<String> {
        let names = self.0.as_ref().filter(|names| !names.contains(signal))?;
        if let Some(near) = similar(signal, names.iter().map(String::as_str)) {
            return Some(format!("one with a similar name exists: `{}`", shown(near)));
        }
        let listed = self.listed(shown).unwrap_or_else(|| "none".to_owned());
        Some(format!("it waits for {listed}"))
    }
}

#[cfg(test)]
mod tests {
    use super::KnownSignals;

    #[test]
    fn a_hint_names_what_was_meant() {
        let shown = |name: &str| name.escape_debug().to_string();
        let known = KnownSignals::new(Some(&["pay\u{1b}ment", "approval"]));
        let hint = |name: &str| known.hint(name, shown);
        assert_eq!(hint("approval"), None);
        assert_eq!(hint("aproval").unwrap(), "one with a similar name exists: `approval`");
        assert_eq!(hint("x").unwrap(), "it waits for `approval`, `pay\\u{1b}ment`");
        assert_eq!(KnownSignals::new(None).hint("any", shown), None);
        assert_eq!(KnownSignals::new(Some(&[])).hint("x", shown).unwrap(), "it waits for none");
    }
}
