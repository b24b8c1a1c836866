// No row of errors.md: something that is no function inside `workflow!`.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct OrderError;

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

workflow! {
    struct Checkout {
        order: Order,
    }
}

fn main() {}
