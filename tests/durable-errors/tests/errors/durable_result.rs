// No row of errors.md: what a durable workflow comes to cannot be recorded.

use serde::{Deserialize, Serialize};
use workflow_runtime::{step, workflow};

#[derive(Serialize, Deserialize)]
struct Order {
    id: String,
}

struct Receipt {
    weight: u32,
}

#[derive(Debug)]
struct OrderError;

#[step]
async fn weigh(_order: &Order) -> Result<u32, OrderError> {
    Ok(3)
}

workflow! {
    #[durable]
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        let weight = weigh(&order).await?;
        Ok(Receipt { weight })
    }
}

async fn caller() -> Result<(), OrderError> {
    println!("{}", checkout::GRAPH);
    let receipt = checkout(Order { id: "7".to_owned() }).await?;
    println!("{}", receipt.weight);
    Ok(())
}

fn main() {}
