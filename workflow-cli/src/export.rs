//! Writes a page about a run.

use std::fs;
use std::io::Write as _;

use workflow_runtime::Report;

use crate::arguments;
use crate::failure::Failure;
use crate::journal::Journal;
use crate::marks;

pub(crate) async fn export(journal: &Journal, wanted: &arguments::Export) -> Result<(), Failure> {
    let run = journal.run(&wanted.id).await?;
    let Some(graph) = marks::graph(&run.graph) else {
        return Err(journal.refused(&run.id, "has no graph that can be read".to_owned()));
    };
    let records = journal.store.records(&run.id).await.map_err(Failure::Store)?;
    let page = Report::recorded(Box::leak(Box::new(graph)), &run, &records).to_html();
    if wanted.html == "-" {
        return Ok(std::io::stdout().write_all(page.as_bytes())?);
    }
    fs::write(&wanted.html, page)
        .map_err(|error| Failure::File { path: wanted.html.clone(), error })
}
