// No row of errors.md: a step consumes what another one changes at the same time.

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
async fn charge(order: &mut Order) -> Result<Payment, OrderError> {
    order.lines.clear();
    Ok(Payment)
}

#[step]
async fn reserve(_order: Order) -> Result<Stock, OrderError> {
    Ok(Stock)
}

workflow! {
    async fn checkout(mut order: Order) -> Result<Receipt, OrderError> {
        let payment = charge(&mut order).await?;
        let stock = reserve(order).await?;
        let receipt = ship(payment, stock).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order { lines: Vec::new() }).await
}

fn main() {}
