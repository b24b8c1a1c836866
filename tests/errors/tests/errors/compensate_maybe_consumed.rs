// Row of errors.md: none; what undoes a step names a value that the step consumes.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct OrderError;

#[step]
async fn take(_order: Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

#[step]
async fn refund(_order: &Order) {}

workflow! {
    async fn checkout(order: Order, count: u32) -> Result<usize, OrderError> {
        #[compensate(maybe refund(&order))]
        let payment = take(order).await?;
        let _ = &payment;
        Ok(count as usize)
    }
}

async fn caller() {
    println!("{}", checkout::GRAPH);
    let _ = checkout(Order, 1).await;
}

fn main() {}
