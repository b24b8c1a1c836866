// No row of errors.md: the same in a graph that sequences and joins cannot express.

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

#[step]
async fn weigh(item: u32) -> u32 {
    item
}

workflow! {
    async fn checkout(order: Order, closes: bool) -> Result<Receipt, OrderError> {
        let weight = weigh(3).await;
        let rate = weigh(4).await;
        let price = weigh(weight).await;
        let total = weigh(weight + rate).await;
        let receipt = if price > 3 { close(order).await? } else { Receipt };
        #[after(total)]
        let payment = charge(&order).await?;
        let _ = closes;
        print(receipt, payment).await;
        Ok(Receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order, true).await
}

fn main() {}
