//! Lets customers buy while the services have their bad moments:
//! `checkout [SCENARIOS] [--report FILE]`, or one durably:
//! `checkout --journal FILE [--crash-after STEP]`.
//!
//! With `--report`, the report of the last visit that came to nothing is written as a page.
//!
//! With `--journal`, the run `cart-1042` is recorded in that file. `--crash-after` ends the
//! process as soon as that step is recorded; start it again, and the run goes on from there.

use std::path::Path;

use workflow_examples::{
    checkout::{Cart, Counter, Scenario},
    cli::{self, Failure},
    data,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let crash_after = cli::option("--crash-after")?;
    match cli::option("--journal")? {
        Some(journal) => buy_durably(journal.as_ref(), crash_after).await,
        None if crash_after.is_some() => {
            Err(std::io::Error::other("`--crash-after` goes with `--journal FILE`").into())
        }
        None => play_all().await,
    }
}

async fn buy_durably(journal: &Path, crash_after: Option<String>) -> Result<(), Failure> {
    let cart: Cart = data::read_json(&data::bundled("checkout/cart-1042.json")).await?;
    let mut counter = Counter::new(journal);
    if let Some(step) = crash_after {
        counter = counter.crash_after(&step)?;
    }
    Ok(counter.buy(&cart).await?)
}

async fn play_all() -> Result<(), Failure> {
    let (page, scenarios) = cli::path_option("--report");
    let path = scenarios.unwrap_or_else(|| data::bundled("checkout/scenarios.json"));
    let scenarios: Vec<Scenario> = data::read_json(&path).await?;

    let mut failed = None;
    for scenario in scenarios {
        let story = scenario.play().await?;
        println!("{story}");
        if story.result.is_err() {
            failed = Some(story.recorder.report());
        }
    }

    if let Some(page) = page {
        let report = failed.ok_or_else(|| std::io::Error::other("no visit came to nothing"))?;
        tokio::fs::write(&page, report.to_html()).await?;
        println!("{report}\n\nWritten to {}", page.display());
    }
    Ok(())
}
