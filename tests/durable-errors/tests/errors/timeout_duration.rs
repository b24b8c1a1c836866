// Row of errors.md: bad duration.

use serde::{Deserialize, Serialize};
use workflow_runtime::{Journal, signal, step, workflow};

#[derive(Serialize, Deserialize)]
struct Order;
#[derive(Serialize, Deserialize)]
struct Payment;
#[derive(Debug)]
struct OrderError;

impl From<workflow_runtime::TimedOut> for OrderError {
    fn from(_: workflow_runtime::TimedOut) -> Self {
        OrderError
    }
}

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

workflow! {
    #[durable]
    async fn checkout(order: Order) -> Result<Payment, OrderError> {
        #[timeout("3w")]
        let payment = signal::<Payment>("payment").await?;
        #[after(payment)]
        let checked = charge(&order).await?;
        Ok(checked)
    }
}

async fn caller(journal: &Journal) {
    println!("{}", checkout::GRAPH);
    let _ = checkout(Order).await;
    let _ = journal.run("one", checkout(Order)).await;
    let _ = checkout::resume(journal, "one").await;
}

fn main() {}
