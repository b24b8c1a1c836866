// Row of errors.md: cycle, two of them in one workflow: each once, the shortest first.

use workflow_runtime::{step, workflow};

struct Order;
struct Stock;
struct Payment;
struct Score;
struct Receipt;
struct OrderError;

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

#[step]
async fn reserve(_order: &Order) -> Result<Stock, OrderError> {
    Ok(Stock)
}

#[step]
async fn ship(_payment: Payment, _stock: Stock) -> Result<Receipt, OrderError> {
    Ok(Receipt)
}

#[step]
async fn check_fraud(_order: &Order) -> Result<Score, OrderError> {
    Ok(Score)
}

#[step]
async fn score(_stock: &Stock) -> Result<Score, OrderError> {
    Ok(Score)
}

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        #[after(packed)]
        let stock = reserve(&order).await?;
        #[after(stock)]
        let labelled = reserve(&order).await?;
        #[after(labelled)]
        let packed = reserve(&order).await?;

        #[after(approved)]
        let payment = charge(&order).await?;
        #[after(payment)]
        let approved = check_fraud(&order).await?;

        let receipt = ship(payment, stock).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
