// No row of errors.md: options of `#[step]` that do not parse.

use workflow_runtime::step;

struct Order;
struct Payment;
struct OrderError;

#[step("10s")]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

async fn caller() -> Result<Payment, OrderError> {
    charge(&Order).await
}

fn main() {}
