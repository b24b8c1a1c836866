// No row of errors.md: a step in an arm consumes what another step borrows at the same time.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct Receipt;
struct OrderError;

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

#[step]
async fn close(_order: Order) -> Result<Receipt, OrderError> {
    Ok(Receipt)
}

#[step]
async fn print(_receipt: Receipt, _payment: Payment) {}

workflow! {
    async fn checkout(order: Order, closes: bool) -> Result<Receipt, OrderError> {
        let payment = charge(&order).await?;
        let receipt = if closes { close(order).await? } else { Receipt };
        print(receipt, payment).await;
        Ok(Receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order, true).await
}

fn main() {}
