#![deny(unused_variables)]

use workflow_runtime::{StepError, step, workflow};

#[step]
async fn pay(cents: u32) -> Result<u32, StepError> {
    Ok(cents)
}

workflow! {
    #[durable]
    async fn checkout(cents: u32) -> Result<u32, StepError> {
        let total = cents + 1;
        let fee = cents / 100;
        let paid = pay(total).await?;
        Ok(paid)
    }
}

fn main() {}
