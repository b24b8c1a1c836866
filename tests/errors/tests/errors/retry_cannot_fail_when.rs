// Row of errors.md: retry on a step that cannot fail, with `when`.

use workflow_runtime::{step, workflow};

#[derive(Clone)]
struct Order;
struct Payment;

#[step(retry(max_attempts = 3, when = |_| true))]
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
