// Row of errors.md: none; a durable workflow returns a `Result`.

use serde::{Deserialize, Serialize};
use workflow_runtime::{step, workflow};

#[derive(Serialize, Deserialize)]
struct Order;

#[step]
async fn look(_order: &Order) -> u32 {
    7
}

workflow! {
    #[durable]
    async fn checkout(order: Order) -> u32 {
        let payment = look(&order).await;
        payment
    }
}

async fn caller() -> u32 {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
