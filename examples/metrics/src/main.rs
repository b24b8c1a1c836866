//! Counts what happens in some checkouts, and prints or serves what Prometheus scrapes.

use std::path::PathBuf;

use clap::Parser;
use tokio::net::TcpListener;
use workflow_example_checkout::{Scenario, bundled};
use workflow_example_metrics::{play, recorder, serve};
use workflow_examples::{cli::Failure, data};

/// Counts what happens in some checkouts, and prints what Prometheus scrapes
#[derive(Debug, Parser)]
#[command(name = "metrics")]
struct Arguments {
    /// A JSON file with the customers' visits; without it, the one of the example checkout
    scenarios: Option<PathBuf>,
    /// Goes on to answer scrapes at this address, such as 127.0.0.1:9000
    #[arg(long, value_name = "ADDRESS")]
    serve: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let arguments = Arguments::parse();
    let listener = match arguments.serve {
        Some(address) => Some(TcpListener::bind(address).await?),
        None => None,
    };
    let path = arguments.scenarios.unwrap_or_else(|| bundled("scenarios.json"));
    let scenarios: Vec<Scenario> = data::read_json(&path).await?;

    let recorder = recorder()?;
    let numbers = recorder.handle();
    metrics::set_global_recorder(recorder)?;
    play(scenarios).await?;
    println!("{}", numbers.render());

    if let Some(listener) = listener {
        println!("http://{}/metrics", listener.local_addr()?);
        serve(listener, numbers).await?;
    }
    Ok(())
}
