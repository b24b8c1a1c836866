// Row of errors.md: `.await` nested in an expression: the guard of a `match`.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct OrderError;

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

#[step]
async fn is_known(_order: &Order) -> bool {
    true
}

#[step]
async fn credit(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

workflow! {
    async fn checkout(order: Order, amount: u64) -> Result<Payment, OrderError> {
        let payment = match amount {
            1.. if is_known(&order).await => credit(&order).await?,
            _ => charge(&order).await?,
        };
        Ok(payment)
    }
}

async fn caller() -> Result<Payment, OrderError> {
    checkout(Order, 1).await
}

fn main() {}
