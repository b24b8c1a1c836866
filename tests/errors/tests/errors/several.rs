// Row of errors.md: several independent errors in one build.

use workflow_runtime::{step, workflow};

struct Order;
struct Stock;
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
async fn reserve(_order: &Order) -> Result<Stock, OrderError> {
    Ok(Stock)
}

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        #[after(fraud_check)]
        let payment = charge(&order).await?;
        let stock = reserve(&order).await?;
        let stock = reserve(&order).await?;
        let receipts = vec![invoice(&payment).await?];
        #[concurrency(2)]
        let receipt = invoice(&payment).await?;
    }

    async fn restock(order: Order) -> Result<Stock, OrderError> {
        #[after(ordered)]
        let checked = reserve(&order).await?;
        #[after(checked)]
        let ordered = reserve(&order).await?;
        Ok(ordered)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    restock(Order).await?;
    checkout(Order).await
}

fn main() {}
