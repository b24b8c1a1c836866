//! Imports the readings of a CSV file into another one: `pipeline [SOURCE] [TARGET]`.

use workflow_examples::{
    cli::{self, Failure},
    data,
    pipeline::import_readings,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let source = cli::path_argument(1).unwrap_or_else(|| data::bundled("pipeline/readings.csv"));
    let target =
        cli::path_argument(2).unwrap_or_else(|| std::env::temp_dir().join("workflow-readings.csv"));
    let stations = data::read_json(&data::bundled("pipeline/stations.json")).await?;

    let summary = import_readings(&source, &stations, &target).await?;
    println!("{summary}\nWritten to {}", target.display());
    Ok(())
}
