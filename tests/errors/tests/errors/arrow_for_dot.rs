// No row of errors.md: `->` in place of a dot, as in other languages.

use workflow_runtime::{step, workflow};

#[step]
async fn charge(amount: u32) -> Result<u32, String> {
    Ok(amount)
}

workflow! {
    async fn pay(amount: u32) -> Result<u32, String> {
        let first = charge(amount).await?;
        let rate = first->pow(2);
        Ok(rate)
    }
}

fn main() {
    let _ = pay(7);
}
