// No row of errors.md: a body without a function inside `workflow!`.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct OrderError;

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

workflow! {
    let payment = charge(&Order).await?;
    Ok(payment)
}

fn main() {}
