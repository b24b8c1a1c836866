// No row of errors.md: the wrong number of arguments for a workflow.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct OrderError;

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

workflow! {
    async fn pay(order: Order) -> Result<Payment, OrderError> {
        let payment = charge(&order).await?;
        Ok(payment)
    }

    async fn checkout(order: Order, coupon: u32) -> Result<Payment, OrderError> {
        let payment = pay(order, coupon).await?;
        Ok(payment)
    }
}

async fn caller() -> Result<Payment, OrderError> {
    checkout(Order, 1).await
}

fn main() {}
