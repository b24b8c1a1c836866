//! What each command does.

use std::io::{self, Read as _, Write};
use std::time::Duration;

use clap::CommandFactory as _;
use clap::error::ErrorKind;
use tabwriter::TabWriter;
use workflow_journal as kept;
use workflow_journal::{Filter, SentSignal, StoreError, StoredState, Timestamp};

use crate::arguments::{self, Arguments, Command, Limit};
use crate::export::export;
use crate::failure::Failure;
use crate::found::Found;
use crate::journal::Journal;
use crate::json;
use crate::run::Run;
use crate::show::show;
use crate::shown::{Text, age, ago, count, has_failed_undoing, name, thousands};
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
    }
}

async fn runs(journal: &Journal, wanted: arguments::Runs) -> Result<(), Failure> {
    let most = match wanted.limit {
        Limit::All => None,
        Limit::Most(most) => Some(most),
    };
    let mut filter = Filter::default();
    filter.workflow = wanted.workflow;
    filter.state = wanted.state;
    filter.updated_before = wanted.older_than.map(before_now);
    // Asking for one more tells whether there are more.
    filter.limit = most.map(|most| most.saturating_add(1));
    let listed = Listed::of(journal.store.runs_found(&filter).await?, most);
    if wanted.json {
        json::print(&listed.runs.iter().map(json::Run::of).collect::<Vec<_>>())?;
    } else if !listed.runs.is_empty() {
        write_table(anstream::stdout(), &listed.runs)?;
    }
    let mut notes = anstream::stderr();
    listed.notes(wanted.json).iter().try_for_each(|note| writeln!(notes, "{note}"))?;
    match listed.unreadable.len() {
        0 => Ok(()),
        runs => Err(journal.unreadable(count(runs, "run"))),
    }
}

/// The runs that are shown.
struct Listed {
    runs: Vec<Run>,
    /// Why the others are not shown.
    unreadable: Vec<StoreError>,
    /// The limit, if there are more runs than that.
    limit: Option<usize>,
}

impl Listed {
    fn of(mut rows: Vec<Result<kept::StoredRun, StoreError>>, most: Option<usize>) -> Self {
        let limit = most.filter(|most| rows.len() > *most);
        rows.truncate(most.unwrap_or(usize::MAX));
        let mut listed = Self { runs: Vec::new(), unreadable: Vec::new(), limit };
        for row in rows {
            match row {
                Ok(run) => listed.runs.push(run.into()),
                Err(error) => listed.unreadable.push(error),
            }
        }
        listed
    }

    /// The notes that accompany the table.
    fn notes(&self, json: bool) -> Vec<String> {
        let unreadable = self.unreadable.iter().map(|error| match error {
            StoreError::Corrupt { run, problem, .. } => {
                format!("run `{}` cannot be read: {}", name(run), Text::from(&**problem))
            }
            error => Text::from(error.to_string()).to_string(),
        });
        let mut notes: Vec<_> = unreadable.collect();
        if let Some(limit) = self.limit {
            let shown = thousands(limit);
            notes.push(format!(
                "there are more than these {shown}: `--limit {}` lists more, `--limit all` lists all",
                limit.saturating_mul(10).max(100)
            ));
        }
        if notes.is_empty() && self.runs.is_empty() && !json {
            notes.push("no runs".to_owned());
        }
        notes
    }
}

fn write_table(out: impl Write, runs: &[Run]) -> io::Result<()> {
    let mut table = TabWriter::new(out).ansi(true);
    writeln!(table, "ID\tWORKFLOW\tSTATE\tAGE\tCHANGED\tHELD BY")?;
    for run in runs {
        writeln!(
            table,
            "{}\t{}\t{}\t{}\t{}\t{}",
            run.id(),
            run.workflow(),
            run.coloured_state(),
            age(run.kept().created),
            ago(run.kept().updated),
            run.holder().as_deref().unwrap_or("-"),
        )?;
    }
    table.flush()
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
    use workflow_journal::{self as kept, StoreError, Timestamp};

    use super::{Listed, what_is_tried_again, write_table};

    fn run(id: &str) -> kept::StoredRun {
        kept::StoredRun::new(kept::NewRun::new(id, "checkout", "{}", "{}"), Timestamp::now())
    }

    fn damage(id: &str) -> Result<kept::StoredRun, StoreError> {
        let problem = "invalid utf-8\u{9b}".to_owned();
        Err(StoreError::Corrupt { run: id.to_owned(), path: String::new(), problem })
    }

    #[test]
    fn runs_that_cannot_be_read_are_named_beside_the_others() {
        let rows = vec![Ok(run("a")), damage("b\u{1b}"), Ok(run("c")), Ok(run("d"))];
        let listed = Listed::of(rows, Some(3));
        let mut table = Vec::new();
        write_table(&mut table, &listed.runs).unwrap();
        let table = String::from_utf8(table).unwrap();
        let ids: Vec<_> = table.lines().filter_map(|line| line.split(' ').next()).collect();
        assert_eq!(ids, ["ID", "a", "c"]);
        assert_eq!(
            listed.notes(false),
            [
                "run `b\\u{1b}` cannot be read: invalid utf-8\\u{9b}",
                "there are more than these 3: `--limit 100` lists more, `--limit all` lists all",
            ]
        );
    }

    #[test]
    fn nothing_is_said_where_all_is_shown() {
        assert_eq!(Listed::of(vec![Ok(run("a"))], Some(1)).notes(false), [""; 0]);
        assert_eq!(Listed::of(vec![Ok(run("a"))], None).notes(true), [""; 0]);
        assert_eq!(Listed::of(Vec::new(), Some(1)).notes(false), ["no runs"]);
        assert_eq!(Listed::of(Vec::new(), Some(1)).notes(true), [""; 0]);
        let only = Listed::of(vec![damage("a")], None);
        assert_eq!(only.notes(false).len(), 1, "it does not say that there is no run");
    }

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
