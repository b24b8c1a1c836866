//! What `--json` prints.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Write as _;

use serde::Serialize;
use serde_json::value::RawValue;
use workflow_graph::visible::is_hidden;
use workflow_journal as kept;

use crate::failure::Failure;
use crate::found::Unreadable;
use crate::run;
use crate::shown::{has_failed_undoing, utc};

#[derive(Serialize)]
pub(crate) struct Run<'a> {
    id: &'a str,
    workflow: &'a str,
    state: &'static str,
    inputs: Value<'a>,
    /// If it has completed.
    output: Option<Value<'a>>,
    /// If it has failed, or what it did could not be undone.
    error: Option<&'a str>,
    started: String,
    changed: String,
    held_by: Option<&'a str>,
    held_until: Option<String>,
    cancel: bool,
    /// How many bytes its records take, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    record_bytes: Option<u64>,
}

#[derive(Serialize)]
pub(crate) struct Whole<'a> {
    #[serde(flatten)]
    run: Run<'a>,
    graph: Value<'a>,
    records: Vec<Record<'a>>,
    signals: Vec<Signal<'a>>,
    /// The parts of the run that cannot be read.
    unreadable: &'a [Unreadable],
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

/// What the journal has, as JSON, or as text if it is not JSON.
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
    pub(crate) fn of(run: &'a run::Run) -> Self {
        let run = run.kept();
        let is_held = |(_, until): &&(String, kept::Timestamp)| *until > kept::Timestamp::now();
        let held = run.held.as_ref().filter(is_held);
        let outcome = |is_it: bool| run.outcome.as_deref().filter(|_| is_it);
        let has_failed = run.state == kept::StoredState::Failed || has_failed_undoing(run.state);
        Self {
            id: &run.id,
            workflow: &run.workflow,
            state: run.state.name(),
            inputs: Value::of(&run.inputs),
            output: outcome(run.state == kept::StoredState::Completed).map(Value::of),
            error: outcome(has_failed),
            started: utc(run.created),
            changed: utc(run.updated),
            held_by: held.map(|(holder, _)| &**holder),
            held_until: held.map(|(_, until)| utc(*until)),
            cancel: run.cancel,
            record_bytes: None,
        }
    }

    pub(crate) fn with_size(self, record_bytes: Option<u64>) -> Self {
        Self { record_bytes, ..self }
    }
}

impl<'a> Whole<'a> {
    pub(crate) fn of(
        run: &'a run::Run,
        records: &'a [kept::Record],
        signals: &'a [kept::SentSignal],
        unreadable: &'a [Unreadable],
    ) -> Self {
        let record = |record: &'a kept::Record| Record {
            path: &record.path,
            kind: record.kind.name(),
            output: Value::of(&record.output),
            started: utc(record.started),
            finished: utc(record.finished),
            attempts: record.attempts,
        };
        let signal = |signal: &'a kept::SentSignal| Signal {
            name: &signal.name,
            value: Value::of(&signal.value),
            sent: utc(signal.sent),
        };
        Self {
            run: Run::of(run),
            graph: Value::of(&run.kept().graph),
            records: records.iter().map(record).collect(),
            signals: signals.iter().map(signal).collect(),
            unreadable,
        }
    }
}

pub(crate) fn print(value: &impl Serialize) -> Result<(), Failure> {
    let mut text = serde_json::to_string_pretty(value).map_err(std::io::Error::from)?;
    text.push('\n');
    // Not through anstream, which would break up a text that looks like colour codes.
    Ok(std::io::stdout().write_all(escaped(&text).as_bytes())?)
}

/// The same JSON without anything that affects a terminal or a reader. Values come out of a journal
/// as they were written there, so this is done here, for the whole text.
fn escaped(json: &str) -> Cow<'_, str> {
    let unfit = |letter| is_hidden(letter) && letter != '\n';
    let Some(first) = json.find(unfit) else { return Cow::Borrowed(json) };
    let mut text = json[..first].to_owned();
    for letter in json[first..].chars() {
        match letter {
            // JSON has these only between values.
            '\t' | '\r' => text.push(' '),
            letter if unfit(letter) => {
                let units = &mut [0; 2];
                for unit in letter.encode_utf16(units) {
                    let _ = write!(text, "\\u{unit:04x}");
                }
            }
            letter => text.push(letter),
        }
    }
    Cow::Owned(text)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::escaped;

    #[test]
    fn the_same_value_is_read_again() {
        let json = "{\r\n\t\"a\u{202e}\u{7f}\": \"\u{9b}\u{e0041}é\u{200b} \\u001b \\n\"}";
        let text = escaped(json);
        assert_eq!(
            text,
            "{ \n \"a\\u202e\\u007f\": \"\\u009b\\udb40\\udc41é\\u200b \\u001b \\n\"}"
        );
        let read = |json: &str| serde_json::from_str::<Value>(json).unwrap();
        assert_eq!(read(&text), read(json));
    }
}
