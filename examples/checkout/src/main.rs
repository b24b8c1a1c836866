//! Lets customers buy while the services have their bad moments, or lets one buy durably.

use std::{
    io,
    path::{Path, PathBuf},
};

use clap::Parser;
use workflow_example_checkout::{Cart, Counter, Scenario, bundled};
use workflow_examples::{cli::Failure, data};

/// Lets customers buy while the services have their bad moments, or lets one buy durably
#[derive(Debug, Parser)]
#[command(name = "checkout")]
struct Arguments {
    /// A JSON file with the customers' visits; without it, one that comes with the example
    scenarios: Option<PathBuf>,
    /// Writes the report of the last visit that came to nothing to this file, as a page
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Buys one cart instead, and records the run in this file. Started again, it goes on with
    /// the run
    #[arg(long, value_name = "FILE", conflicts_with_all = ["scenarios", "report"])]
    journal: Option<PathBuf>,
    /// Ends the process as soon as this step is recorded
    #[arg(long, value_name = "STEP", requires = "journal")]
    crash_after: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let Arguments { scenarios, report, journal, crash_after } = Arguments::parse();
    match journal {
        Some(journal) => buy_durably(&journal, crash_after).await,
        None => play_all(scenarios, report).await,
    }
}

async fn buy_durably(journal: &Path, crash_after: Option<String>) -> Result<(), Failure> {
    let cart: Cart = data::read_json(&bundled("cart-1042.json")).await?;
    let mut counter = Counter::new(journal);
    if let Some(step) = crash_after {
        counter = counter.crash_after(&step)?;
    }
    Ok(counter.buy(&cart).await?)
}

async fn play_all(scenarios: Option<PathBuf>, page: Option<PathBuf>) -> Result<(), Failure> {
    let path = scenarios.unwrap_or_else(|| bundled("scenarios.json"));
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
        let report = failed.ok_or_else(|| io::Error::other("no visit came to nothing"))?;
        tokio::fs::write(&page, report.to_html()).await?;
        println!("{report}\n\nWritten to {}", page.display());
    }
    Ok(())
}
