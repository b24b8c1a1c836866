// No row of errors.md: `#[on_failure]` with something that it does not know.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct OrderError;

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

workflow! {
    #[on_failure(cancle)]
    async fn checkout(order: Order) -> Result<Payment, OrderError> {
        let payment = charge(&order).await?;
        Ok(payment)
    }
}

async fn caller() -> Result<Payment, OrderError> {
    checkout(Order).await
}

fn main() {}
