// Row of errors.md: durable output that can't be recorded.

use serde::{Deserialize, Serialize};
use workflow_runtime::{Journal, step, workflow};

#[derive(Serialize, Deserialize)]
struct Order;
#[derive(Serialize, Deserialize)]
struct Payment;
#[derive(Debug)]
struct OrderError;

struct Quote;

#[step]
async fn quote(_order: &Order) -> Result<Quote, OrderError> {
    Ok(Quote)
}

#[step]
async fn accept(_quote: &Quote) -> Result<Payment, OrderError> {
    Ok(Payment)
}

workflow! {
    #[durable]
    async fn checkout(order: Order) -> Result<Payment, OrderError> {
        let quoted = quote(&order).await?;
        let payment = accept(&quoted).await?;
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
