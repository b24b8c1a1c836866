//! Random workflows that are dropped after any number of polls: nothing is left, and what
//! was running is reported as cancelled.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::Index;
use tokio::time::timeout;
use workflow_runtime::{Event, EventKind, Recorder, Run};
use workflow_tests::random::context::{Cx, Entry, Key};
use workflow_tests::random::run::{STUCK, in_virtual_time, polled, timed};
use workflow_tests::random::{
    Compiled, FINISHING, Table, for_each_of, for_each_workflow, interpret, tables,
};

/// How many runs of each workflow are cut off everywhere.
const RUNS: u32 = 2;

#[test]
fn leaves_nothing_behind_wherever_it_is_dropped() {
    let inputs = (any::<u64>(), any::<u64>(), tables());
    for_each_workflow(RUNS, &inputs, |workflow, (number, text, table)| {
        cut_everywhere(workflow, number, text, &table, None)
    });
}

#[test]
fn leaves_nothing_behind_where_others_finish_after_a_failure() {
    let inputs = (any::<u64>(), any::<u64>(), tables(), any::<Index>());
    for_each_of(FINISHING, RUNS, &inputs, |workflow, (number, text, table, which)| {
        let without = interpret(&workflow.model(), number, text, &table, None);
        let can_fail = without.can_fail();
        let failing = (!can_fail.is_empty()).then(|| *which.get(&can_fail));
        cut_everywhere(workflow, number, text, &table, failing)
    });
}

fn cut_everywhere(
    workflow: &Compiled,
    number: u64,
    text: u64,
    table: &Table,
    failing: Option<Key>,
) -> Result<(), String> {
    for polls in 0.. {
        let cut = cut(workflow, (number, text), table, failing, polls);
        check(&cut).map_err(|error| format!("after {polls} polls: {error}"))?;
        if cut.finished {
            break;
        }
    }
    Ok(())
}

/// A run that was dropped.
struct Cut {
    finished: bool,
    live: usize,
    log: Vec<Entry>,
    events: Vec<(u64, Event)>,
}

/// Polls a workflow so many times, then drops it.
fn cut(
    workflow: &Compiled,
    (number, text): (u64, u64),
    table: &Table,
    failing: Option<Key>,
    polls: usize,
) -> Cut {
    in_virtual_time(async {
        let cx = Cx::new(table, failing);
        let recorder = Recorder::new();
        let call = (workflow.call)(&cx, number, text.to_string());
        let call = Run::new().observe(recorder.clone()).execute(call);
        let output = timeout(STUCK, polled(call, polls)).await.expect("the workflow is stuck");
        let finished = output.is_some();
        Cut { finished, live: cx.live(), log: cx.log(), events: timed(&recorder, &cx) }
    })
}

fn check(cut: &Cut) -> Result<(), String> {
    if cut.live > 0 {
        return Err(format!("{} steps are left", cut.live));
    }
    let mut open: BTreeMap<(bool, &str), usize> = BTreeMap::new();
    let mut cancelled = 0;
    for (_, event) in &cut.events {
        let (workflow, change) = match event.kind {
            EventKind::WorkflowStarted => (true, 1),
            EventKind::WorkflowFinished { .. } | EventKind::WorkflowCancelled => (true, -1),
            EventKind::Started => (false, 1),
            EventKind::Completed { .. } | EventKind::Failed { .. } => (false, -1),
            EventKind::Cancelled => {
                // The calls of sub-workflows have no log of their own.
                cancelled += 1;
                (false, -1)
            }
            _ => continue,
        };
        let open = open.entry((workflow, &event.path)).or_default();
        *open = open.checked_add_signed(change).ok_or_else(|| {
            format!("the end of `{}` is told more often than its start", event.path)
        })?;
    }
    if let Some(((_, path), _)) = open.iter().find(|(_, open)| **open > 0) {
        return Err(format!("the end of `{path}` is not told"));
    }
    let running = cut.log.iter().filter(|entry| entry.end.is_none()).count();
    if running > cancelled {
        return Err(format!("{running} steps were running, and {cancelled} were cancelled"));
    }
    let finished = cut.events.iter().any(|(_, event)| {
        event.path.is_empty() && matches!(event.kind, EventKind::WorkflowFinished { .. })
    });
    if finished != cut.finished {
        return Err("the end of the workflow is not told as it is".to_owned());
    }
    Ok(())
}
