// Row of errors.md: called function is not a step, and not even async, where the graph is not series-parallel.

use workflow_runtime::{step, workflow};

struct Order;
struct Stock;
struct Payment;
struct Score;
struct Receipt;
struct OrderError;
struct Label;

#[step]
async fn reserve(_order: &Order) -> Result<Stock, OrderError> {
    Ok(Stock)
}

fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

#[step]
async fn pack(_stock: &Stock) -> Result<Label, OrderError> {
    Ok(Label)
}

#[step]
async fn approve(_stock: &Stock, _payment: &Payment) -> Result<Score, OrderError> {
    Ok(Score)
}

#[step]
async fn ship(_label: Label, _score: Score) -> Result<Receipt, OrderError> {
    Ok(Receipt)
}

workflow! {
    async fn checkout(order: Order) -> Result<Receipt, OrderError> {
        let stock = reserve(&order).await?;
        let payment = charge(&order).await?;
        let label = pack(&stock).await?;
        let score = approve(&stock, &payment).await?;
        let receipt = ship(label, score).await?;
        Ok(receipt)
    }
}

async fn caller() -> Result<Receipt, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
