// Row of errors.md: `#[step]` on a `fn` without `blocking`.

use workflow_runtime::{step, workflow};

struct Order;
struct OrderError;

#[step]
fn price(_order: &Order) -> Result<u64, OrderError> {
    Ok(100)
}

workflow! {
    async fn checkout(order: Order) -> Result<u64, OrderError> {
        let price = price(&order).await?;
        Ok(price)
    }
}

async fn caller() -> Result<u64, OrderError> {
    checkout(Order).await
}

fn main() {}
