// No row of errors.md: a step changes what another one borrows at the same time.

use workflow_runtime::{step, workflow};

struct Order {
    lines: Vec<u32>,
}
struct Stock;
struct Payment;
struct Receipt;
struct OrderError;

#[step]
async fn ship(_payment: Payment, _stock: Stock) -> Result<Receipt, OrderError> {
    Ok(Receipt)
}

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

#[step]
async fn reserve(order: &mut Order) -> Result<Stock, OrderError> {
    order.lines.clear();
    Ok(Stock)
}

workflow! {
    async fn checkout(mut order: Order) -> Result<Receipt, OrderError> {
        let payment = charge(&order).await?;
        let stock = reserve(&mut order).await?;
        let receipt = ship(payment, stock).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order { lines: Vec::new() }).await
}

fn main() {}
