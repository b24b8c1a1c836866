//! Runs that were stopped half-way, and go on in a new journal on the same file.

use std::path::Path;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::stream::iter;
use tokio::sync::Notify;
use workflow_journal::SqliteStore;
use workflow_runtime::Journal;

use crate::Outcome;
use crate::chain::{Count, Outside, chain};
use crate::plan::{Plan, STEPS};
use crate::table::count;

const AT_ONCE: usize = 64;

pub(crate) async fn measure(plan: &Plan, folder: &Path) -> Outcome<()> {
    let file = folder.join("resume.db");
    leave_half_way(&file, plan.unfinished).await?;

    let start = Instant::now();
    let journal = Journal::open(&file).await?;
    let opened = start.elapsed();
    let runs = journal.unfinished(chain::GRAPH.name()).await?;
    let listed = start.elapsed();
    assert_eq!(runs.len(), plan.unfinished);
    let mut resumed = iter(runs)
        .map(|run| {
            let journal = journal.clone();
            tokio::spawn(async move { go_on(&journal, &run.id).await })
        })
        .buffer_unordered(AT_ONCE);
    while let Some(done) = resumed.next().await {
        done??;
    }
    let all = start.elapsed();
    assert!(journal.unfinished(chain::GRAPH.name()).await?.is_empty());

    let millis = |time: Duration| time.as_secs_f64() * 1000.0;
    println!("| | |\n|---|---:|");
    println!("| unfinished runs, {} of {STEPS} steps recorded | {} |", STEPS / 2, plan.unfinished);
    println!("| to open the journal | {:.1} ms |", millis(opened));
    println!("| to list them | {:.1} ms |", millis(listed.saturating_sub(opened)));
    println!(
        "| to go on with all to their ends, {AT_ONCE} at a time | {:.1} s |",
        all.as_secs_f64()
    );
    println!("| that is, a run | {:.3} ms |", millis(all) / count(plan.unfinished));
    Ok(())
}

async fn go_on(journal: &Journal, id: &str) -> Outcome<()> {
    let done = chain::resume(journal, id, &Outside::default()).await?;
    assert_eq!(done.steps, STEPS as u64);
    Ok(())
}

/// The lease of each run is given up: after a crash, it would first have to run out.
async fn leave_half_way(file: &Path, runs: usize) -> Outcome<()> {
    let journal = Journal::new(SqliteStore::options().full_sync(false).open(file).await?);
    let mut left = iter(0..runs)
        .map(|number| {
            let journal = journal.clone();
            tokio::spawn(async move { stop_half_way(&journal, &format!("run-{number}")).await })
        })
        .buffer_unordered(AT_ONCE);
    while let Some(stopped) = left.next().await {
        stopped??;
    }
    while journal.unfinished(chain::GRAPH.name()).await?.iter().any(|run| run.held.is_some()) {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Ok(())
}

async fn stop_half_way(journal: &Journal, id: &str) -> Outcome<()> {
    let half_way = Notify::new();
    let outside = Outside { half_way: Some(half_way) };
    let stopped = outside.half_way.iter().map(Notify::notified).next().ok_or("it is there")?;
    tokio::select! {
        done = journal.run(id, chain(&outside, Count { steps: 0 })) => {
            Err(format!("{id} did not stop: {done:?}").into())
        }
        () = stopped => Ok(()),
    }
}
