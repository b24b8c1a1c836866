// No row of errors.md: a `match` that does not cover everything.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct Receipt;
struct OrderError;

enum Terms {
    Prepaid,
    Credit,
}

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

#[step]
async fn invoice(_order: &Order, _payment: &Payment) -> Result<Receipt, OrderError> {
    Ok(Receipt)
}

workflow! {
    async fn checkout(order: &Order, terms: Terms) -> Result<Receipt, OrderError> {
        let payment = match terms {
            Terms::Prepaid => charge(order).await?,
        };
        let receipt = invoice(order, &payment).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    checkout(&Order, Terms::Credit).await
}

fn main() {}
