// No row of errors.md: `elseif`, as in other languages.

use workflow_runtime::{step, workflow};

#[step]
async fn charge(amount: u32) -> Result<u32, String> {
    Ok(amount)
}

workflow! {
    async fn pay(amount: u32) -> Result<u32, String> {
        let first = charge(amount).await?;
        let rate = if first > 3 { 1 } elseif first > 2 { 2 } else { 3 };
        Ok(rate)
    }
}

fn main() {
    let _ = pay(7);
}
