//! Lets customers buy while the services have their bad moments: `checkout [SCENARIOS]`.

use workflow_examples::{
    checkout::Scenario,
    cli::{self, Failure},
    data,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let path = cli::path_argument(1).unwrap_or_else(|| data::bundled("checkout/scenarios.json"));
    let scenarios: Vec<Scenario> = data::read_json(&path).await?;

    for scenario in scenarios {
        println!("{}", scenario.play().await?);
    }
    Ok(())
}
