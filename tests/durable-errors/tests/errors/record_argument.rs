// Row of errors.md: none; `#[record]` takes no argument.

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

fn pick() -> u32 {
    7
}

#[step]
async fn charge_at(_order: &Order, _at: u32) -> Result<Payment, OrderError> {
    Ok(Payment)
}

workflow! {
    #[durable]
    async fn checkout(order: Order) -> Result<Payment, OrderError> {
        #[record(at)]
        let at = pick();
        let payment = charge_at(&order, at).await?;
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
