// No row of errors.md: an input whose type has no name.

use serde::{Deserialize, Serialize};
use workflow_runtime::{step, workflow};

#[derive(Serialize, Deserialize)]
struct Order {
    id: String,
}


#[derive(Debug)]
struct OrderError;

#[step]
async fn weigh(_order: &Order) -> Result<u32, OrderError> {
    Ok(3)
}

workflow! {
    #[durable]
    async fn checkout(order: Order, gifts: impl Iterator<Item = u32>) -> Result<u32, OrderError> {
        let weight = weigh(&order).await?;
        Ok(gifts.fold(weight, |sum, gift| sum + gift))
    }
}

async fn caller() -> Result<(), OrderError> {
    println!("{}", checkout::GRAPH);
    println!("{}", checkout(Order { id: "7".to_owned() }, 0..3).await?);
    Ok(())
}

fn main() {}
