//! `#[compensate]` without a call stands above a plain step, which undoes nothing by itself.

use workflow_runtime::{step, workflow};

#[step]
async fn charge(cents: u32) -> Result<u32, String> {
    Ok(cents)
}

workflow! {
    pub async fn order(cents: u32) -> Result<u32, String> {
        #[compensate]
        let payment = charge(cents).await?;
        Ok(payment)
    }
}

fn main() {
    drop(order(5));
}
