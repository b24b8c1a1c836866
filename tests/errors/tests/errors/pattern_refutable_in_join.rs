// No row of errors.md: a pattern that does not always match, in a join.

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
async fn find(_order: &Order) -> Result<Option<Stock>, OrderError> {
    Ok(None)
}

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        let payment = charge(&order).await?;
        let Some(stock) = find(&order).await?;
        let receipt = ship(payment, stock).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
