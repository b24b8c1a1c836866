//! Resuming a run by its id.

use std::collections::HashSet;

use futures_util::{StreamExt, stream};
use workflow_journal::StoredRun;

use crate::durable::{DurableError, DurableOutput, DurableStep, Journal, JournalError, Stored};
use crate::graph::Graph;

/// Resumes a run with the call that is made from its recorded inputs. Called by the code that
/// `workflow!` generates.
pub async fn resume<S>(
    journal: &Journal,
    id: &str,
    (graph, module): (&'static Graph, &'static str),
    call: impl FnOnce(&mut Stored) -> Result<S, JournalError>,
) -> <S::Output as DurableOutput>::Durable
where
    S: DurableStep,
    S::Output: DurableOutput,
{
    let called = match journal.stored(id, graph, around(module)).await {
        Ok(mut stored) => call(&mut stored),
        Err(error) => Err(error),
    };
    match called {
        Ok(call) => journal.go_on_with(id, call).await,
        Err(error) => S::Output::failed(error),
    }
}

/// Resumes all unfinished runs of a workflow. Called by the code that `workflow!` generates.
///
/// # Errors
///
/// If the store cannot list the runs.
pub async fn resume_all<T, E, F>(
    journal: &Journal,
    graph: &Graph,
    resume: impl Fn(String) -> F,
) -> Result<Vec<(String, Result<T, DurableError<E>>)>, JournalError>
where
    F: Future<Output = (String, Result<T, DurableError<E>>)>,
{
    let mut runs = journal.unfinished(graph.name()).await?;
    for path in graph.former_names() {
        let name = path.rsplit("::").next().unwrap_or(path);
        runs.extend(journal.unfinished(name).await?);
    }
    // The same name may be given for several modules.
    let mut seen = HashSet::new();
    runs.retain(|run| seen.insert(run.id.clone()));
    let all = runs.into_iter().map(|run| until_free(journal, run, &resume));
    let ended = stream::iter(all).buffer_unordered(AT_ONCE);
    // A workflow of the same name in another module has runs as well.
    let own = ended.filter(|(_, come_to)| std::future::ready(!is_of_another(come_to)));
    Ok(own.collect().await)
}

fn is_of_another<T, E>(come_to: &Result<T, DurableError<E>>) -> bool {
    matches!(come_to, Err(DurableError::Journal(JournalError::OtherWorkflow { .. })))
}

/// The number of runs that are resumed at the same time.
const AT_ONCE: usize = 64;

/// Resumes a run as soon as the process that holds it has died. A process that is alive renews its
/// lease, and keeps the run.
async fn until_free<T, E, F>(
    journal: &Journal,
    run: StoredRun,
    resume: &impl Fn(String) -> F,
) -> (String, Result<T, DurableError<E>>)
where
    F: Future<Output = (String, Result<T, DurableError<E>>)>,
{
    let seen = run.held;
    loop {
        let (id, come_to) = resume(run.id.clone()).await;
        if !matches!(&come_to, Err(DurableError::Journal(JournalError::Busy { .. }))) {
            return (id, come_to);
        }
        match journal.free_in(&id, seen.as_ref()).await {
            Some(wait) => journal.pause(wait).await,
            None => return (id, come_to),
        }
    }
}

/// The module around the one that is generated for a workflow.
pub(super) fn around(module: &'static str) -> &'static str {
    module.rsplit_once("::").map_or("", |(around, _)| around)
}
