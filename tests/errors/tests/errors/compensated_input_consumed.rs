// No row of errors.md: a step consumes an input that a compensation needs.

use workflow_runtime::{step, workflow};

struct Order;
struct Payment;
struct Parcel;
struct OrderError;

#[step]
async fn charge(_order: &Order) -> Result<Payment, OrderError> {
    Ok(Payment)
}

#[step]
async fn refund(_payment: &Payment) -> Result<(), OrderError> {
    Ok(())
}

#[step]
async fn ship(_payment: &Payment) -> Result<Parcel, OrderError> {
    Ok(Parcel)
}

#[step]
async fn cancel(_order: &Order) {}

#[step]
async fn file(_order: Order) -> Result<(), OrderError> {
    Ok(())
}

workflow! {
    async fn checkout(order: Order) -> Result<Parcel, OrderError> {
        #[compensate(cancel(&order))]
        let payment = charge(&order).await?;
        #[after(payment)]
        let filed = file(order).await?;
        let parcel = ship(&payment).await?;
        drop(filed);
        Ok(parcel)
    }
}

async fn caller() -> Result<Parcel, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
