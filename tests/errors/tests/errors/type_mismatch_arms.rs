// No row of errors.md: type mismatch between the arms of a branch.

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
    async fn checkout(order: Order, amount: u64) -> Result<Receipt, OrderError> {
        let payment = match amount {
            0 => "nothing to pay",
            _ => charge(&order).await?,
        };
        let receipt = invoice(&payment).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    checkout(Order, 1).await
}

fn main() {}
