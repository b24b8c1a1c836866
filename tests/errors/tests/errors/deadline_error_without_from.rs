// Row of errors.md: timeout with an error that has no `From<TimedOut>`: a deadline of a retried step.

use workflow_runtime::{step, workflow};

#[derive(Clone)]
struct Order;
struct Payment;
struct OrderError;

impl workflow_runtime::Transient for OrderError {
    fn is_transient(&self) -> bool {
        true
    }
}

#[step(retry(max_attempts = 3), deadline = "10s")]
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
