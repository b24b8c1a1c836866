//! What each command does.

use std::io::{Read as _, Write as _};

use clap::CommandFactory as _;
use clap::error::ErrorKind;
use workflow_journal::{SentSignal, StoredState, Timestamp};

use crate::arguments::{self, Arguments, Command};
use crate::delete::{delete, vacuum};
use crate::export::export;
use crate::failure::Failure;
use crate::found::Found;
use crate::journal::Journal;
use crate::run::Run;
use crate::runs::runs;
use crate::show::show;
use crate::shown::{Text, has_failed_undoing, name};
use crate::sweep::sweep;
use crate::waits;

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
        Command::Delete(wanted) => delete(&journal, &wanted.id).await,
        Command::Sweep(wanted) => sweep(&journal, &wanted).await,
        Command::Vacuum => vacuum(&journal).await,
    }
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
        return Err(Failure::NoJson { name: name.into(), run: id.into(), error });
    }
    // If the records cannot be read, the name may be right.
    if let Some(run) = journal.store.run(&id).await?
        && let Ok(records) = journal.store.records(&id).await
        && let Some(problem) = waits::refusal(&name, &waits::waits_for(&run, &records))
    {
        return Err(journal.refused(&id, problem));
    }
    let signal = SentSignal::new(&name, value, Timestamp::now());
    journal.done(&id, journal.store.send(&id, signal).await)?;
    let run = journal.store.run(&id).await?;
    let waits = if run.is_some() { "" } else { ", which has not been started yet" };
    let (name, id) = (Text::from(name), Text::from(id));
    writeln!(anstream::stdout(), "sent signal `{name}` to run `{id}`{waits}")?;
    Ok(())
}

async fn retry(journal: &Journal, id: &str) -> Result<(), Failure> {
    let run = journal.run(id).await?;
    if run.state() == StoredState::Unfinished {
        return Err(journal.refused(id, "has not failed: it is unfinished".to_owned()));
    }
    refuse_ended(journal, &run)?;
    let found = Found::of(&*journal.store, id).await?;
    journal.done(id, journal.store.retry(id).await)?;
    let next = if has_failed_undoing(run.state()) {
        what_is_tried_again(&found.not_undone())
    } else {
        String::new()
    };
    writeln!(
        anstream::stdout(),
        "run `{}` is unfinished again: whoever goes on with unfinished runs of `{}` takes it up{next}",
        run.id(),
        run.workflow(),
    )?;
    Ok(())
}

/// What happens next to a run whose undoing has failed, as the end of a sentence.
fn what_is_tried_again(not_undone: &[&str]) -> String {
    /// At most this many are named.
    const NAMED: usize = 3;
    let named: Vec<_> =
        not_undone.iter().take(NAMED).map(|path| format!("`{}`", name(path))).collect();
    let steps = match not_undone.len() {
        0 => "what it has done".to_owned(),
        steps if steps > NAMED => format!("{} and {} more", named.join(", "), steps - NAMED),
        _ => named.join(", "),
    };
    format!(", and tries again to undo {steps}")
}

async fn cancel(journal: &Journal, id: &str) -> Result<(), Failure> {
    let run = journal.run(id).await?;
    refuse_ended(journal, &run)?;
    journal.done(id, journal.store.cancel(id).await)?;
    let who = match run.holder() {
        Some(holder) => format!("{holder} cancels it soon"),
        None if has_failed_undoing(run.state()) => {
            "its undoing has failed, so nobody takes it up before `retry`".to_owned()
        }
        None if run.state() == StoredState::Failed => {
            "it has failed, so nobody takes it up before `retry`".to_owned()
        }
        None => "whoever goes on with it cancels it".to_owned(),
    };
    writeln!(anstream::stdout(), "asked for run `{}` to be cancelled: {who}", run.id())?;
    Ok(())
}

fn refuse_ended(journal: &Journal, run: &Run) -> Result<(), Failure> {
    match run.state() {
        StoredState::Completed => Err(journal.refused(&run.kept().id, "has completed".to_owned())),
        StoredState::Cancelled => Err(journal.refused(&run.kept().id, "was cancelled".to_owned())),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::what_is_tried_again;

    #[test]
    fn says_what_is_tried_again() {
        for (not_undone, said) in [
            (&[][..], ", and tries again to undo what it has done"),
            (&["payment"], ", and tries again to undo `payment`"),
            (
                &["a", "b", "c\u{7}", "d"],
                ", and tries again to undo `a`, `b`, `c\\u{7}` and 1 more",
            ),
        ] {
            assert_eq!(what_is_tried_again(not_undone), said);
        }
    }
}
