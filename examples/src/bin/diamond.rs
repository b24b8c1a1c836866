//! Verifies all orders in a JSON file and shows the workflow's graph.

use workflow_examples::{
    cli::{self, Failure},
    data,
    diamond::{Order, verify_order},
};

const USAGE: &str = "\
Verifies all orders in a JSON file and shows the workflow's graph.

Usage: diamond [ORDERS]

  ORDERS  the JSON file; without it, one that comes with the example";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let [path] = cli::paths(USAGE)?;
    let path = path.unwrap_or_else(|| data::bundled("diamond/orders.json"));
    let orders: Vec<Order> = data::read_json(&path).await?;

    for order in orders {
        let title = format!("{}  {}", order.id, order.customer);
        match verify_order(order).await {
            Ok(receipt) => println!("{receipt}\n"),
            Err(error) => println!("{title}\n  rejected: {error}\n"),
        }
    }

    println!("{}\n", verify_order::GRAPH);
    println!("{}", verify_order::GRAPH.to_mermaid());
    Ok(())
}
