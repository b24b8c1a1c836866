// Row of errors.md: not `Send` where it must be, where the graph is not series-parallel.

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

use std::rc::Rc;

#[step]
async fn charge(_order: &Order) -> Result<Rc<Payment>, OrderError> {
    Ok(Rc::new(Payment))
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

fn spawn(_task: impl Future<Output = Result<Receipt, OrderError>> + Send + 'static) {}

fn caller() {
    spawn(checkout(Order));
}

fn main() {}
