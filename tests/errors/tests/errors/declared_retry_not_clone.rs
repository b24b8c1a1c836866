// No row of errors.md: an argument that can be given once.
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
async fn ship(_payment: Payment) -> Result<Receipt, OrderError> {
    Ok(Receipt)
}

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        #[retry(max_attempts = 3)]
        let receipt = ship(payment).await?;
        let payment = charge(&order).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
