// No row of errors.md: a step and a workflow that nothing uses.

#![deny(dead_code)]

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

#[step]
async fn forgotten(_order: &Order) -> Result<Stock, OrderError> {
    Ok(Stock)
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
    async fn old_checkout(order: Order) -> Result<Receipt, OrderError> {
        let payment = charge(&order).await?;
        let stock = reserve(&order).await?;
        let receipt = ship(payment, stock).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {
    drop(caller());
}
