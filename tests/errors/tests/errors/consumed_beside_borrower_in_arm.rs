// No row of errors.md: inside an arm, a step consumes what another one borrows at the same time.

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
async fn reserve(_order: Order) -> Result<Stock, OrderError> {
    Ok(Stock)
}

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        let receipt = if order.lines.is_empty() {
            let payment = charge(&order).await?;
            let stock = reserve(order).await?;
            ship(payment, stock).await?
        } else {
            ship(Payment, Stock).await?
        };
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order { lines: Vec::new() }).await
}

fn main() {}
