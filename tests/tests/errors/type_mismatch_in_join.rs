// Row: type mismatch between steps, of which another runs beside.

use workflow_runtime::{step, workflow};

struct Order;
struct Stock;
struct Payment;
struct Receipt;
struct OrderError;
struct Label;

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

#[step]
async fn ship(_payment: Payment, _stock: Stock) -> Result<Receipt, OrderError> {
    Ok(Receipt)
}

#[step]
async fn reserve(_order: &Order) -> Result<Stock, OrderError> {
    Ok(Stock)
}

#[step]
async fn label(_payment: &Payment) -> Result<Label, OrderError> {
    Ok(Label)
}
#[step]
async fn hand_over(_receipt: &Receipt, _label: Label) -> Result<(), OrderError> {
    Ok(())
}

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        let payment = charge(&order).await?;
        let stock = reserve(&order).await?;
        let receipt = ship(payment, stock).await?;
        let label = label(&receipt).await?;
        hand_over(&receipt, label).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
