//! Shows one run.

use std::io::{self, Write};

use tabwriter::TabWriter;
use workflow_journal::{Kind, Record, SentSignal, StoredState, Timestamp};

use crate::arguments;
use crate::failure::Failure;
use crate::found::{Found, Unreadable};
use crate::journal::Journal;
use crate::json;
use crate::marks;
use crate::run::Run;
use crate::shown::{ago, count, error, has_failed_undoing, name, recorded_error, took, utc, value};
use crate::waits::waits_for;

pub(crate) async fn show(journal: &Journal, wanted: &arguments::Show) -> Result<(), Failure> {
    let run = journal.run(&wanted.id).await?;
    let found = Found::of(&*journal.store, &run.kept().id).await?;
    if wanted.json {
        let Found { records, signals, unreadable } = &found;
        json::print(&json::Whole::of(&run, records, signals, unreadable))?;
    } else {
        let mut out = anstream::stdout();
        write_run(&mut out, &run, &found)?;
        out.flush()?;
    }
    match found.unreadable.len() {
        0 => Ok(()),
        parts => Err(journal.unreadable(format!("{} of run `{}`", count(parts, "part"), run.id()))),
    }
}

/// Writes everything that is known about the run.
pub(crate) fn write_run(out: &mut impl Write, run: &Run, found: &Found) -> io::Result<()> {
    head(out, run, found)?;
    writeln!(out)?;
    match marks::graph(&run.kept().graph, usize::MAX) {
        Ok(graph) => writeln!(out, "{}", marks::picture(&graph, run.state(), &found.records))?,
        Err(problem) => writeln!(out, "{problem}")?,
    }
    steps(out, &found.records)?;
    sent(out, &found.signals)?;
    unreadable(out, &found.unreadable)
}

fn head(out: &mut impl Write, run: &Run, found: &Found) -> io::Result<()> {
    let mut table = TabWriter::new(out).ansi(true);
    writeln!(table, "run\t{}", run.id())?;
    writeln!(table, "workflow\t{}", run.workflow())?;
    writeln!(table, "state\t{}", run.coloured_state())?;
    if let Some(error) = undone_for(&found.records) {
        lines(&mut table, "undone for", &error)?;
    }
    if let Some(steps) = left(run.state(), &found.not_undone()) {
        writeln!(table, "NOT undone\t{steps}")?;
    }
    match run.kept().outcome.as_deref() {
        Some(output) if run.state() == StoredState::Completed => {
            writeln!(table, "output\t{}", value(output))?;
        }
        Some(error) => lines(&mut table, "error", error)?,
        None => {}
    }
    let (created, updated) = (run.kept().created, run.kept().updated);
    writeln!(table, "started\t{}, {}", utc(created), ago(created))?;
    writeln!(table, "changed\t{}, {}", utc(updated), ago(updated))?;
    match (run.holder(), run.held()) {
        (Some(holder), Some((_, until))) => {
            writeln!(table, "held by\t{holder}, until {}", utc(until))?;
        }
        (_, Some((holder, until))) => {
            writeln!(table, "held by\tnobody: {holder} until {}", utc(until))?;
        }
        (_, None) => writeln!(table, "held by\tnobody")?,
    }
    writeln!(table, "inputs\t{}", value(&run.kept().inputs))?;
    if let Some(names) = waits_for(run.kept(), &found.records).listed(name) {
        writeln!(table, "signals\t{names}")?;
    }
    table.flush()
}

fn lines(table: &mut impl Write, title: &str, text: &str) -> io::Result<()> {
    for (at, line) in error(text).iter().enumerate() {
        writeln!(table, "{}\t{line}", if at == 0 { title } else { "" })?;
    }
    Ok(())
}

/// The sentence about steps whose effects are still there.
fn left(state: StoredState, not_undone: &[&str]) -> Option<String> {
    /// At most this many are named.
    const NAMED: usize = 10;
    let names = not_undone.iter().take(NAMED).map(|path| name(path)).collect::<Vec<_>>().join(", ");
    match not_undone.len() {
        0 if has_failed_undoing(state) => Some("a step whose record is not there".to_owned()),
        0 => None,
        steps if steps > NAMED => {
            Some(format!("{}: {names} and {} more", count(steps, "step"), steps - NAMED))
        }
        steps => Some(format!("{}: {names}", count(steps, "step"))),
    }
}

/// Why a run is being undone, or was undone.
fn undone_for(records: &[Record]) -> Option<String> {
    let failed = |record: &&Record| record.kind == Kind::Compensation && record.path.is_empty();
    serde_json::from_str(&records.iter().find(failed)?.output).ok()
}

fn steps(out: &mut impl Write, records: &[Record]) -> io::Result<()> {
    let records: Vec<_> = records.iter().filter(|record| !record.path.is_empty()).collect();
    if records.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let mut table = TabWriter::new(out);
    writeln!(table, "STEP\tSTARTED\tTOOK\tATTEMPTS\tOUTPUT")?;
    for record in records {
        let (path, started) = (name(&record.path), utc(record.started));
        let took = took(record.started, record.finished);
        let (attempts, output) = (record.attempts, value(&record.output));
        match record.kind.name() {
            "step" => writeln!(table, "{path}\t{started}\t{took}\t{attempts}\t{output}")?,
            "items" => writeln!(table, "{path}\t{started}\t\t\t{output} items")?,
            "timer" => {
                let until = output.parse().map_or(output, |until| utc(Timestamp(until)));
                writeln!(table, "{path}\t{started}\t\t\ttimer until {until}")?;
            }
            "failure" => {
                let error = recorded_error(&record.output);
                writeln!(table, "{path}\t{started}\t{took}\t{attempts}\tfailed: {error}")?;
            }
            "compensation" => {
                let undone = match &*record.output {
                    "null" => "undone".to_owned(),
                    error => format!("NOT undone: {}", recorded_error(error)),
                };
                writeln!(table, "{path}\t{started}\t{took}\t{attempts}\t{undone}")?;
            }
            "refusal" => {
                writeln!(table, "{path}\t{started}\t\t\t{}", recorded_error(&record.output))?;
            }
            "attempt" => writeln!(table, "{path}\t{started}\t\t{attempts}\tbegun")?,
            // A kind from a later version.
            kind => writeln!(table, "{path}\t{started}\t{took}\t{attempts}\t{kind}: {output}")?,
        }
    }
    table.flush()
}

fn sent(out: &mut impl Write, signals: &[SentSignal]) -> io::Result<()> {
    if signals.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let mut table = TabWriter::new(out);
    writeln!(table, "SIGNAL\tSENT\tVALUE")?;
    for signal in signals {
        let (name, value) = (name(&signal.name), value(&signal.value));
        writeln!(table, "{name}\t{}\t{value}", utc(signal.sent))?;
    }
    table.flush()
}

fn unreadable(out: &mut impl Write, unreadable: &[Unreadable]) -> io::Result<()> {
    if unreadable.is_empty() {
        return Ok(());
    }
    writeln!(out, "\nCANNOT BE READ")?;
    unreadable.iter().try_for_each(|part| writeln!(out, "{}", part.line()))
}
