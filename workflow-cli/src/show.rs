//! Shows one run.

use std::io::{self, Write};

use tabwriter::TabWriter;
use workflow_journal::{Kind, Record, Run, RunState, Signal, Timestamp};

use crate::arguments;
use crate::commands::holder;
use crate::failure::Failure;
use crate::journal::Journal;
use crate::json;
use crate::marks;
use crate::shown::{ago, coloured_state, cut, one_line, took, utc};

pub(crate) async fn show(journal: &Journal, wanted: &arguments::Show) -> Result<(), Failure> {
    let run = journal.run(&wanted.id).await?;
    let records = journal.store.records(&run.id).await.map_err(Failure::Store)?;
    let signals = journal.store.signals(&run.id).await.map_err(Failure::Store)?;
    if wanted.json {
        return json::print(&json::Whole::of(&run, &records, &signals));
    }
    let mut out = anstream::stdout();
    head(&mut out, &run, &records)?;
    if let Some(graph) = marks::graph(&run.graph) {
        writeln!(out, "\n{}", marks::picture(&graph, run.state, &records))?;
    }
    steps(&mut out, &records)?;
    sent(&mut out, &signals)?;
    Ok(out.flush()?)
}

fn head(out: &mut impl Write, run: &Run, records: &[Record]) -> io::Result<()> {
    let mut table = TabWriter::new(out).ansi(true);
    writeln!(table, "run\t{}", one_line(&run.id))?;
    writeln!(table, "workflow\t{}", one_line(&run.workflow))?;
    writeln!(table, "state\t{}", coloured_state(run))?;
    if let Some(error) = undone_for(records) {
        writeln!(table, "undone for\t{}", one_line(&error))?;
    }
    match (run.state, run.outcome.as_deref()) {
        (RunState::Failed | RunState::UndoFailed | RunState::Unfinished, Some(error)) => {
            let mut lines = error.lines();
            writeln!(table, "error\t{}", one_line(lines.next().unwrap_or_default()))?;
            for line in lines {
                writeln!(table, "\t{}", one_line(line))?;
            }
        }
        (_, Some(output)) => writeln!(table, "output\t{}", cut(output))?,
        (_, None) => {}
    }
    writeln!(table, "started\t{}, {}", utc(run.created), ago(run.created))?;
    writeln!(table, "changed\t{}, {}", utc(run.updated), ago(run.updated))?;
    match (holder(run), &run.held) {
        (Some(holder), Some((_, until))) => {
            writeln!(table, "held by\t{}, until {}", one_line(holder), utc(*until))?;
        }
        (_, Some((holder, until))) => {
            writeln!(table, "held by\tnobody: {} until {}", one_line(holder), utc(*until))?;
        }
        (_, None) => writeln!(table, "held by\tnobody")?,
    }
    writeln!(table, "inputs\t{}", cut(&run.inputs))?;
    table.flush()
}

/// Why a run that goes on is being undone.
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
        let (path, started) = (one_line(&record.path), utc(record.started));
        let took = took(record.started, record.finished);
        let (attempts, output) = (record.attempts, cut(&record.output));
        match record.kind {
            Kind::Step => writeln!(table, "{path}\t{started}\t{took}\t{attempts}\t{output}")?,
            Kind::Items => writeln!(table, "{path}\t{started}\t\t\t{output} items")?,
            Kind::Timer => {
                let until = output.parse().map_or(output, |until| utc(Timestamp(until)));
                writeln!(table, "{path}\t{started}\t\t\ttimer until {until}")?;
            }
            Kind::Failure => {
                let error = text(&record.output);
                writeln!(table, "{path}\t{started}\t{took}\t{attempts}\tfailed: {error}")?;
            }
            Kind::Compensation => {
                let undone = match &*record.output {
                    "null" => "undone".to_owned(),
                    error => format!("not undone: {}", text(error)),
                };
                writeln!(table, "{path}\t{started}\t{took}\t{attempts}\t{undone}")?;
            }
            Kind::Attempt => writeln!(table, "{path}\t{started}\t\t{attempts}\tbegun")?,
        }
    }
    table.flush()
}

/// An error, which is cut nowhere: it is what somebody looks for.
fn text(json: &str) -> String {
    one_line(&serde_json::from_str::<String>(json).unwrap_or_else(|_| json.to_owned()))
}

fn sent(out: &mut impl Write, signals: &[Signal]) -> io::Result<()> {
    if signals.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let mut table = TabWriter::new(out);
    writeln!(table, "SIGNAL\tSENT\tVALUE")?;
    for signal in signals {
        writeln!(
            table,
            "{}\t{}\t{}",
            one_line(&signal.name),
            utc(signal.sent),
            cut(&signal.value)
        )?;
    }
    table.flush()
}
