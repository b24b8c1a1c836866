// Row of errors.md: `spawn` with borrowed arguments: `self`.

use workflow_runtime::{step, workflow};

#[derive(Clone)]
struct Order;
struct Payment;
struct OrderError;

impl Order {
    #[step(spawn)]
    async fn charge(&self) -> Result<Payment, OrderError> {
        Ok(Payment)
    }
}

workflow! {
    async fn checkout(order: Order) -> Result<Payment, OrderError> {
        let payment = order.charge().await?;
        Ok(payment)
    }
}

async fn caller() -> Result<Payment, OrderError> {
    Order.charge().await?;
    checkout(Order).await
}

fn main() {}
