// No row of errors.md: `#[concurrency]` of the wrong type.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct OrderError;

#[step]
async fn charge(_order: Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

workflow! {
    async fn charge_all(orders: Vec<Order>) -> Result<Vec<Payment>, OrderError> {
        #[concurrency("8")]
        let payments = for order in orders {
            charge(order).await?
        };
        Ok(payments)
    }
}

async fn caller() -> Result<Vec<Payment>, OrderError> {
    charge_all(vec![Order]).await
}

fn main() {}
