//! Times runs of twenty steps in duroxide: `FILE RUNS-AT-ONCE RUNS-EACH [tuned]`. Prints the
//! seconds.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use duroxide::providers::sqlite::SqliteProvider;
use duroxide::runtime::registry::ActivityRegistry;
use duroxide::runtime::{Runtime, RuntimeOptions};
use duroxide::{
    ActivityContext, Client, OrchestrationContext, OrchestrationRegistry, OrchestrationStatus,
};

const STEPS: u64 = 20;
const PATIENCE: Duration = Duration::from_mins(10);

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Outcome<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let [file, at_once, each, rest @ ..] = arguments.as_slice() else {
        return Err("call it as FILE RUNS-AT-ONCE RUNS-EACH [tuned]".into());
    };
    let (at_once, each) = (at_once.parse()?, each.parse()?);
    let options = if rest.iter().any(|word| word == "tuned") {
        tuned(at_once)
    } else {
        RuntimeOptions::default()
    };

    let store = Arc::new(SqliteProvider::new(&format!("sqlite:{file}?mode=rwc"), None).await?);
    let activities = ActivityRegistry::builder().register("add", add).build();
    let orchestrations = OrchestrationRegistry::builder().register("chain", chain).build();
    let runtime =
        Runtime::start_with_options(store.clone(), activities, orchestrations, options).await;
    let client = Arc::new(Client::new(store));

    run(&client, "warm-up".to_owned()).await?;
    let start = Instant::now();
    let tasks: Vec<_> = (0..at_once)
        .map(|task| {
            let client = Arc::clone(&client);
            tokio::spawn(async move {
                for number in 0..each {
                    run(&client, format!("run-{task}-{number}")).await?;
                }
                Outcome::Ok(())
            })
        })
        .collect();
    for task in tasks {
        task.await??;
    }
    println!("{}", start.elapsed().as_secs_f64());
    runtime.shutdown(None).await;
    Ok(())
}

/// As many workers as there are runs, and hardly a pause between two looks for work.
fn tuned(at_once: usize) -> RuntimeOptions {
    RuntimeOptions {
        dispatcher_min_poll_interval: Duration::from_millis(1),
        orchestration_concurrency: at_once,
        worker_concurrency: at_once,
        ..RuntimeOptions::default()
    }
}

async fn run(client: &Client, id: String) -> Outcome<()> {
    client.start_orchestration(&id, "chain", "0").await?;
    match client.wait_for_orchestration(&id, PATIENCE).await? {
        OrchestrationStatus::Completed { output, .. } if output == STEPS.to_string() => Ok(()),
        other => Err(format!("{id} came to {other:?}").into()),
    }
}

async fn chain(ctx: OrchestrationContext, mut number: String) -> Result<String, String> {
    for _ in 0..STEPS {
        number = ctx.schedule_activity("add", number).await?;
    }
    Ok(number)
}

async fn add(_: ActivityContext, number: String) -> Result<String, String> {
    let number: u64 = number.parse().map_err(|_| format!("`{number}` is no number"))?;
    Ok((number + 1).to_string())
}
