// No row of errors.md: two steps that run at the same time change the same value.

use workflow_runtime::{step, workflow};

struct Order;
struct Stock;
struct Payment;
struct Receipt;
struct OrderError;

#[step]
async fn ship(_payment: Payment, _stock: Stock) -> Result<Receipt, OrderError> {
    Ok(Receipt)
}

#[step]
async fn charge(_order: &mut Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

#[step]
async fn reserve(_order: &mut Order) -> Result<Stock, OrderError> {
    Ok(Stock)
}

workflow! {
    async fn checkout(mut order: Order) -> Result<Receipt, OrderError> {
        let payment = charge(&mut order).await?;
        let stock = reserve(&mut order).await?;
        let receipt = ship(payment, stock).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
