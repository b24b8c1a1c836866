// Row of errors.md: none; a value consumed by a recorded one, beside one that borrows it.

use serde::{Deserialize, Serialize};
use workflow_runtime::{Journal, step, workflow};

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

fn keep(payment: Payment) -> Payment {
    payment
}

#[step]
async fn charge_for(_order: &Order, _a: &Payment, _b: &Payment) -> Result<Payment, OrderError> {
    Ok(Payment)
}

workflow! {
    #[durable]
    async fn checkout(order: Order) -> Result<Payment, OrderError> {
        let first = charge(&order).await?;
        let second = charge(&order).await?;
        #[record]
        let kept = keep(second);
        let a = charge_for(&order, &first, &second).await?;
        let b = charge_for(&order, &kept, &first).await?;
        let payment = charge_for(&order, &a, &b).await?;
        Ok(payment)
    }
}

async fn caller(journal: &Journal) {
    println!("{}", checkout::GRAPH);
    let _ = checkout(Order).await;
    let _ = journal.run("one", checkout(Order)).await;
    let _ = checkout::resume(journal, "one").await;
}

fn main() {}
