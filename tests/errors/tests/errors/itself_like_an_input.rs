// Row of errors.md: a step names itself, where an input has the same name.

use workflow_runtime::{step, workflow};

struct Order;
struct Receipt;
struct OrderError;

#[step]
async fn validate(order: Order) -> Result<Order, OrderError> {
    Ok(order)
}

#[step]
async fn ship(_order: Order) -> Result<Receipt, OrderError> {
    Ok(Receipt)
}

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        let order = validate(order).await?;
        let receipt = ship(order).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
