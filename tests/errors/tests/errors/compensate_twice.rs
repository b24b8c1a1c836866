// No row of errors.md: two `#[compensate]` on one declaration.

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

workflow! {
    async fn checkout(order: Order) -> Result<Parcel, OrderError> {
        #[compensate(refund(&payment))]
        #[compensate(refund(&payment))]
        let payment = charge(&order).await?;
        let parcel = ship(&payment).await?;
        Ok(parcel)
    }
}

async fn caller() -> Result<Parcel, OrderError> {
    println!("{}", checkout::GRAPH);
    checkout(Order).await
}

fn main() {}
