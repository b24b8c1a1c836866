// No row of errors.md: `break` inside a fan-out.

use workflow_runtime::{step, workflow};

struct Order;
struct OrderError;

#[step]
async fn charge(_order: Order) -> Result<u64, OrderError> {
    Ok(1)
}

workflow! {
    async fn checkout(orders: Vec<Order>) -> Result<u64, OrderError> {
        let amounts = for order in orders {
            let amount = charge(order).await?;
            if amount == 0 {
                break;
            }
            amount
        };
        Ok(amounts.iter().sum())
    }
}

async fn caller() -> Result<u64, OrderError> {
    checkout(vec![Order]).await
}

fn main() {}
