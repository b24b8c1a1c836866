// Row of errors.md: cycle, two that share an edge.

use workflow_runtime::{step, workflow};

struct Order;
struct Stock;
struct Payment;
struct Score;
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
async fn check_fraud(_order: &Order) -> Result<Score, OrderError> {
    Ok(Score)
}

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        #[after(payment, stock)]
        let score = check_fraud(&order).await?;
        #[after(score)]
        let stock = reserve(&order).await?;
        #[after(stock)]
        let payment = charge(&order).await?;
        let receipt = ship(payment, stock).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
