// Row of errors.md: `.await` nested in an expression: a chain of methods.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct Receipt;
struct OrderError;
struct PaymentError;

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

impl From<PaymentError> for OrderError {
    fn from(_: PaymentError) -> Self {
        OrderError
    }
}

#[step]
async fn invoice(_payment: &Payment) -> Result<Receipt, PaymentError> {
    Ok(Receipt)
}

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        let payment = charge(&order).await?;
        let invoice = invoice(&payment).await.map_err(OrderError::from)?;
        Ok(invoice)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
