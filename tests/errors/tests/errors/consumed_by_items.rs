// No row of errors.md: each item of a `for` consumes the same value.

use workflow_runtime::{step, workflow};

struct Order;
struct Receipt;
struct OrderError;

#[step]
async fn archive(_order: Order, _item: u32) -> Result<Receipt, OrderError> {
    Ok(Receipt)
}

workflow! {
    async fn checkout(order: Order, items: u32) -> Result<Vec<Receipt>, OrderError> {
        let receipts = for item in 0..items {
            let receipt = archive(order, item).await?;
            receipt
        };
        Ok(receipts)
    }
}

async fn caller() -> Result<Vec<Receipt>, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order, 3).await
}

fn main() {}
