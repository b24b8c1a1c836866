// No row of errors.md: the name in `#[after]` is not in parentheses.

use workflow_runtime::{step, workflow};

#[step]
async fn charge(amount: u32) -> Result<u32, String> {
    Ok(amount)
}

workflow! {
    async fn pay(amount: u32) -> Result<u32, String> {
        let first = charge(amount).await?;
        #[after first]
        let second = charge(amount).await?;
        Ok(second)
    }
}

fn main() {
    let _ = pay(7);
}
