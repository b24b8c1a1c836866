//! Imports the readings of a CSV file into another one.

use workflow_examples::{
    cli::{self, Failure},
    data,
    pipeline::import_readings,
};

const USAGE: &str = "\
Imports the readings of a CSV file into another one.

Usage: pipeline [SOURCE] [TARGET]

  SOURCE  the file to read; without it, one that comes with the example
  TARGET  the file to write; without it, workflow-readings.csv in the temporary folder";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let [source, target] = cli::paths(USAGE)?;
    let source = source.unwrap_or_else(|| data::bundled("pipeline/readings.csv"));
    let target = target.unwrap_or_else(|| std::env::temp_dir().join("workflow-readings.csv"));
    let stations = data::read_json(&data::bundled("pipeline/stations.json")).await?;

    let summary = import_readings(&source, &stations, &target).await?;
    println!("{summary}\nWritten to {}", target.display());
    Ok(())
}
