// No row of errors.md: what a durable workflow comes to is borrowed from a resource.

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
    async fn checkout(order: &Order) -> Result<&str, OrderError> {
        let weight = weigh(order).await?;
        println!("{weight}");
        Ok(&order.id)
    }
}

async fn caller() -> Result<(), OrderError> {
    println!("{}", checkout::GRAPH);
    let id = checkout(&Order { id: "7".to_owned() }).await?.to_owned();
    println!("{id}");
    Ok(())
}

fn main() {}
