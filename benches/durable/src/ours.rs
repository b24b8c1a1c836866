//! Runs through a journal.

use std::time::{Duration, Instant};

use workflow_runtime::Journal;

use crate::Outcome;
use crate::chain::{Count, Outside, chain};
use crate::plan::STEPS;

/// Times `at_once` places, each of which does `each` runs.
pub(crate) async fn time(
    journal: &Journal,
    round: &str,
    at_once: usize,
    each: usize,
) -> Outcome<Duration> {
    let start = Instant::now();
    let tasks: Vec<_> = (0..at_once)
        .map(|place| {
            let (journal, round) = (journal.clone(), round.to_owned());
            tokio::spawn(async move {
                for number in 0..each {
                    one(&journal, &format!("run-{round}-{place}-{number}")).await?;
                }
                Outcome::Ok(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    Ok(start.elapsed())
}

pub(crate) async fn one(journal: &Journal, id: &str) -> Outcome<()> {
    let outside = Outside::default();
    let done = journal.run(id, chain(&outside, Count { steps: 0 })).await?;
    assert_eq!(done.steps, STEPS as u64);
    Ok(())
}
