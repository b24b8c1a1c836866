//! Going on with a run by its id.

use crate::durable::{DurableOutput, DurableStep, Journal, JournalError, Stored};
use crate::graph::Graph;

/// Goes on with a run, given the call that its recorded inputs make. Called by the code that
/// `workflow!` generates.
pub async fn resume<S>(
    journal: &Journal,
    id: &str,
    graph: &Graph,
    call: impl FnOnce(&mut Stored) -> Result<S, JournalError>,
) -> <S::Output as DurableOutput>::Durable
where
    S: DurableStep,
    S::Output: DurableOutput,
{
    let called = match journal.stored(id, graph).await {
        Ok(mut stored) => call(&mut stored),
        Err(error) => Err(error),
    };
    match called {
        Ok(call) => journal.run(id, call).await,
        Err(error) => S::Output::failed(error),
    }
}
