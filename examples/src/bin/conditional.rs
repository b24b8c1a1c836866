//! Processes all orders in a JSON file and shows which steps ran.

use workflow_examples::{
    cli::{self, Failure},
    conditional::{Accounts, Order, Staff, process_order},
    data,
};
use workflow_runtime::{Recorder, Run};

const USAGE: &str = "\
Processes all orders in a JSON file and shows which steps ran.

Usage: conditional [ORDERS]

  ORDERS  the JSON file; without it, one that comes with the example";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let [path] = cli::paths(USAGE)?;
    let path = path.unwrap_or_else(|| data::bundled("conditional/orders.json"));
    let orders: Vec<Order> = data::read_json(&path).await?;
    let accounts =
        Accounts::new(data::read_json(&data::bundled("conditional/customers.json")).await?);

    for order in &orders {
        let recorder = Recorder::new();
        let call = process_order(&accounts, &Staff, order);
        let result = Run::new().observe(recorder.clone()).execute(call).await;

        println!("{}  {} to {}", order.id, order.total, order.ship_to);
        match result {
            Ok(outcome) => println!("{outcome}"),
            Err(error) => {
                println!("  rejected  {error}");
                println!("  failed    {}", recorder.failed_steps().join(", "));
            }
        }
        println!("  ran       {}", recorder.completed_steps().join(", "));
        println!("  skipped   {}\n", recorder.skipped_steps().join(", "));
    }
    Ok(())
}
