// No row of errors.md: `async` block as a step.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct Receipt;
struct OrderError;

#[step]
async fn invoice(_payment: &Payment) -> Result<Receipt, OrderError> {
    Ok(Receipt)
}

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        let payment = async { Ok(Payment) }.await?;
        let receipt = invoice(&payment).await?;
        drop(order);
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
