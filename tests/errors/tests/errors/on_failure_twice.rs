// No row of errors.md: two reactions to the first error.

use workflow_runtime::{step, workflow};

#[step]
async fn charge(amount: u32) -> Result<u32, String> {
    Ok(amount)
}

workflow! {
    #[on_failure(finish)]
    #[on_failure(drain)]
    async fn pay(amount: u32) -> Result<u32, String> {
        let first = charge(amount).await?;
        Ok(first)
    }
}

fn main() {
    let _ = pay(7);
}
