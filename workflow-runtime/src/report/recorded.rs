//! The report of a run from its records in a journal.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::time::Instant;
use workflow_journal::{Kind, Record, StoredRun, StoredState, Timestamp};

use crate::graph::Graph;
use crate::graph::path::StepPath;
use crate::report::Report;
use crate::run::{Event, EventKind};

impl Report {
    /// The report of a durable run, from what a journal's store keeps of it. `graph` is the graph
    /// of its workflow.
    ///
    /// It covers the steps that are recorded: those that completed, those whose last attempt
    /// failed, and how they were undone. Times count from the first start of the run, so the time
    /// between two processes counts, too.
    ///
    /// ```
    /// use workflow_journal::{JournalStore, MemoryStore};
    /// use workflow_runtime::report::StepState;
    /// use workflow_runtime::{Journal, Report, StepError, step, workflow};
    ///
    /// #[step]
    /// async fn double(number: u32) -> u32 { number * 2 }
    ///
    /// workflow! {
    ///     #[durable]
    ///     async fn quadruple(number: u32) -> Result<u32, StepError> {
    ///         let twice = double(number).await;
    ///         let result = double(twice).await;
    ///         Ok(result)
    ///     }
    /// }
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let store = MemoryStore::new();
    /// Journal::new(store.clone()).run("one", quadruple(1)).await?;
    ///
    /// let run = store.run("one").await?.expect("it has just run");
    /// let records = store.records("one").await?;
    /// let report = Report::recorded(&quadruple::GRAPH, &run, &records);
    /// assert_eq!(report.step("twice").unwrap().state, StepState::Completed);
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn recorded(graph: &'static Graph, run: &StoredRun, records: &[Record]) -> Self {
        let clock = Clock::of(run);
        let nodes = nodes_by_path(graph);
        let completed: HashSet<&str> = (records.iter())
            .filter(|record| record.kind == Kind::Step)
            .map(|record| &*record.path)
            .collect();
        let mut events =
            vec![clock.event(graph, "", None, run.created, EventKind::WorkflowStarted)];
        for record in records.iter().filter(|record| !record.path.is_empty()) {
            let node = nodes.get(&*StepPath(&record.path).declared()).copied();
            let mut tell = |at, kind| events.push(clock.event(graph, &record.path, node, at, kind));
            let duration = between(record.started, record.finished);
            let attempts = record.attempts;
            let error = serde_json::from_str::<String>(&record.output);
            match record.kind {
                Kind::Step => {
                    tell(record.started, EventKind::Started);
                    tell(record.finished, EventKind::Completed { duration, attempts });
                }
                Kind::Failure if !completed.contains(&*record.path) => {
                    let error = error.unwrap_or_default();
                    let failed = EventKind::Failed { duration, attempts, error, retryable: false };
                    tell(record.started, EventKind::Started);
                    tell(record.finished, failed);
                }
                Kind::Compensation if completed.contains(&*record.path) => {
                    let kind = match error {
                        Ok(error) => EventKind::CompensationFailed { duration, attempts, error },
                        Err(_) => EventKind::Compensated { duration, attempts },
                    };
                    tell(record.finished, kind);
                }
                _ => {}
            }
        }
        // A stable sort: the start of a step stays before its end if both are at the same moment.
        events[1..].sort_by_key(|event| event.at);
        let duration = between(run.created, run.updated);
        let ended = match run.state {
            StoredState::Completed => Some(EventKind::WorkflowFinished { duration, error: None }),
            StoredState::Failed | StoredState::UndoFailed => {
                let error = Some(run.outcome.clone().unwrap_or_default());
                Some(EventKind::WorkflowFinished { duration, error })
            }
            StoredState::Cancelled => Some(EventKind::WorkflowCancelled),
            // Unfinished, or in a state that is not known here.
            _ => None,
        };
        events.extend(ended.map(|kind| clock.event(graph, "", None, run.updated, kind)));
        Self::of(&events)
    }
}

/// The first node with each path.
fn nodes_by_path(graph: &'static Graph) -> HashMap<&'static str, usize> {
    let nodes = graph.nodes().iter().enumerate().rev();
    nodes.map(|(position, node)| (node.path(), position)).collect()
}

/// Maps moments on the wall clock to the monotonic clock.
struct Clock {
    run_id: Arc<str>,
    start: Timestamp,
    began: Instant,
}

impl Clock {
    fn of(run: &StoredRun) -> Self {
        let now = Instant::now();
        let age = between(run.created, Timestamp::now());
        Self {
            run_id: Arc::from(&*run.id),
            start: run.created,
            began: now.checked_sub(age).unwrap_or(now),
        }
    }

    fn event(
        &self,
        graph: &'static Graph,
        path: &str,
        node: Option<usize>,
        at: Timestamp,
        kind: EventKind,
    ) -> Event {
        Event {
            run_id: Some(Arc::clone(&self.run_id)),
            workflow: graph.name(),
            path: Arc::from(path),
            graph: Some(graph),
            node,
            kind,
            at: self.began + between(self.start, at),
            wall: SystemTime::UNIX_EPOCH + between(Timestamp(0), at),
        }
    }
}

/// The time from `start` to `end`; zero if the clock was set back.
fn between(start: Timestamp, end: Timestamp) -> Duration {
    let millis = end.0.saturating_sub(start.0);
    Duration::from_millis(u64::try_from(millis).unwrap_or_default())
}
