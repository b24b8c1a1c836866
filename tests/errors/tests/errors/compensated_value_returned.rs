// No row of errors.md: the result consumes what a compensation needs.

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
async fn discard(_parcel: &Parcel) {}

workflow! {
    async fn checkout(order: Order) -> Result<Parcel, OrderError> {
        #[compensate(discard(&parcel))]
        let parcel = ship(&Payment).await?;
        let payment = charge(&order).await?;
        drop(payment);
        Ok(parcel)
    }
}

async fn caller() -> Result<Parcel, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
