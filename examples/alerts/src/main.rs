//! Lets customers buy, and tells the on-call what goes wrong meanwhile.

use std::time::Duration;

use workflow_example_alerts::Alerts;
use workflow_example_checkout::{Scenario, bundled};
use workflow_examples::{
    cli::{self, Failure},
    data,
};
use workflow_runtime::Run;

const USAGE: &str = "\
Lets customers buy, and tells the on-call what goes wrong meanwhile.

Usage: alerts [SCENARIOS]

  SCENARIOS  a JSON file with the customers' visits; without it, the one of the example checkout";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let [path] = cli::paths(USAGE)?;
    let path = path.unwrap_or_else(|| bundled("scenarios.json"));
    let scenarios: Vec<Scenario> = data::read_json(&path).await?;
    // A bank may take longer than a warehouse.
    let alerts =
        Alerts::to_stderr(Duration::from_millis(200)).limit("payment", Duration::from_millis(350));

    for scenario in scenarios {
        eprintln!("{}", scenario.title);
        scenario.play_in(Run::new().observe(alerts.clone())).await?;
    }
    Ok(())
}
