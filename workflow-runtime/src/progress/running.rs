//! The running steps.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::text::{one_line, time, wait};

/// The running steps, in the order in which they started. Keeps nothing about one that is over.
#[derive(Default)]
pub(super) struct Running {
    /// When each started, as a number.
    turns: HashMap<Arc<str>, u64>,
    next_turn: u64,
    /// Those at their first attempt.
    fresh: BTreeMap<u64, Step>,
    /// Those that are being retried.
    again: BTreeMap<u64, Step>,
}

struct Step {
    path: Arc<str>,
    since: Instant,
    /// What went wrong last.
    failed: Option<Failed>,
}

struct Failed {
    next_attempt: u32,
    next_at: Instant,
    error: String,
}

impl Running {
    pub(super) fn start(&mut self, path: &Arc<str>, since: Instant) {
        let step = Step { path: Arc::clone(path), since, failed: None };
        let turn = self.take_turn(path);
        self.fresh.insert(turn, step);
    }

    /// An attempt failed. A step that is over by then is being undone.
    pub(super) fn retry(
        &mut self,
        path: &Arc<str>,
        at: Instant,
        attempt: u32,
        delay: Duration,
        error: &str,
    ) {
        let known = self.turns.get(path).copied();
        let turn = known.unwrap_or_else(|| self.take_turn(path));
        let since = self.fresh.remove(&turn).or_else(|| self.again.remove(&turn));
        let since = since.map_or(at, |step| step.since);
        let failed =
            Failed { next_attempt: attempt + 1, next_at: at + delay, error: one_line(error) };
        self.again.insert(turn, Step { path: Arc::clone(path), since, failed: Some(failed) });
    }

    pub(super) fn end(&mut self, path: &str) {
        if let Some(turn) = self.turns.remove(path) {
            self.fresh.remove(&turn);
            self.again.remove(&turn);
        }
    }

    fn take_turn(&mut self, path: &Arc<str>) -> u64 {
        self.next_turn += 1;
        if let Some(earlier) = self.turns.insert(Arc::clone(path), self.next_turn) {
            self.fresh.remove(&earlier);
            self.again.remove(&earlier);
        }
        self.next_turn
    }

    /// A line for each of the first few, those that are being retried before the others, and how
    /// many more there are.
    pub(super) fn lines(&self, most: usize, now: Instant) -> (Vec<String>, usize) {
        let steps = self.again.values().chain(self.fresh.values());
        let lines: Vec<_> = steps.take(most).map(|step| step.line(now)).collect();
        let more = self.turns.len() - lines.len();
        (lines, more)
    }
}

impl Step {
    fn line(&self, now: Instant) -> String {
        let Self { path, since, failed } = self;
        let runs = time(now.saturating_duration_since(*since));
        match failed {
            None => format!("{path}  {runs}"),
            Some(Failed { next_attempt, next_at, error }) if *next_at > now => {
                let wait = wait(*next_at - now);
                format!("{path}  {runs}  attempt {next_attempt} in {wait}: {error}")
            }
            Some(Failed { next_attempt, error, .. }) => {
                format!("{path}  {runs}  attempt {next_attempt}, after: {error}")
            }
        }
    }
}
