// Row of errors.md: `signal` without `#[durable]`.

use serde::{Deserialize, Serialize};
use workflow_runtime::{signal, step, workflow};

#[derive(Serialize, Deserialize)]
struct Order;
#[derive(Serialize, Deserialize)]
struct Payment;
#[derive(Debug)]
struct OrderError;

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

workflow! {
    async fn checkout(order: Order) -> Result<Payment, OrderError> {
        let said = signal::<u32>("approval").await;
        #[after(said)]
        let payment = charge(&order).await?;
        Ok(payment)
    }
}

async fn caller() {
    println!("{}", checkout::GRAPH);
    let _ = checkout(Order).await;
}

fn main() {}
