// Row of errors.md: retry without a way to tell, where the return type is an alias.

use workflow_runtime::{step, workflow};

#[derive(Clone)]
struct Order;
struct Payment;
struct OrderError;

type Charged<T> = Result<T, OrderError>;

#[step(retry(max_attempts = 3))]
async fn charge(_order: &Order) -> Charged<Payment> {
    Ok(Payment)
}

workflow! {
    async fn checkout(order: Order) -> Result<Payment, OrderError> {
        let payment = charge(&order).await?;
        Ok(payment)
    }
}

async fn caller() -> Result<Payment, OrderError> {
    charge(&Order).await?;
    checkout(Order).await
}

fn main() {}
