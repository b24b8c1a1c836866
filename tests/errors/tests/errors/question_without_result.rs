// No row of errors.md: `?` in a workflow that returns no `Result`.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct OrderError;

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

workflow! {
    async fn checkout(order: Order) -> Payment {
        let payment = charge(&order).await?;
        payment
    }
}

async fn caller() -> Payment {
    checkout(Order).await
}

fn main() {}
