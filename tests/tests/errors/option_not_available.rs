// No row of errors.md: an option of `#[step]` that is not there yet.

use workflow_runtime::step;

struct Order;
struct Payment;
struct OrderError;

#[step(retry(max_attempts = 3), timeout = "10s")]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

async fn caller() -> Result<Payment, OrderError> {
    charge(&Order).await
}

fn main() {}
