// Row of errors.md: `let … else` in a body.

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
async fn find(_number: u32) -> Result<Option<Order>, OrderError> {
    Ok(Some(Order))
}

workflow! {
    async fn checkout(number: u32) -> Result<Receipt, OrderError> {
        let found = find(number).await?;
        let Some(order) = found else {
            return Err(OrderError);
        };
        let payment = charge(&order).await?;
        let receipt = invoice(&payment).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    checkout(7).await
}

fn main() {}
