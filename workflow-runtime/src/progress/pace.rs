//! How often a run without bars writes.

use std::time::Duration;

use tokio::time::Instant;

use crate::graph::path::StepPath;

/// A run has a line with its fan-outs' counts at most this often.
const PAUSE: Duration = Duration::from_secs(5);
/// How many lines about what goes wrong in items are written in a [`PAUSE`]; all of it is counted.
const MOST_PROBLEMS: u32 = 10;

/// What one run has written lately.
pub(super) struct Pace {
    since: Instant,
    problems: u32,
}

impl Pace {
    pub(super) fn starting(since: Instant) -> Self {
        Self { since, problems: 0 }
    }

    /// Whether the counts are due.
    pub(super) fn counts(&mut self, at: Instant) -> bool {
        let due = at.saturating_duration_since(self.since) >= PAUSE;
        if due {
            *self = Self::starting(at);
        }
        due
    }

    /// Whether what went wrong gets a line.
    pub(super) fn problem(&mut self, path: &str) -> bool {
        let is_in_item = StepPath(path).is_in_item();
        self.problems += u32::from(is_in_item);
        !is_in_item || self.problems <= MOST_PROBLEMS
    }
}
