// Row of errors.md: cycle, of two.

use workflow_runtime::{step, workflow};

struct Order;
struct Stock;
struct Receipt;
struct OrderError;

#[step]
async fn reserve(_receipt: &Receipt) -> Result<Stock, OrderError> {
    Ok(Stock)
}

#[step]
async fn ship(_order: &Order, _stock: Stock) -> Result<Receipt, OrderError> {
    Ok(Receipt)
}

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        let stock = reserve(&receipt).await?;
        let receipt = ship(&order, stock).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
