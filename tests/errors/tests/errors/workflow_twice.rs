// No row of errors.md: two workflows of one name.

use workflow_runtime::{step, workflow};

#[step]
async fn charge(amount: u32) -> Result<u32, String> {
    Ok(amount)
}

workflow! {
    async fn pay(amount: u32) -> Result<u32, String> {
        let first = charge(amount).await?;
        Ok(first)
    }

    async fn pay(amount: u32) -> Result<u32, String> {
        let second = charge(amount).await?;
        Ok(second)
    }
}

fn main() {
    let _ = pay(7);
}
