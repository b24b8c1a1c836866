//! What went wrong in many runs, for people to read.

use std::collections::BTreeMap;

/// Runs that went wrong, by what did: how many, and the one that says most in the fewest lines.
#[derive(Debug, Default)]
pub struct Failures(BTreeMap<String, (usize, String)>);

impl Failures {
    /// Adds a run. The first line of `failure` says what went wrong, the others how.
    pub fn add(&mut self, run: &str, failure: &str) {
        // Failures that differ only in names are of one kind.
        let kind = failure.lines().next().unwrap_or_default();
        let kind: Vec<_> = kind.split(['`', '"', '(']).step_by(2).collect();
        let kind = kind.join("…");
        let failure = format!("{run}: {failure}");
        let (count, shortest) = self.0.entry(kind).or_insert_with(|| (0, failure.clone()));
        *count += 1;
        if failure.len() < shortest.len() {
            *shortest = failure;
        }
    }

    /// Ends the test.
    ///
    /// # Panics
    ///
    /// If any run went wrong.
    pub fn panic_if_any(&self) {
        let all = self.0.values();
        let all: Vec<_> =
            all.map(|(count, shortest)| format!("{count} runs, such as {shortest}")).collect();
        assert!(all.is_empty(), "{}", all.join("\n\n"));
    }
}
