// Row of errors.md: unknown name in `#[after]`, with a near match.

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
async fn check_fraud(_order: &Order) -> Result<(), OrderError> {
    Ok(())
}

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        let fraud_check = check_fraud(&order).await?;
        #[after(fraud_chek)]
        let payment = charge(&order).await?;
        let receipt = invoice(&payment).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
