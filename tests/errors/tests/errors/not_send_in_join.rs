// Row of errors.md: not `Send` where it must be, of a value that is made in a join.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct Receipt;
struct OrderError;

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

use std::rc::Rc;

#[step]
async fn load_prices(_order: &Order) -> Rc<Vec<u64>> {
    Rc::new(vec![100])
}

#[step]
async fn bill(_payment: Payment, _prices: &[u64]) -> Result<Receipt, OrderError> {
    Ok(Receipt)
}

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        let prices = load_prices(&order).await;
        let payment = charge(&order).await?;
        let receipt = bill(payment, &prices).await?;
        Ok(receipt)
    }
}

fn spawn(_task: impl Future<Output = Result<Receipt, OrderError>> + Send + 'static) {}

fn caller() {
    spawn(checkout(Order));
}

fn main() {}
