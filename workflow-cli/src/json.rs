//! What `--json` prints.

use std::borrow::Cow;
use std::io::Write as _;

use serde::Serialize;
use serde_json::value::RawValue;
use workflow_journal as kept;

use crate::commands::holder;
use crate::failure::Failure;
use crate::shown::utc;

#[derive(Serialize)]
pub(crate) struct Run<'a> {
    id: &'a str,
    workflow: &'a str,
    state: &'static str,
    inputs: Value<'a>,
    /// Where it has completed.
    output: Option<Value<'a>>,
    /// Where it has failed.
    error: Option<&'a str>,
    started: String,
    changed: String,
    held_by: Option<&'a str>,
    held_until: Option<String>,
    cancel: bool,
}

#[derive(Serialize)]
pub(crate) struct Whole<'a> {
    #[serde(flatten)]
    run: Run<'a>,
    graph: Value<'a>,
    records: Vec<Record<'a>>,
    signals: Vec<Signal<'a>>,
}

#[derive(Serialize)]
struct Record<'a> {
    path: &'a str,
    kind: &'static str,
    output: Value<'a>,
    started: String,
    finished: String,
    attempts: u32,
}

#[derive(Serialize)]
struct Signal<'a> {
    name: &'a str,
    value: Value<'a>,
    sent: String,
}

/// What the journal has as JSON; as text if it is none.
#[derive(Serialize)]
#[serde(untagged)]
enum Value<'a> {
    Json(Cow<'a, RawValue>),
    Text(&'a str),
}

impl<'a> Value<'a> {
    fn of(text: &'a str) -> Self {
        serde_json::from_str(text).map_or(Self::Text(text), |raw| Self::Json(Cow::Borrowed(raw)))
    }
}

impl<'a> Run<'a> {
    pub(crate) fn of(run: &'a kept::Run) -> Self {
        let held_by = holder(run);
        let until = run.held.as_ref().filter(|_| held_by.is_some()).map(|(_, until)| utc(*until));
        let outcome = |state| run.outcome.as_deref().filter(|_| run.state == state);
        Self {
            id: &run.id,
            workflow: &run.workflow,
            state: run.state.name(),
            inputs: Value::of(&run.inputs),
            output: outcome(kept::RunState::Completed).map(Value::of),
            error: outcome(kept::RunState::Failed).or(outcome(kept::RunState::UndoFailed)),
            started: utc(run.created),
            changed: utc(run.updated),
            held_by,
            held_until: until,
            cancel: run.cancel,
        }
    }
}

impl<'a> Whole<'a> {
    pub(crate) fn of(
        run: &'a kept::Run,
        records: &'a [kept::Record],
        signals: &'a [kept::Signal],
    ) -> Self {
        let record = |record: &'a kept::Record| Record {
            path: &record.path,
            kind: record.kind.name(),
            output: Value::of(&record.output),
            started: utc(record.started),
            finished: utc(record.finished),
            attempts: record.attempts,
        };
        let signal = |signal: &'a kept::Signal| Signal {
            name: &signal.name,
            value: Value::of(&signal.value),
            sent: utc(signal.sent),
        };
        Self {
            run: Run::of(run),
            graph: Value::of(&run.graph),
            records: records.iter().map(record).collect(),
            signals: signals.iter().map(signal).collect(),
        }
    }
}

pub(crate) fn print(value: &impl Serialize) -> Result<(), Failure> {
    let mut text = serde_json::to_string_pretty(value).map_err(std::io::Error::from)?;
    text.push('\n');
    // Past anstream, which would take a text apart that looks like colours.
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}
