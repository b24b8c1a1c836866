// No row of errors.md: a mistake in a step's own body: its last line has a semicolon.

use workflow_runtime::step;

struct Order;
struct Payment;
struct OrderError;

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment);
}

async fn caller() -> Result<Payment, OrderError> {
    charge(&Order).await
}

fn main() {}
