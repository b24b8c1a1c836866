// No row of errors.md: a mistake in a step's own body: its argument is consumed twice.

use workflow_runtime::step;

struct Order;
struct Payment;
struct OrderError;

fn archive(_order: Order) {}

#[step]
async fn charge(order: Order) -> Result<Payment, OrderError> {
    archive(order);
    archive(order);
    Ok(Payment)
}

async fn caller() -> Result<Payment, OrderError> {
    charge(Order).await
}

fn main() {}
