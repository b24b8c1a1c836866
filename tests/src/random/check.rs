//! Compares what has happened with what should have.

use std::collections::{BTreeMap, BTreeSet};

use workflow_runtime::EventKind;

use super::context::{Entry, Key};
use super::interpret::{Expected, Ran};
use super::run::Observed;

/// What is known of one step from events.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Told {
    start: Option<u64>,
    end: Option<(End, u64)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Completed,
    Failed,
    Cancelled,
}

/// Compares a run with what should happen in it.
///
/// # Errors
///
/// With what is different.
pub fn check(expected: &Expected, observed: &Observed) -> Result<(), String> {
    // First what tells most of where a mistake is.
    check_log(expected, observed)?;
    check_events(expected, observed)?;
    compare("result", &expected.result, &observed.result)?;
    compare("end", &expected.end, &observed.end)?;
    compare("number of steps left", &0, &observed.live)?;
    let paths = |kind: &EventKind| -> BTreeSet<String> {
        let events = observed.events.iter().filter(|(_, event)| event.kind == *kind);
        events.map(|(_, event)| event.path.to_string()).collect()
    };
    let skipped = paths(&EventKind::Skipped);
    if expected.result.is_err() {
        let told = &paths(&EventKind::Started) | &skipped;
        return match expected.declared.difference(&told).next() {
            None => Ok(()),
            Some(path) => Err(format!("`{path}` has neither started nor been skipped")),
        };
    }
    if expected.steps.iter().any(|step| step.failed) {
        // What a sub-workflow skips that fails alone follows from what it had to drop.
        return Ok(());
    }
    compare("skipped steps", &expected.skipped, &skipped)
}

fn compare<T: PartialEq + std::fmt::Debug>(
    what: &str,
    expected: &T,
    observed: &T,
) -> Result<(), String> {
    if expected == observed {
        return Ok(());
    }
    Err(format!("{what}: expected {expected:?}, not {observed:?}"))
}

/// What the steps tell themselves.
fn check_log(expected: &Expected, observed: &Observed) -> Result<(), String> {
    let mut log: BTreeMap<Key, Entry> = BTreeMap::new();
    for entry in &observed.log {
        if log.insert(entry.key, *entry).is_some() {
            return Err(format!("{:?} runs twice", entry.key));
        }
    }
    for step in &expected.steps {
        let Some(key) = step.key else { continue };
        let entry = log.remove(&key);
        check_step(step, entry.map(|entry| entry.start), entry.and_then(|entry| entry.end))?;
    }
    match log.into_values().next() {
        None => Ok(()),
        Some(entry) => Err(format!("{entry:?} should not run")),
    }
}

/// What the recorder is told.
fn check_events(expected: &Expected, observed: &Observed) -> Result<(), String> {
    let mut told: BTreeMap<&str, Told> = BTreeMap::new();
    let mut skipped: BTreeSet<&str> = BTreeSet::new();
    for (time, event) in &observed.events {
        let end = match event.kind {
            EventKind::Started => {
                let told = told.entry(&event.path).or_default();
                if told.start.replace(*time).is_some() {
                    return Err(format!("`{}` has started twice", event.path));
                }
                continue;
            }
            EventKind::Completed { .. } => End::Completed,
            EventKind::Failed { .. } => End::Failed,
            EventKind::Cancelled => End::Cancelled,
            EventKind::Skipped => {
                skipped.insert(&event.path);
                continue;
            }
            _ => continue,
        };
        let told = told.entry(&event.path).or_default();
        if told.start.is_none() || told.end.replace((end, *time)).is_some() {
            return Err(format!("`{}` has ended twice or has not started", event.path));
        }
    }
    for step in &expected.steps {
        let told = told.remove(&*step.path).unwrap_or_default();
        let end = match told.end {
            None if told.start.is_some() => {
                return Err(format!("the end of `{}` is not told", step.path));
            }
            Some((End::Cancelled, time)) if expected.end < time => {
                return Err(format!("`{}` is cancelled late, at {time}", step.path));
            }
            None | Some((End::Cancelled, _)) => None,
            Some((End::Failed, _)) if !step.failed => {
                return Err(format!("`{}` should not fail", step.path));
            }
            Some((End::Completed, _)) if step.failed => {
                return Err(format!("`{}` should fail", step.path));
            }
            Some((_, time)) => Some(time),
        };
        check_step(step, told.start, end)?;
        if told.start.is_some() && skipped.contains(&*step.path) {
            return Err(format!("`{}` is told to be skipped and has run", step.path));
        }
    }
    match told.into_keys().next() {
        None => Ok(()),
        Some(path) => Err(format!("`{path}` should not run")),
    }
}

fn check_step(step: &Ran, start: Option<u64>, end: Option<u64>) -> Result<(), String> {
    let may_not_start = step.may_start && start.is_none();
    let starts = start == Some(step.start) || may_not_start;
    let may_not_end = step.may_end && end.is_none();
    let ends = end == step.end || may_not_end || may_not_start;
    if starts && ends {
        return Ok(());
    }
    Err(format!("expected {step:?}, not a start at {start:?} and an end at {end:?}"))
}
