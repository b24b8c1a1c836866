// Row of errors.md: cycle, between declarations of one arm.

use workflow_runtime::{step, workflow};

struct Order;
struct Stock;
struct Payment;
struct Score;
struct Receipt;
struct OrderError;

#[step]
async fn reserve(_order: &Order) -> Result<Stock, OrderError> {
    Ok(Stock)
}

#[step]
async fn charge(_order: &Order, _score: &Score) -> Result<Payment, OrderError> {
    Ok(Payment)
}

#[step]
async fn check_fraud(_payment: &Payment) -> Result<Score, OrderError> {
    Ok(Score)
}

#[step]
async fn ship(_payment: Payment, _stock: Stock) -> Result<Receipt, OrderError> {
    Ok(Receipt)
}

workflow! {
    async fn checkout(order: Order, known: bool) -> Result<Receipt, OrderError> {
        let stock = reserve(&order).await?;
        let payment = if known {
            let payment = charge(&order, &score).await?;
            let score = check_fraud(&payment).await?;
            payment
        } else {
            Payment
        };
        let receipt = ship(payment, stock).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    checkout(Order, true).await
}

fn main() {}
