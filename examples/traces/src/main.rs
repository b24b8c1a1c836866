//! Draws where the time of three checkouts goes, and sends it to a collector.

use workflow_example_checkout::{Scenario, bundled};
use workflow_example_traces::Traces;
use workflow_examples::{
    cli::{self, Failure},
    data,
};

const USAGE: &str = "\
Draws where the time of checkouts goes, and sends it to an OpenTelemetry collector if
OTEL_EXPORTER_OTLP_ENDPOINT names one, such as http://localhost:4318.

Usage: traces [SCENARIOS]

  SCENARIOS  a JSON file with the customers' visits; without it, three of the example checkout";

const ENDPOINT: &str = "OTEL_EXPORTER_OTLP_ENDPOINT";

/// One that goes well, one with retries, and one that is undone.
const BUNDLED: [&str; 3] = ["C-1", "C-3", "C-8"];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let [own] = cli::paths(USAGE)?;
    let path = own.clone().unwrap_or_else(|| bundled("scenarios.json"));
    let scenarios: Vec<Scenario> = data::read_json(&path).await?;
    let chosen = |scenario: &Scenario| own.is_some() || BUNDLED.contains(&&*scenario.cart.id);

    let collector = std::env::var(ENDPOINT).ok();
    let traces = Traces::new(collector.as_deref())?;
    tracing::dispatcher::set_global_default(traces.subscriber())?;
    for scenario in scenarios.into_iter().filter(chosen) {
        let title = scenario.title.clone();
        let story = scenario.play().await?;
        println!("{title}: {}", story.customer_sees());
    }
    println!("\n{}", traces.finish().await?);
    match collector {
        Some(address) => println!("Sent to {address}."),
        None => println!(
            "To see this in a tool such as Jaeger, set {ENDPOINT} to its address, such as \
             http://localhost:4318."
        ),
    }
    Ok(())
}
