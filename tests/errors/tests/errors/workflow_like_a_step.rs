// No row of errors.md: a workflow with the name of a step.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct Stock;
struct Receipt;
struct OrderError;

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

#[step]
async fn reserve(_order: &Order) -> Result<Stock, OrderError> {
    Ok(Stock)
}

#[step]
async fn ship(_payment: Payment, _stock: Stock) -> Result<Receipt, OrderError> {
    Ok(Receipt)
}

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        let payment = charge(&order).await?;
        let stock = reserve(&order).await?;
        let receipt = ship(payment, stock).await?;
        Ok(receipt)
    }
}

workflow! {
    async fn charge(order: &Order) -> Result<Payment, OrderError> {
        let _stock = reserve(order).await?;
        Ok(Payment)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
