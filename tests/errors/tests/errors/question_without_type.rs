// No row of errors.md: `?` in a workflow that returns nothing.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct OrderError;

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

#[step]
async fn notify(_payment: &Payment) {}

workflow! {
    async fn checkout(order: Order) {
        let payment = charge(&order).await?;
        notify(&payment).await;
    }
}

async fn caller() {
    checkout(Order).await;
}

fn main() {}
