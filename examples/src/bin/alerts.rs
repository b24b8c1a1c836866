//! Lets customers buy, and tells the on-call what goes wrong meanwhile: `alerts [SCENARIOS]`.

use std::time::Duration;

use workflow_examples::{
    alerts::Alerts,
    checkout::Scenario,
    cli::{self, Failure},
    data,
};
use workflow_runtime::Run;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let path = cli::path_argument(1).unwrap_or_else(|| data::bundled("checkout/scenarios.json"));
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
