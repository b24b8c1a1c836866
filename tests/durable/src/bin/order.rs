//! The process that the tests kill, stop and start again. Its argument is a `Task`; for each run
//! it writes an `Ended`.

use std::error::Error;
use std::sync::OnceLock;
use std::time::Duration;

use tokio::task::JoinSet;
use workflow_durable_tests::{
    Counted, Ended, Leave, Refused, Shop, Struck, Task, Token, order, rush,
};
use workflow_journal::{JournalStore, SqliteStore, StoredState};
use workflow_runtime::{DurableError, Journal, JournalError};

/// Never dropped, as in many servers: nothing but the end of its runs gives their leases up.
static JOURNAL: OnceLock<Journal> = OnceLock::new();

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let task = std::env::args().nth(1).ok_or("the argument is what to do")?;
    let task: Task = serde_json::from_str(&task)?;
    let (store, counted) = (SqliteStore::open(task.journal()).await?, Counted::default());
    let struck = Struck::new(store.clone(), &task, counted.clone());
    let journal = JOURNAL.get_or_init(|| Journal::new(struck).lease(task.lease));

    let mut runs = JoinSet::new();
    for run in &task.runs {
        let shop = Shop::open(&task.log(), task.sells, task.fails.clone())?;
        let (store, run, task) = (store.clone(), run.clone(), task.clone());
        runs.spawn(async move {
            let result = finish(journal, &store, &run, &shop, &task).await;
            let result = result.map_err(|error| error.to_string());
            (run, result)
        });
    }
    if let Some((leave, after)) = task.leave {
        while counted.calls() < after {
            tokio::task::yield_now().await;
        }
        match leave {
            Leave::Return => return Ok(()),
            Leave::Close => journal.close().await,
        }
    }
    while let Some(ended) = runs.join_next().await {
        let (run, result) = ended?;
        println!("{}", serde_json::to_string(&Ended { run, result, calls: counted.calls() })?);
    }
    Ok(())
}

/// Takes a run up as soon as nobody else works on it. One that has failed stays so, unless the
/// shop sells now.
async fn finish(
    journal: &Journal,
    store: &SqliteStore,
    run: &str,
    shop: &Shop,
    task: &Task,
) -> Result<Token, DurableError<Refused>> {
    loop {
        let stored = store.run(run).await.map_err(JournalError::from)?;
        let fails = !task.sells || task.fails.is_some();
        if fails && stored.is_some_and(|stored| stored.state == StoredState::Failed) {
            return Err(DurableError::Workflow(Refused));
        }
        let cart = task.cart.clone();
        let result = if task.rush {
            journal.run(run, rush(shop, cart)).await
        } else {
            journal.run(run, order(shop, cart)).await
        };
        match result {
            Err(DurableError::Journal(JournalError::Busy { .. })) => {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            result => return result,
        }
    }
}
