// Row of errors.md: a step names itself.

use workflow_runtime::{step, workflow};

struct Order;
struct Stock;
struct Receipt;
struct OrderError;

#[step]
async fn reserve(_order: &Order, _stock: &Stock) -> Result<Stock, OrderError> {
    Ok(Stock)
}

#[step]
async fn ship(_stock: Stock) -> Result<Receipt, OrderError> {
    Ok(Receipt)
}

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        let stock = reserve(&order, &stock).await?;
        let receipt = ship(stock).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
