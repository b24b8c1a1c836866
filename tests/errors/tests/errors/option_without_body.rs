// No row of errors.md: options on a function without a body.

use workflow_runtime::{step, workflow};

#[derive(Clone)]
struct Order;
struct Payment;
struct OrderError;

trait Shop {
    #[step(retry(max_attempts = 3), timeout = "10s")]
    async fn charge(&self, order: &Order) -> Result<Payment, OrderError>;
}

workflow! {
    async fn checkout<S: Shop>(shop: &S, order: Order) -> Result<Payment, OrderError> {
        let payment = shop.charge(&order).await?;
        Ok(payment)
    }
}

async fn caller(shop: impl Shop) -> Result<Payment, OrderError> {
    checkout(&shop, Order).await
}

fn main() {}
