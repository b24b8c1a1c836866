// Row of errors.md: unknown option, with a near match; two of them are two errors.

use workflow_runtime::step;

struct Order;
struct Payment;
struct OrderError;

#[step(timeot = "10s", idempotent)]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

async fn caller() -> Result<Payment, OrderError> {
    charge(&Order).await
}

fn main() {}
