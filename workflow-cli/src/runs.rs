//! `workflow runs`.

use std::io::{self, Write};

use tabwriter::TabWriter;
use workflow_journal as kept;
use workflow_journal::{Filter, StoreError, Timestamp};

use crate::arguments::{self, Limit};
use crate::failure::Failure;
use crate::journal::Journal;
use crate::json;
use crate::run::Run;
use crate::shown::{Text, age, ago, bytes, count, name, thousands, utc, word};

pub(crate) async fn runs(journal: &Journal, wanted: arguments::Runs) -> Result<(), Failure> {
    let most = match wanted.limit {
        Limit::All => None,
        Limit::Most(most) => Some(most),
    };
    let mut filter = Filter::default();
    filter.workflow = wanted.workflow;
    filter.state = wanted.state;
    filter.updated_before = wanted.older_than.map(|age| Timestamp::now().before(age));
    if let Some(id) = wanted.after {
        let moment = match wanted.changed_at {
            Some(moment) => moment,
            None => journal.run(&id).await?.kept().updated,
        };
        filter = filter.after(moment, id);
    }
    // Asking for one more tells whether there are more.
    filter.limit = most.map(|most| most.saturating_add(1));
    let mut listed = Listed::of(journal.store.runs_found(&filter).await?, most);
    if wanted.sizes {
        let ids: Vec<_> = listed.runs.iter().map(|run| run.kept().id.clone()).collect();
        listed.sizes = Some(journal.store.sizes(&ids).await?);
    }
    if wanted.json {
        json::print(&listed.json())?;
    } else if !listed.runs.is_empty() {
        listed.write_table(anstream::stdout())?;
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
    /// How many bytes the records of each take, if that is shown.
    sizes: Option<Vec<u64>>,
    /// Why the others are not shown.
    unreadable: Vec<StoreError>,
    /// The limit, if there are more runs than that.
    limit: Option<usize>,
}

impl Listed {
    fn of(mut rows: Vec<Result<kept::StoredRun, StoreError>>, most: Option<usize>) -> Self {
        let limit = most.filter(|most| rows.len() > *most);
        rows.truncate(most.unwrap_or(usize::MAX));
        let mut listed = Self { runs: Vec::new(), sizes: None, unreadable: Vec::new(), limit };
        for row in rows {
            match row {
                Ok(run) => listed.runs.push(run.into()),
                Err(error) => listed.unreadable.push(error),
            }
        }
        listed
    }

    fn json(&self) -> Vec<json::Run<'_>> {
        let runs = self.runs.iter().enumerate();
        runs.map(|(index, run)| json::Run::of(run).with_size(self.size(index))).collect()
    }

    fn size(&self, index: usize) -> Option<u64> {
        self.sizes.as_ref()?.get(index).copied()
    }

    fn write_table(&self, out: impl Write) -> io::Result<()> {
        let mut table = TabWriter::new(out).ansi(true);
        let size = if self.sizes.is_some() { "SIZE\t" } else { "" };
        writeln!(table, "ID\tWORKFLOW\tSTATE\tAGE\tCHANGED\t{size}HELD BY")?;
        for (index, run) in self.runs.iter().enumerate() {
            let size = self.size(index).map(|size| format!("{}\t", bytes(size)));
            writeln!(
                table,
                "{}\t{}\t{}\t{}\t{}\t{}{}",
                run.id(),
                run.workflow(),
                run.coloured_state(),
                age(run.kept().created),
                ago(run.kept().updated),
                size.unwrap_or_default(),
                run.holder().as_deref().unwrap_or("-"),
            )?;
        }
        table.flush()
    }

    /// The notes that accompany the table.
    fn notes(&self, json: bool) -> Vec<String> {
        let unreadable = self.unreadable.iter().map(|error| match error {
            StoreError::Corrupt { run, problem, .. } => cannot_be_read(run, problem),
            error => Text::from(error.to_string()).to_string(),
        });
        let mut notes: Vec<_> = unreadable.collect();
        if let Some(limit) = self.limit {
            let next = self.next_page().unwrap_or_else(|| {
                format!("`--limit {}` lists more", limit.saturating_mul(10).max(100))
            });
            let shown = thousands(limit);
            notes.push(format!(
                "there are more than these {shown}: {next}, `--limit all` lists all"
            ));
        }
        if notes.is_empty() && self.runs.is_empty() && !json {
            notes.push("no runs".to_owned());
        }
        notes
    }

    /// How the next page is listed.
    fn next_page(&self) -> Option<String> {
        let last = self.runs.last()?.kept();
        let id = word(&last.id)?;
        // Otherwise it would look like an option.
        let equals = if id.starts_with('-') { "=" } else { " " };
        Some(format!("`--after{equals}{id} --changed-at {}` lists the next", utc(last.updated)))
    }
}

/// The note about a run that cannot be read.
pub(crate) fn cannot_be_read(run: &str, problem: &str) -> String {
    format!("run `{}` cannot be read: {}", name(run), Text::from(problem))
}

#[cfg(test)]
mod tests {
    use workflow_journal::{self as kept, StoreError, Timestamp};

    use super::Listed;

    fn run(id: &str) -> kept::StoredRun {
        kept::StoredRun::new(kept::NewRun::new(id, "checkout", "{}", "{}"), Timestamp(1234))
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
        listed.write_table(&mut table).unwrap();
        let table = String::from_utf8(table).unwrap();
        let ids: Vec<_> = table.lines().filter_map(|line| line.split(' ').next()).collect();
        assert_eq!(ids, ["ID", "a", "c"]);
        assert_eq!(
            listed.notes(false),
            [
                "run `b\\u{1b}` cannot be read: invalid utf-8\\u{9b}",
                "there are more than these 3: `--after c --changed-at 1970-01-01T00:00:01.234Z` lists \
                 the next, `--limit all` lists all",
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
    fn the_next_page_is_named_where_a_terminal_can_show_it() {
        for (id, next) in [
            ("cart-1", Some("--after cart-1 --changed-at")),
            ("-x", Some("--after=-x --changed-at")),
            ("it's", Some("--after 'it'\\''s' --changed-at")),
            ("\u{1b}", None),
        ] {
            let listed = Listed::of(vec![Ok(run(id)), Ok(run("more"))], Some(1));
            let note = listed.notes(false).concat();
            assert!(note.contains(next.unwrap_or("`--limit 100` lists more")), "{note}");
        }
        let none = Listed::of(vec![Ok(run("more"))], Some(0)).notes(false).concat();
        assert!(none.contains("`--limit 100` lists more"), "{none}");
    }
}
