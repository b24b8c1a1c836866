// Row: something that is no function inside `workflow!` (not in the list of the spec).

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
