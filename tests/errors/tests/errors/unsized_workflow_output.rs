use std::fmt::Display;

use workflow_runtime::{step, workflow};

#[step]
async fn charge(amount: u32) -> Result<u32, String> {
    Ok(amount)
}

workflow! {
    async fn checkout(amount: u32) -> Result<dyn Display, String> {
        let payment = charge(amount).await?;
        Ok(payment)
    }
}

fn main() {
    let _ = checkout(7);
}
