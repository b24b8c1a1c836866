// Row of errors.md: not `Send` where it must be.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct OrderError;

use std::rc::Rc;

#[step]
async fn load_prices(_order: &Order) -> Rc<Vec<u64>> {
    Rc::new(vec![100])
}

#[step]
async fn charge(_order: &Order, _prices: &[u64]) -> Result<Payment, OrderError> {
    Ok(Payment)
}

workflow! {
    async fn checkout(order: Order) -> Result<Payment, OrderError> {
        let prices = load_prices(&order).await;
        let payment = charge(&order, &prices).await?;
        Ok(payment)
    }
}

fn spawn(_task: impl Future<Output = Result<Payment, OrderError>> + Send + 'static) {}

fn caller() {
    spawn(checkout(Order));
}

fn main() {}
