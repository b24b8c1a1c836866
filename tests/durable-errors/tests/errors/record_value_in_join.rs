// Row of errors.md: none; a recorded value that serde does not know.

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

struct Instant;

fn now() -> Instant {
    Instant
}

#[step]
async fn charge_both(_at: &Instant, first: Payment) -> Result<Payment, OrderError> {
    Ok(first)
}

workflow! {
    #[durable]
    async fn checkout(order: Order) -> Result<Payment, OrderError> {
        #[record]
        let at = now();
        let first = charge(&order).await?;
        let payment = charge_both(&at, first).await?;
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
