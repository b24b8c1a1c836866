// No row of errors.md: a comment for what is around it, behind a declaration.

use workflow_runtime::{step, workflow};

#[step]
async fn charge(amount: u32) -> Result<u32, String> {
    Ok(amount)
}

workflow! {
    async fn pay(amount: u32) -> Result<u32, String> {
        let first = charge(amount).await?;
        //! Charges once more.
        let second = charge(first).await?;
        Ok(second)
    }
}

fn main() {
    let _ = pay(7);
}
