// Row of errors.md: `.await` nested in an expression: arithmetic.

use workflow_runtime::{step, workflow};

struct Order;

#[step]
async fn price(_order: &Order) -> u64 {
    100
}

#[step]
async fn postage(_order: &Order) -> u64 {
    5
}

workflow! {
    async fn checkout(order: Order) -> u64 {
        let total = price(&order).await + postage(&order).await;
        total
    }
}

async fn caller() -> u64 {
    checkout(Order).await
}

fn main() {}
