//! `workflow sweep`.

use std::collections::BTreeMap;
use std::io::Write as _;

use workflow_journal::{Filter, StoreError, StoredState};

use crate::arguments;
use crate::failure::Failure;
use crate::journal::Journal;
use crate::runs::cannot_be_read;
use crate::shown::{count, thousands};

/// The number of runs that are deleted at once.
const AT_ONCE: usize = 100;

pub(crate) async fn sweep(journal: &Journal, wanted: &arguments::Sweep) -> Result<(), Failure> {
    let now = journal.store.now().await?;
    let mut sweep = Sweep { journal, dry_run: wanted.dry_run, unreadable: BTreeMap::new() };
    for (state, age) in [
        (StoredState::Completed, wanted.completed),
        (StoredState::Failed, wanted.failed),
        (StoredState::Cancelled, wanted.cancelled),
    ] {
        let Some(age) = age else { continue };
        let mut filter = Filter::default().state(state).updated_before(now.before(age));
        filter.workflow.clone_from(&wanted.workflow);
        let mut runs = 0;
        let swept = sweep.all(filter, &mut runs).await;
        let verb = if wanted.dry_run { "would delete" } else { "deleted" };
        let noun = if runs == 1 { "run" } else { "runs" };
        writeln!(anstream::stdout(), "{verb} {} {} {noun}", thousands(runs), state.name())?;
        swept?;
    }
    let mut notes = anstream::stderr();
    sweep.unreadable.values().try_for_each(|note| writeln!(notes, "{note}"))?;
    match sweep.unreadable.len() {
        0 => Ok(()),
        runs => Err(journal.unreadable(count(runs, "run"))),
    }
}

struct Sweep<'a> {
    journal: &'a Journal,
    dry_run: bool,
    /// Why runs were left, by their ids.
    unreadable: BTreeMap<String, String>,
}

impl Sweep<'_> {
    /// Deletes all runs that match, and counts them.
    async fn all(&mut self, filter: Filter, runs: &mut usize) -> Result<(), Failure> {
        let store = &self.journal.store;
        let mut page = filter.limit(AT_ONCE);
        loop {
            let found = store.runs_found(&page).await?;
            let is_last = found.len() < AT_ONCE;
            let (mut ids, mut last) = (Vec::new(), None);
            for run in found {
                match run {
                    Ok(run) => {
                        last = Some((run.updated, run.id.clone()));
                        ids.push(run.id);
                    }
                    Err(StoreError::Corrupt { run, problem, .. }) => {
                        let note = cannot_be_read(&run, &problem);
                        self.unreadable.insert(run, note);
                    }
                    Err(error) => return Err(error.into()),
                }
            }
            *runs += if self.dry_run { ids.len() } else { store.delete(&ids).await? };
            // Not from the front, where those are that stay.
            match last {
                Some((moment, id)) if !is_last => page = page.after(moment, id),
                _ => return Ok(()),
            }
        }
    }
}
