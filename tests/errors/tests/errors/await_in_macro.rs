// Row of errors.md: `.await` nested in an expression: a macro's argument.

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

#[step]
async fn price(_order: &Order) -> u64 {
    100
}

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        println!("the price is {}", price(&order).await);
        let payment = charge(&order).await?;
        let receipt = invoice(&payment).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
