// No row of errors.md: an attribute twice.
use workflow_runtime::{TimedOut, Transient, step, workflow};

struct Order;
struct Payment;
struct Receipt;
#[derive(Debug)]
struct OrderError;

impl Transient for OrderError {
    fn is_transient(&self) -> bool {
        true
    }
}

impl From<TimedOut> for OrderError {
    fn from(_: TimedOut) -> Self {
        OrderError
    }
}

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

#[step]
async fn invoice(_payment: &Payment) -> Result<Receipt, OrderError> {
    Ok(Receipt)
}

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        #[retry(max_attempts = 3)]
        #[retry(max_attempts = 4)]
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
