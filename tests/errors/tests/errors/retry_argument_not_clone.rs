// Row of errors.md: retried step with an argument that is not `Clone`.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct OrderError;

impl workflow_runtime::Transient for OrderError {
    fn is_transient(&self) -> bool {
        true
    }
}

#[step(retry(max_attempts = 3))]
async fn charge(order: Order, _cents: u32) -> Result<Payment, OrderError> {
    drop(order);
    Ok(Payment)
}

workflow! {
    async fn checkout(order: Order) -> Result<Payment, OrderError> {
        let payment = charge(order, 5).await?;
        Ok(payment)
    }
}

async fn caller() -> Result<Payment, OrderError> {
    charge(Order, 5).await?;
    checkout(Order).await
}

fn main() {}
