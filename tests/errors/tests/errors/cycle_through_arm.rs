// Row of errors.md: cycle, through a step inside an arm.

use workflow_runtime::{step, workflow};

struct Order;
struct Stock;
struct Payment;
struct Receipt;
struct OrderError;

#[step]
async fn reserve(_order: &Order) -> Result<Stock, OrderError> {
    Ok(Stock)
}

#[step]
async fn invoice(_payment: &Payment) -> Result<Receipt, OrderError> {
    Ok(Receipt)
}

#[step]
async fn quote(_order: &Order) -> Result<u64, OrderError> {
    Ok(100)
}

#[step]
async fn charge(_amount: u64, _receipt: &Receipt) -> Result<Payment, OrderError> {
    Ok(Payment)
}

#[step]
async fn credit(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        let price = quote(&order).await?;
        let payment = if price > 0 {
            charge(price, &receipt).await?
        } else {
            credit(&order).await?
        };
        let receipt = invoice(&payment).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
