// No row of errors.md: a warning of an order that is not there.

#![deny(deprecated)]

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct OrderError;

#[step]
async fn check_limit(_order: &Order) -> Result<(), OrderError> {
    Ok(())
}

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

workflow! {
    async fn checkout(order: Order, known: bool) -> Result<Payment, OrderError> {
        check_limit(&order).await?;
        if !known {
            check_limit(&order).await?;
        }
        let payment = charge(&order).await?;
        Ok(payment)
    }

    // These are meant, or right.
    async fn checked(order: Order, items: Vec<Order>) -> Result<Payment, OrderError> {
        let _ = check_limit(&order).await?;
        check_limit(&order).await?;
        #[after(check_limit_2)]
        let payment = charge(&order).await?;
        for item in &items {
            #[after(payment)]
            check_limit(item).await?;
            check_limit(item).await?;
        }
        Ok(payment)
    }
}

async fn caller() -> Result<Payment, OrderError> {
    checked(Order, Vec::new()).await?;
    checkout(Order, true).await
}

fn main() {}
