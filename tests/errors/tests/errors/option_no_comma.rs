// Row of errors.md: bad value: something behind it.

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

impl From<workflow_runtime::TimedOut> for OrderError {
    fn from(_: workflow_runtime::TimedOut) -> Self {
        OrderError
    }
}

#[step(retry(max_attempts = 3 jitter), timeout = "10s" deadline = "1m")]
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
