// Row of errors.md: cycle, where an input has the name of one of its steps.

use workflow_runtime::{step, workflow};

struct Order;
struct ValidOrder;
struct Receipt;
struct OrderError;

#[step]
async fn validate(_order: &Order) -> Result<ValidOrder, OrderError> {
    Ok(ValidOrder)
}

#[step]
async fn price(_valid: ValidOrder) -> Result<Order, OrderError> {
    Ok(Order)
}

#[step]
async fn ship(_order: Order) -> Result<Receipt, OrderError> {
    Ok(Receipt)
}

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        let valid = validate(&order).await?;
        let order = price(valid).await?;
        let receipt = ship(order).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
