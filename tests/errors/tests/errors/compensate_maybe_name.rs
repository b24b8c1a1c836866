// Row of errors.md: none; `maybe` and the name of a step.

use workflow_runtime::{step, workflow};

#[derive(Clone)]
struct Order;
struct Payment;
struct OrderError;

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

#[step]
async fn refund(_order: &Order) {}

#[step]
async fn refund_payment(_payment: &Payment) {}

workflow! {
    async fn checkout(order: Order, count: u32) -> Result<usize, OrderError> {
        #[compensate(maybe refund)]
        let payment = charge(&order).await?;
        let _ = &payment;
        Ok(count as usize)
    }
}

async fn caller() {
    println!("{}", checkout::GRAPH);
    let _ = checkout(Order, 1).await;
}

fn main() {}
