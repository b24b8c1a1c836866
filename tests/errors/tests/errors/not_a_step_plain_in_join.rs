// Row of errors.md: called function is not a step, in a join, without `?`.

use workflow_runtime::{step, workflow};

struct Order;
struct Stock;
struct Receipt;
struct OrderError;

#[step]
async fn reserve(_order: &Order) -> Result<Stock, OrderError> {
    Ok(Stock)
}

async fn weigh(_order: &Order) -> u32 {
    1
}

#[step]
async fn ship(_weight: u32, _stock: Stock) -> Result<Receipt, OrderError> {
    Ok(Receipt)
}

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        let weight = weigh(&order).await;
        let stock = reserve(&order).await?;
        let receipt = ship(weight, stock).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
