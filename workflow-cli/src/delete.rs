//! `workflow delete` and `workflow vacuum`.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use workflow_journal::StoredState;

use crate::failure::Failure;
use crate::journal::Journal;
use crate::shown::{Text, bytes};

pub(crate) async fn delete(journal: &Journal, id: &str) -> Result<(), Failure> {
    // Asked for at once, since a run that cannot be read can be deleted nevertheless.
    if journal.store.delete(&[id.to_owned()]).await? == 0 {
        let run = journal.run(id).await?;
        let problem = match run.state() {
            StoredState::Unfinished if run.kept().cancel => {
                "is still to be cancelled: it can be deleted when that is done"
            }
            _ => "is unfinished: cancel it first",
        };
        return Err(journal.refused(id, problem.to_owned()));
    }
    writeln!(anstream::stdout(), "deleted run `{}`", Text::from(id))?;
    Ok(())
}

pub(crate) async fn vacuum(journal: &Journal) -> Result<(), Failure> {
    let mut out = anstream::stdout();
    let Some(file) = &journal.file else {
        let own = "PostgreSQL uses the space of deleted runs again by itself: nothing is done here";
        writeln!(out, "{own}")?;
        return Ok(());
    };
    let before = size(file);
    journal.store.vacuum().await?;
    let (place, after) = (&journal.place, size(file));
    writeln!(out, "`{place}` takes {} now, and took {} before", bytes(after), bytes(before))?;
    Ok(())
}

fn size(file: &Path) -> u64 {
    fs::metadata(file).map_or(0, |file| file.len())
}
