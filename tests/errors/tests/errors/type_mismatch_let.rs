// No row of errors.md: type mismatch with the type that a `let` names, in a join.

use workflow_runtime::{step, workflow};

struct Order;
struct Stock;
struct Payment;
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
async fn file(_receipt: Receipt, _stock: Stock) -> Result<Receipt, OrderError> {
    Ok(Receipt)
}

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        let payment: Receipt = charge(&order).await?;
        let stock = reserve(&order).await?;
        let receipt = file(payment, stock).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
