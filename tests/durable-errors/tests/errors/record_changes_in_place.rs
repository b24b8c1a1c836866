// Row of errors.md: none; a recorded value that changes another.

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

fn take_last(numbers: &mut Vec<u32>) -> u32 {
    numbers.pop().unwrap_or_default()
}

#[step]
async fn charge_at(_order: &Order, _at: u32) -> Result<Payment, OrderError> {
    Ok(Payment)
}

workflow! {
    #[durable]
    async fn checkout(order: Order) -> Result<Payment, OrderError> {
        let mut numbers = vec![1, 2];
        #[record]
        let at = take_last(&mut numbers);
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
