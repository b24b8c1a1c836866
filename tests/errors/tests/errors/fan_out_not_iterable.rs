// No row of errors.md: a `for` over something that is no iterator.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct OrderError;

#[step]
async fn charge(_order: Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

workflow! {
    async fn charge_all(order: Order) -> Result<Vec<Payment>, OrderError> {
        let payments = for order in order {
            charge(order).await?
        };
        Ok(payments)
    }
}

async fn caller() -> Result<Vec<Payment>, OrderError> {
    charge_all(Order).await
}

fn main() {}
