//! A step behind a `dyn` may be a workflow that compensates its own steps.

use std::pin::Pin;

use workflow_runtime::{Step, step, workflow};

#[step]
async fn charge(cents: u32) -> Result<u32, String> {
    Ok(cents)
}

#[step]
async fn refund(payment: u32) -> Result<(), String> {
    Err(payment.to_string())
}

workflow! {
    async fn bill(cents: u32) -> Result<u32, String> {
        #[compensate(refund(payment))]
        let payment = charge(cents).await?;
        Ok(payment)
    }
}

fn boxed(cents: u32) -> Pin<Box<dyn Step<Output = Result<u32, String>> + Send>> {
    Box::pin(bill(cents))
}

workflow! {
    pub async fn order(cents: u32) -> Result<u32, String> {
        let first = charge(cents).await?;
        let second = boxed(cents).await?;
        Ok(first + second)
    }
}

fn main() {
    drop(order(5));
}
