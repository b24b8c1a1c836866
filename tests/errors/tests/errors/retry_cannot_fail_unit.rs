// Row of errors.md: retry on a step that cannot fail, since it returns nothing.

use workflow_runtime::{step, workflow};

#[derive(Clone)]
struct Order;

#[step(retry(max_attempts = 3))]
async fn charge(_order: &Order) {}

workflow! {
    async fn checkout(order: Order) {
        charge(&order).await;
    }
}

async fn caller() {
    charge(&Order).await;
    checkout(Order).await
}

fn main() {}
