// Row: `self` in a workflow's inputs, outside of an `impl`.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct OrderError;

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

struct Shop;

workflow! {
    async fn checkout(&self, order: Order) -> Result<Payment, OrderError> {
        let payment = charge(&order).await?;
        Ok(payment)
    }
}

async fn caller() -> Result<Payment, OrderError> {
    checkout(Order).await
}

fn main() {}
