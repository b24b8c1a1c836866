//! Loads flights into a database, and shows it while it runs:
//! `etl [DATABASE] [--seed N] [--faults RATE] [--fast]`.

use workflow_examples::{
    cli::Failure,
    data,
    etl::{Options, etl},
};
use workflow_runtime::{Progress, Run};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let options = Options::parse(std::env::args_os().skip(1))?;
    let job = options.job(&data::bundled("etl"))?;

    // Whoever else is to be told of the run is added here.
    let run = Run::new().observe(Progress::new());
    let summary = run.execute(etl(&job)).await?;

    print!("{summary}");
    println!("Written to {}", options.database.display());
    Ok(())
}
