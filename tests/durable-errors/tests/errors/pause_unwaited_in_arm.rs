// Row of errors.md: a `sleep` that nothing waits for: what holds it is waited for, but not by what stands below it.

use serde::{Deserialize, Serialize};
use workflow_runtime::{Journal, sleep, step, workflow};

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
    #[durable]
    async fn checkout(order: Order) -> Result<Payment, OrderError> {
        let late = if true {
            sleep("1h").await;
            let paid = charge(&order).await?;
            Some(paid)
        } else {
            None
        };
        #[after(late)]
        let payment = charge(&order).await?;
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
