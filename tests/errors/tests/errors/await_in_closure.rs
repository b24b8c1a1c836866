// No row of errors.md: `.await` inside a closure.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct OrderError;

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

workflow! {
    async fn charge_all(orders: Vec<Order>) -> Result<Vec<Payment>, OrderError> {
        let payments = orders.iter().map(|order| charge(order).await).collect();
        payments
    }
}

async fn caller() -> Result<Vec<Payment>, OrderError> {
    charge_all(vec![Order]).await
}

fn main() {}
