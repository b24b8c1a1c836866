// Row of errors.md: an item in a body: `use`, inside an arm.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct Score;
struct Receipt;
struct OrderError;

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

#[step]
async fn invoice(_payment: &Payment) -> Result<Receipt, OrderError> {
    Ok(Receipt)
}

#[step]
async fn check_fraud(_order: &Order) -> Result<Score, OrderError> {
    Ok(Score)
}

workflow! {
    async fn checkout(order: Order, known: bool) -> Result<Receipt, OrderError> {
        if !known {
            use std::collections::HashMap;
            check_fraud(&order).await?;
        }
        let payment = charge(&order).await?;
        let receipt = invoice(&payment).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    checkout(Order, true).await
}

fn main() {}
