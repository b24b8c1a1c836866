// Row of errors.md: not `Send` where it must be, because of a value inside a step.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct OrderError;

use std::rc::Rc;

async fn post(_order: &Order) {}

#[step]
async fn charge(order: &Order) -> Result<Payment, OrderError> {
    let attempts = Rc::new(1);
    post(order).await;
    println!("{attempts}");
    Ok(Payment)
}

workflow! {
    async fn checkout(order: Order) -> Result<Payment, OrderError> {
        let payment = charge(&order).await?;
        Ok(payment)
    }
}

fn spawn(_task: impl Future<Output = Result<Payment, OrderError>> + Send + 'static) {}

fn caller() {
    spawn(checkout(Order));
}

fn main() {}
