// Row of errors.md: no result at the end, of an arm whose value is used.

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
    async fn checkout(order: Order, known: bool) -> Result<Receipt, OrderError> {
        let payment = if known {
            let payment = charge(&order).await?;
        } else {
            charge(&order).await?
        };
        let receipt = invoice(&payment).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    checkout(Order, true).await
}

fn main() {}
