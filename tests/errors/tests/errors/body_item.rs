// Row of errors.md: an item in a body.

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
async fn invoice(_payment: &Payment) -> Result<Receipt, OrderError> {
    Ok(Receipt)
}

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        fn total(amounts: &[u64]) -> u64 {
            amounts.iter().sum()
        }

        let payment = charge(&order).await?;
        let receipt = invoice(&payment).await?;
        println!("{}", total(&[1, 2]));
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
