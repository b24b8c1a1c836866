// Row of errors.md: `while` in a body.

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

#[step]
async fn notify(_attempt: u32) {}

workflow! {
    async fn checkout(order: Order, mut attempts: u32) -> Result<Receipt, OrderError> {
        while attempts > 0 {
            notify(attempts).await;
            attempts -= 1;
        }
        let payment = charge(&order).await?;
        let receipt = invoice(&payment).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    checkout(Order, 3).await
}

fn main() {}
