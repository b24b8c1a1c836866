//! What each command does.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use clap::CommandFactory as _;
use clap::error::ErrorKind;
use tabwriter::TabWriter;
use workflow_journal::{Filter, Run, RunState, Signal as Sent, Timestamp};

use crate::arguments::{self, Arguments, Command};
use crate::export::export;
use crate::failure::Failure;
use crate::journal::Journal;
use crate::json;
use crate::show::show;
use crate::shown::{age, ago, coloured_state, one_line};

pub(crate) async fn run(arguments: Arguments) -> Result<(), Failure> {
    let Some(place) = arguments.journal.filter(|place| !place.is_empty()) else {
        let message = "no journal: give `--journal PATH|URL`, or set WORKFLOW_JOURNAL";
        Arguments::command().error(ErrorKind::MissingRequiredArgument, message).exit();
    };
    let journal = Journal::open(&place).await?;
    match arguments.command {
        Command::Runs(wanted) => runs(&journal, wanted).await,
        Command::Show(wanted) => show(&journal, &wanted).await,
        Command::Signal(wanted) => signal(&journal, wanted).await,
        Command::Retry(wanted) => retry(&journal, &wanted.id).await,
        Command::Cancel(wanted) => cancel(&journal, &wanted.id).await,
        Command::Export(wanted) => export(&journal, &wanted).await,
    }
}

async fn runs(journal: &Journal, wanted: arguments::Runs) -> Result<(), Failure> {
    let filter = Filter {
        workflow: wanted.workflow,
        state: wanted.state,
        updated_before: wanted.older_than.map(before_now),
        limit: wanted.limit,
    };
    let runs = journal.store.runs(&filter).await.map_err(Failure::Store)?;
    if wanted.json {
        return json::print(&runs.iter().map(json::Run::of).collect::<Vec<_>>());
    }
    if runs.is_empty() {
        writeln!(anstream::stderr(), "no runs")?;
        return Ok(());
    }
    let mut table = TabWriter::new(anstream::stdout()).ansi(true);
    writeln!(table, "ID\tWORKFLOW\tSTATE\tAGE\tCHANGED\tHELD BY")?;
    for run in &runs {
        writeln!(
            table,
            "{}\t{}\t{}\t{}\t{}\t{}",
            one_line(&run.id),
            one_line(&run.workflow),
            coloured_state(run),
            age(run.created),
            ago(run.updated),
            holder(run).map_or_else(|| "-".to_owned(), one_line),
        )?;
    }
    Ok(table.flush()?)
}

/// Who holds the run now.
pub(crate) fn holder(run: &Run) -> Option<&str> {
    let (holder, until) = run.held.as_ref()?;
    (*until > Timestamp::now()).then_some(holder)
}

fn before_now(age: Duration) -> Timestamp {
    let millis = i64::try_from(age.as_millis()).unwrap_or(i64::MAX);
    Timestamp(Timestamp::now().0.saturating_sub(millis))
}

async fn signal(journal: &Journal, wanted: arguments::Signal) -> Result<(), Failure> {
    let arguments::Signal { id, name, json } = wanted;
    let value = if json == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(Failure::Input)?;
        text
    } else {
        json
    };
    let value = value.trim();
    if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(value) {
        return Err(Failure::NoJson { name, run: id, error });
    }
    let signal = Sent { name: name.clone(), value: value.to_owned(), sent: Timestamp::now() };
    journal.done(&id, journal.store.send(&id, signal).await)?;
    let run = journal.store.run(&id).await.map_err(Failure::Store)?;
    let waits = if run.is_some() { "" } else { ", which has not been started yet" };
    writeln!(anstream::stdout(), "sent signal `{name}` to run `{id}`{waits}")?;
    Ok(())
}

async fn retry(journal: &Journal, id: &str) -> Result<(), Failure> {
    let run = journal.run(id).await?;
    if run.state == RunState::Unfinished {
        return Err(journal.refused(id, "has not failed: it is unfinished".to_owned()));
    }
    refuse_ended(journal, &run)?;
    journal.done(id, journal.store.retry(id).await)?;
    writeln!(
        anstream::stdout(),
        "run `{id}` is unfinished again: whoever goes on with unfinished runs of `{}` takes it up",
        run.workflow
    )?;
    Ok(())
}

async fn cancel(journal: &Journal, id: &str) -> Result<(), Failure> {
    let run = journal.run(id).await?;
    refuse_ended(journal, &run)?;
    journal.done(id, journal.store.cancel(id).await)?;
    let who = match holder(&run) {
        Some(holder) => format!("{holder} cancels it soon"),
        None if matches!(run.state, RunState::Failed | RunState::UndoFailed) => {
            "it has failed, so nobody takes it up before `retry`".to_owned()
        }
        None => "whoever goes on with it cancels it".to_owned(),
    };
    writeln!(anstream::stdout(), "asked for run `{id}` to be cancelled: {who}")?;
    Ok(())
}

fn refuse_ended(journal: &Journal, run: &Run) -> Result<(), Failure> {
    match run.state {
        RunState::Completed => Err(journal.refused(&run.id, "has completed".to_owned())),
        RunState::Cancelled => Err(journal.refused(&run.id, "was cancelled".to_owned())),
        RunState::Unfinished | RunState::Failed | RunState::UndoFailed => Ok(()),
    }
}
