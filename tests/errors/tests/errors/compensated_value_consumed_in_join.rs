// No row of errors.md: one of two steps consumes what a compensation needs.

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
async fn pack(_payment: Payment) -> Result<Parcel, OrderError> {
    Ok(Parcel)
}

workflow! {
    async fn checkout(order: Order) -> Result<Parcel, OrderError> {
        #[compensate(refund(&payment))]
        let payment = charge(&order).await?;
        let parcel = ship(&payment).await?;
        let packed = pack(payment).await?;
        drop(packed);
        Ok(parcel)
    }
}

async fn caller() -> Result<Parcel, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
