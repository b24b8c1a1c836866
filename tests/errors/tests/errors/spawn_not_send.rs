// No row of errors.md: a spawned step that holds what cannot go to another thread.

use workflow_runtime::{step, workflow};

#[derive(Clone)]
struct Order;
struct Payment;
struct OrderError;

#[step(spawn)]
async fn charge(order: Order) -> Result<Payment, OrderError> {
    let order = std::rc::Rc::new(order);
    std::future::ready(()).await;
    drop(order);
    Ok(Payment)
}

workflow! {
    async fn checkout(order: Order) -> Result<Payment, OrderError> {
        let payment = charge(order).await?;
        Ok(payment)
    }
}

async fn caller() -> Result<Payment, OrderError> {
    charge(Order).await?;
    checkout(Order).await
}

fn main() {}
