// Row of errors.md: none; a former function of what is no step.

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

workflow! {
    #[durable]
    async fn checkout(order: Order) -> Result<Payment, OrderError> {
        #[was(function = charge_card)]
        let chosen = if pick() > 5 { charge(&order).await? } else { Payment };
        Ok(chosen)
    }
}

async fn caller(journal: &Journal) {
    println!("{}", checkout::GRAPH);
    let _ = checkout(Order).await;
    let _ = journal.run("one", checkout(Order)).await;
    let _ = checkout::resume(journal, "one").await;
}

fn main() {}
