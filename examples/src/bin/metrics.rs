//! Counts what happens in some checkouts: `metrics [--serve ADDRESS] [SCENARIOS]`. Prints what
//! a scrape gives; with an address, such as `127.0.0.1:9000`, it goes on to answer scrapes.

use tokio::net::TcpListener;
use workflow_examples::{
    checkout::Scenario,
    cli::{self, Failure},
    data, metrics,
};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let serves = std::env::args().nth(1).is_some_and(|argument| argument == "--serve");
    let listener = match std::env::args().nth(2).filter(|_| serves) {
        Some(address) => Some(TcpListener::bind(address).await?),
        None if serves => return Err(std::io::Error::other("--serve needs an address").into()),
        None => None,
    };
    let path = cli::path_argument(if serves { 3 } else { 1 });
    let path = path.unwrap_or_else(|| data::bundled("checkout/scenarios.json"));
    let scenarios: Vec<Scenario> = data::read_json(&path).await?;

    let recorder = metrics::recorder()?;
    let numbers = recorder.handle();
    ::metrics::set_global_recorder(recorder)?;
    metrics::play(scenarios).await?;
    println!("{}", numbers.render());

    if let Some(listener) = listener {
        println!("http://{}/metrics", listener.local_addr()?);
        metrics::serve(listener, numbers).await?;
    }
    Ok(())
}
