// No row of errors.md: `when` takes another error.

use workflow_runtime::{step, workflow};

#[derive(Clone)]
struct Order;
struct Payment;
struct OrderError;

fn is_busy(_error: &Order) -> bool {
    true
}

#[step(retry(max_attempts = 3, when = is_busy))]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

workflow! {
    async fn checkout(order: Order) -> Result<Payment, OrderError> {
        let payment = charge(&order).await?;
        Ok(payment)
    }
}

async fn caller() -> Result<Payment, OrderError> {
    charge(&Order).await?;
    checkout(Order).await
}

fn main() {}
