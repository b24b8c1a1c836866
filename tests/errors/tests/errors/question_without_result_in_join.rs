// No row of errors.md: `?` in a workflow that returns no `Result`, in a join.

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
async fn reserve(_order: &Order) -> Result<Stock, OrderError> {
    Ok(Stock)
}

#[step]
async fn ship(_payment: Payment, _stock: Stock) -> Receipt {
    Receipt
}

workflow! {
    async fn checkout(order: Order) -> Receipt {
        let payment = charge(&order).await?;
        let stock = reserve(&order).await?;
        let receipt = ship(payment, stock).await;
        receipt
    }
}

async fn caller() -> Receipt {
    checkout(Order).await
}

fn main() {}
