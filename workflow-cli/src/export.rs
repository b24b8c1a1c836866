//! Writes a page about a run.

use std::fs;
use std::io::Write as _;

use workflow_graph::owned::OwnedGraph;
use workflow_journal::Record;
use workflow_runtime::Report;

use crate::arguments;
use crate::failure::Failure;
use crate::found::Found;
use crate::journal::Journal;
use crate::marks;
use crate::run::Run;
use crate::shown::count;

/// Records of steps with longer paths, in bytes, or inside more items, are not on a page. Each item
/// that contains a step is looked up by its own path.
const LONGEST_PATH: usize = 2_000;
const MOST_ITEMS: usize = 50;

pub(crate) async fn export(journal: &Journal, wanted: &arguments::Export) -> Result<(), Failure> {
    let run = journal.run(&wanted.id).await?;
    let found = Found::of(&*journal.store, &run.kept().id).await?;
    let unreadable = found.unreadable.len();
    let page = page(&run, found);
    if wanted.html == "-" {
        std::io::stdout().write_all(page.as_bytes())?;
    } else {
        fs::write(&wanted.html, page)
            .map_err(|error| Failure::File { path: wanted.html.as_str().into(), error })?;
    }
    match unreadable {
        0 => Ok(()),
        parts => Err(journal.unreadable(format!("{} of run `{}`", count(parts, "part"), run.id()))),
    }
}

/// Everything that can be read about the run, with a note for everything that cannot.
fn page(run: &Run, found: Found) -> String {
    let mut notes = Vec::new();
    let graph = marks::graph(&run.kept().graph, LONGEST_PATH).unwrap_or_else(|problem| {
        notes.push(problem);
        OwnedGraph { name: run.kept().workflow.clone(), ..OwnedGraph::default() }.leak()
    });
    let (records, left_out): (Vec<_>, Vec<_>) = found.records.into_iter().partition(fits);
    if !left_out.is_empty() {
        let records = count(left_out.len(), "record");
        notes.push(format!(
            "{records} left out: the path has more than {LONGEST_PATH} bytes, or is of a step in \
             more than {MOST_ITEMS} items"
        ));
    }
    notes.extend(found.unreadable.iter().map(|part| format!("cannot be read: {}", part.line())));
    let report = Report::recorded(Box::leak(Box::new(graph)), run.kept(), &records);
    notes.into_iter().fold(report, Report::noted).to_html()
}

fn fits(record: &Record) -> bool {
    record.path.len() <= LONGEST_PATH && record.path.matches('[').count() <= MOST_ITEMS
}
