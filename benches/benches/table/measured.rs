//! Reads what the other two benchmarks left behind.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::common::{COUNTED, Entry};

/// The results in one directory, as far as they are there.
pub(crate) struct Measured {
    /// By the index of the entry.
    instructions: Vec<Option<u64>>,
    /// The same with the feature `tracing`.
    with_tracing: Vec<Option<u64>>,
    durations: Option<PathBuf>,
}

impl Measured {
    pub(crate) fn read(directory: Option<&Path>) -> Self {
        let lines = |name| directory.and_then(|it| fs::read_to_string(it.join(name)).ok());
        Self {
            instructions: instructions(&lines("instructions.jsonl").unwrap_or_default()),
            with_tracing: instructions(&lines("instructions-tracing.jsonl").unwrap_or_default()),
            durations: directory.map(|it| it.join("criterion")),
        }
    }

    pub(crate) fn instructions(&self, index: usize) -> Option<u64> {
        *self.instructions.get(index)?
    }

    pub(crate) fn with_tracing(&self, index: usize) -> Option<u64> {
        *self.with_tracing.get(index)?
    }

    /// The median of one run.
    pub(crate) fn nanoseconds(&self, entry: &Entry) -> Option<f64> {
        let path = self.durations.as_ref()?.join(entry.to_string());
        let text = fs::read_to_string(path.join("new/estimates.json")).ok()?;
        let estimates: Value = serde_json::from_str(&text).ok()?;
        estimates.pointer("/median/point_estimate")?.as_f64()
    }
}

/// One JSON object a line, of gungraun's summary schema, in any order.
fn instructions(lines: &str) -> Vec<Option<u64>> {
    let mut found = Vec::new();
    for line in lines.lines() {
        let summary: Value = serde_json::from_str(line).expect("a line is a summary");
        let id = summary["id"].as_str().and_then(|id| id.strip_prefix("entry_"));
        let index: usize = id.and_then(|id| id.parse().ok()).expect("an id has an index");
        let count = summary.pointer("/profiles/0/data/total/metrics/Ir/values/new");
        found.resize(found.len().max(index + 1), None);
        found[index] = count.and_then(Value::as_u64).map(|count| count / COUNTED);
    }
    found
}
