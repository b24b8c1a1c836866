// Row of errors.md: timeout on a step that cannot fail.

use workflow_runtime::{step, workflow};

#[derive(Clone)]
struct Order;
struct Payment;

#[step(timeout = "10s")]
async fn charge(_order: &Order) -> Payment {
    Payment
}

workflow! {
    async fn checkout(order: Order) -> Payment {
        let payment = charge(&order).await;
        payment
    }
}

async fn caller() -> Payment {
    charge(&Order).await;
    checkout(Order).await
}

fn main() {}
