// No row of errors.md: a name inside an arm that shadows one outside.

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
async fn discount(payment: Payment) -> Result<Payment, OrderError> {
    Ok(payment)
}

workflow! {
    async fn checkout(order: Order, known: bool) -> Result<Receipt, OrderError> {
        let payment = charge(&order).await?;
        let paid = if known {
            let payment = discount(payment).await?;
            payment
        } else {
            payment
        };
        let receipt = invoice(&paid).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    checkout(Order, true).await
}

fn main() {}
