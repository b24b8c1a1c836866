// Row of errors.md: unknown name in `#[after]`, where the near match is inside another arm.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct Score;
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
async fn check_fraud(_order: &Order) -> Result<Score, OrderError> {
    Ok(Score)
}

workflow! {
    async fn checkout(order: Order, known: bool) -> Result<Receipt, OrderError> {
        if known {
            let fraud_score = check_fraud(&order).await?;
        }
        #[after(fraud_score)]
        let payment = charge(&order).await?;
        let receipt = invoice(&payment).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    checkout(Order, true).await
}

fn main() {}
