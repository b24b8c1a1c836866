//! Loads flights into a database, and shows it while it runs.
//!
//! Beside the database it leaves a page that says where the time went, and numbers for the
//! text file collector of Prometheus, also if the run fails.

use clap::Parser;
use workflow_example_etl::{Options, bundled, counters, etl};
use workflow_examples::cli::Failure;
use workflow_runtime::{Metrics, Progress, Recorder, Run};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let options = Options::parse();
    let job = options.job(&bundled())?;
    let counters = counters()?;
    let numbers = counters.handle();
    metrics::set_global_recorder(counters)?;

    let recorder = Recorder::new();
    let run = Run::new().observe(Progress::new()).observe(Metrics::new()).observe(recorder.clone());
    let result = run.execute(etl(&job)).await;

    let (page, scrape) =
        (options.database.with_extension("html"), options.database.with_extension("prom"));
    tokio::fs::write(&page, recorder.report().to_html()).await?;
    tokio::fs::write(&scrape, numbers.render()).await?;
    let summary = result?;

    print!("{summary}");
    println!("Written to {}", options.database.display());
    println!("Report     {}", page.display());
    println!("Metrics    {}", scrape.display());
    Ok(())
}
