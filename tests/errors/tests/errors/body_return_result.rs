// Row of errors.md: `return` in a body, as its last line.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
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

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        let payment = charge(&order).await?;
        let receipt = invoice(&payment).await?;
        return Ok(receipt);
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
