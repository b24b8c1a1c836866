//! Starting a run without running it.

use crate::durable::identified::Identified;
use crate::durable::resume::around;
use crate::durable::{Handle, Inputs, Journal, JournalError};
use crate::graph::Graph;

/// The handle of a run of this workflow, whose nodes with these numbers are undone when it fails. Called by the code that `workflow!` generates.
#[must_use]
pub fn handle<W, T>(
    journal: &Journal,
    id: &str,
    (graph, module): (&'static Graph, &'static str),
    undone: &'static [usize],
) -> Handle<W, T> {
    let workflow = Identified { graph: Some(graph), module: around(module) };
    Handle::new(journal.clone(), id.into(), workflow, undone)
}

/// Records a run with these inputs, which the next process that resumes runs works on. Called by
/// the code that `workflow!` generates.
///
/// # Errors
///
/// If there is such a run with other inputs or of another workflow, if the id or an input cannot be
/// recorded, or if the store fails.
pub async fn start<W, T>(
    handle: Handle<W, T>,
    inputs: Inputs,
) -> Result<Handle<W, T>, JournalError> {
    let inputs = inputs.written(handle.id())?;
    handle.journal().create(handle.id(), &inputs, handle.workflow()).await?;
    Ok(handle)
}
